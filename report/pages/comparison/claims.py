"""Say a paired difference in plain words: how much more or less, how sure, how large against the baseline."""

from __future__ import annotations

import math

from experiments.analysis.claims import Claim
from experiments.analysis.estimates.contrasts import Estimate
from experiments.analysis.study import Study
from experiments.analysis.uncertainty import SHARES_FROM
from report.blocks import Interval, Quantity, Text, message
from sim.outcomes.records import SHARE_UNITS


def amount(e: Estimate, *, difference: bool, sign: bool = False) -> Quantity:
    """A value with its unit; differences of shares in points; the sign only where asked for."""
    value = abs(e.value) if difference and not sign else e.value
    return Quantity(value, e.unit, sign=sign, difference=difference, within=(e.low, e.high))


def span(e: Estimate, *, absolute: bool = False) -> Interval:
    """The interval without its unit; ``absolute`` turns one that lies below zero around, for “less by”."""
    low, high = (-e.high, -e.low) if absolute and e.value < 0.0 else (e.low, e.high)
    return Interval(low, high, e.unit, sign=not absolute)


def _relative(study: Study, one: Claim) -> Text:
    """The difference as a share of the baseline's mean, nothing where that says nothing."""
    base = study.means[study.baseline_of[one.group.id]][one.outcome]
    if base.unit in SHARE_UNITS or not base.value > 0.0 or not math.isfinite(base.value):
        return ""
    share = abs(one.value) / base.value
    says = 0.0005 <= share <= 10.0
    return message("comparison.share_of", share=Quantity(share, "ratio", digits=2)) if says else ""


def _kept(study: Study, one: Claim) -> Text:
    """Under how many behaviours the direction holds, nothing under one behaviour."""
    doubt = study.doubts.get((one.group.id, one.outcome))
    if doubt is None or doubt.draws < 2:
        return ""
    if doubt.draws < SHARES_FROM:
        return message("comparison.kept_of", agree=doubt.agree, draws=doubt.draws)
    if math.isnan(doubt.kept):
        return ""
    return message("comparison.kept_in", share=f"{math.floor(100.0 * doubt.kept):d}%")


def sentence(study: Study, one: Claim) -> Text:
    """One difference as a clause of its own."""
    e = one.contrast.difference
    if one.standing == "fixed":
        return message("comparison.always", value=amount(e, difference=True, sign=True))
    if one.standing in ("stands", "depends", "open"):
        return message(
            "comparison.more" if e.value > 0.0 else "comparison.less",
            value=amount(e, difference=True), between=span(e, absolute=True), n=e.n,
            share=_relative(study, one), kept=_kept(study, one),
        )  # fmt: skip
    return message("comparison.between_only", between=Interval(e.low, e.high, e.unit, sign=True, bare=False), n=e.n)
