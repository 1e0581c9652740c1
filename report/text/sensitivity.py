"""The words of sensitivity studies in Chinese and English, kept in ``words.toml``, and numbers as they are printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.analysis.sensitivity.study import Asked, Found
from experiments.analysis.sensitivity.verdicts import RESOLVED
from report.text import groups
from report.text.catalogue import say
from report.text.language import mark
from report.text.outcomes import outcome_title, outcome_unit
from report.text.quantity import is_share, number, unit_text

DASH = "–"


def factor_title(asked: Asked, name: str, lang: str) -> str:
    """Title of a factor, group or luck."""
    return groups.factor_title(asked.subject, name, lang)


def index_text(value: float) -> str:
    """An index to two places, or three below 0.1."""
    if not math.isfinite(value):
        return DASH
    body = f"{value:.3f}" if abs(value) < 0.0995 else f"{value:.2f}"
    return body.replace("-", "\u2212")


def span_text(low: float, high: float, lang: str) -> str:
    """An interval of an index."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return DASH
    return f"{index_text(low)}{mark('to', lang)}{index_text(high)}"


def change_text(row: Mapping[str, Any], outcome: str, lang: str, key: str = "slope") -> str:
    """A change of an outcome with its unit; a dash where it has no sign to speak of."""
    value = float(row.get(key, math.nan))
    if not math.isfinite(value):
        return DASH
    unit = outcome_unit(outcome)
    name = unit_text(unit, lang)
    if is_share(unit):
        name = mark("points", lang).strip()
    return f"{number(value, unit, lang, sign=key == 'slope')} {name}".rstrip()


def rows_text(value: float, lang: str) -> str:
    """A number of rows still needed."""
    if not math.isfinite(value):
        return say("sensitivity.endless", lang) if math.isinf(value) else DASH
    return "" if value == 0.0 else f"{value:,.0f}"


def study_text(asked: Asked, lang: str) -> str:
    """What was studied, in one line."""
    d = asked.subject.design
    return say("sensitivity.study", lang, 
        design=d.title[lang], regime=d.base.regime, world=d.base.world, quarters=d.base.quarters,
        factors=len(d.factors), n=asked.n, runs=f"{len(asked.plan.runs):,}",
    )  # fmt: skip


def leaders(found: Found, outcome: str, lang: str) -> str:
    """Titles of up to three largest resolved factors; empty where none is resolved."""
    table = found.table(outcome)
    best = table[(table["verdict"] == RESOLVED) & (table["factor"] != LUCK)]["factor"].head(3)
    return mark("pause", lang).join(factor_title(found.asked, str(f), lang) for f in best)


def headline(found: Found, outcome: str, lang: str) -> str:
    """What the study found in one line: the largest resolved factors, or that none is resolved."""
    names, name = leaders(found, outcome, lang), outcome_title(outcome, lang)
    if names:
        return say("sensitivity.headline", lang, outcome=name, names=names)
    return f"{name}{mark('colon', lang)}{say('sensitivity.none_resolved', lang)}"
