"""Values of uncertainties before and after the fit, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(value: float) -> str:
    """A value of an uncertainty to three digits, never in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def span(row: Mapping[str, Any], when: str) -> str:
    """Median and 5th to 95th percentile: ``when`` is "prior" or "posterior"."""
    low, middle, high = (float(row[f"{when}_{q}"]) for q in ("q05", "q50", "q95"))
    return f"{plain(middle)} ({plain(low)} – {plain(high)})"
