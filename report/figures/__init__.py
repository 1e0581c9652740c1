"""Figures for print: one file for each language and format, the same to the bit for the same results."""

from report.figures.draw import FIGURES, draw_all

__all__ = ["FIGURES", "draw_all"]
