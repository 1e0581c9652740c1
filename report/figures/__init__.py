"""Figures for print: one file for each language and format, the same to the bit for the same results."""
