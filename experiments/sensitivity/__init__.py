"""Sensitivity: which factors move an outcome, how much of its spread is luck, and what the study cannot tell."""
