"""Say a paired difference in plain words: how much more or less, how sure, how large against the baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from experiments.analysis.uncertainty import SHARES_FROM
from report.pages.brief.words import tell
from report.text.quantity import decimals, interval, is_count, is_share, number, unit_text

if TYPE_CHECKING:
    from experiments.analysis.estimates.contrasts import Estimate, PairedContrast
    from experiments.analysis.study import ScenarioRuns, Study

Standing = Literal["stands", "depends", "open", "untold", "same", "fixed", "undefined"]
"""After Holm's correction; so on average, but its direction hangs on the behaviour; before the correction only; not at
all; equal in every run; off by one amount in every run; no pairs.
"""


@dataclass(frozen=True)
class Claim:
    """One outcome of one scenario against its baseline."""

    group: ScenarioRuns
    outcome: str
    contrast: PairedContrast
    standing: Standing

    @property
    def value(self) -> float:
        """The mean difference."""
        return self.contrast.difference.value


def claim(study: Study, group: ScenarioRuns, outcome: str) -> Claim:
    """Judge one difference."""
    contrast = study.contrasts[group.id][outcome]
    standing = _standing(contrast)
    doubt = study.doubts.get((group.id, outcome))
    if standing == "stands" and doubt is not None and doubt.verdict == "depends":
        standing = "depends"
    return Claim(group, outcome, contrast, standing)


def _standing(contrast: PairedContrast) -> Standing:
    e = contrast.difference
    if math.isnan(e.value):
        return "undefined"
    if e.method == "constant":
        return "same" if e.value == 0.0 else "fixed"
    if contrast.excludes_zero_holm:
        return "stands"
    return "open" if contrast.excludes_zero else "untold"


def amount(e: Estimate, lang: str, *, difference: bool, sign: bool = False) -> str:
    """A value with its unit; differences of shares in points; the sign only where asked for."""
    value = e.value if sign else abs(e.value) if difference else e.value
    places = decimals(e.low, e.high, e.unit, lang)
    return with_unit(number(value, e.unit, lang, sign=sign, places=places), e.unit, lang, difference=difference)


def with_unit(body: str, unit: str, lang: str, *, difference: bool) -> str:
    """A printed number followed by its unit."""
    if body == "–":
        return body
    label = unit_text(unit, lang)
    if is_share(unit):
        if not difference:
            return body + label
        return body + ("" if lang == "zh" else " ") + tell("points", lang) + label[1:]
    if not label:
        return body
    tight = lang == "zh" and is_count(unit)
    return f"{body}{label}" if tight else f"{body} {label}"


def span(e: Estimate, lang: str, *, absolute: bool = False) -> str:
    """The interval without its unit; ``absolute`` turns one that lies below zero around, for “less by”."""
    low, high = (-e.high, -e.low) if absolute and e.value < 0.0 else (e.low, e.high)
    places = decimals(low, high, e.unit, lang)
    return interval(low, high, e.unit, lang, sign=not absolute, places=places)


def relative(study: Study, one: Claim, lang: str) -> str:
    """The difference as a share of the baseline's mean, "" where that says nothing."""
    base = study.means[study.baseline_of[one.group.id]][one.outcome]
    if is_share(base.unit) or not base.value > 0.0 or not math.isfinite(base.value):
        return ""
    share = abs(one.value) / base.value
    if share < 0.0005 or share > 10.0:
        return ""
    return tell("share_of", lang, share=number(share, "ratio", lang, digits=2) + "%")


def _kept(study: Study, one: Claim, lang: str) -> str:
    """Under how many behaviours the direction holds, "" under one behaviour."""
    doubt = study.doubts.get((one.group.id, one.outcome))
    if doubt is None or doubt.draws < 2:
        return ""
    if doubt.draws < SHARES_FROM:
        return tell("kept_of", lang, agree=doubt.agree, draws=doubt.draws)
    if math.isnan(doubt.kept):
        return ""
    return tell("kept_in", lang, share=f"{math.floor(100.0 * doubt.kept):d}%")


def sentence(study: Study, one: Claim, lang: str) -> str:
    """One difference as a clause of its own."""
    e = one.contrast.difference
    if one.standing == "fixed":
        return tell("always", lang, value=amount(e, lang, difference=True, sign=True))
    if one.standing in ("stands", "depends", "open"):
        word = "more" if e.value > 0.0 else "less"
        told = tell(
            word, lang, value=amount(e, lang, difference=True), between=span(e, lang, absolute=True), n=e.n,
            share=relative(study, one, lang),
        )  # fmt: skip
        return told + _kept(study, one, lang)
    unit = with_unit("", e.unit, lang, difference=True)
    return tell("between_only", lang, between=span(e, lang) + ("" if lang == "zh" else " ") + unit.strip(), n=e.n)
