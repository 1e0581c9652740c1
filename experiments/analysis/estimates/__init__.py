"""Estimators: from runs to numbers with intervals."""
