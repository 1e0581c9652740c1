"""Sensitivity: which factors move an outcome, how much of its spread is luck, and what the study cannot tell."""

from experiments.analysis.sensitivity.study import Found, morris, pawn, sobol

__all__ = ["Found", "morris", "pawn", "sobol"]
