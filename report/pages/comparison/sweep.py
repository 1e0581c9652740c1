"""A sweep: its points and runs, its factors, and how far settings differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.claims import spread
from experiments.analysis.opened import Result
from experiments.store.reading import frame
from report.blocks import Block, Grid, Joined, Paragraph, Quantity, Section, Text, Unit, heads, message, title
from sim.outcomes.records import OUTCOMES, shown_in

MOST_LEVELS, MOST_NAMES = 6, 30
"""Levels of a number, and of a choice, that are written out."""


def section(result: Result) -> list[Section]:
    """Points, runs, failures, factors and the spread of the main outcomes over points; nothing without a store."""
    store = result.store
    if store is None:
        return []
    table, counts, points = frame(store), store.counts(), store.plan.points
    names = sorted({name for point in points for name in point.factors})
    told = {"runs": counts["all"], **{name: counts[name] for name in ("done", "failed", "waiting")}}
    blocks: list[Block] = [Paragraph(message("comparison.sweep_text", points=len(points), **told))]
    if names:
        rows = [[name, _range(table[name])] for name in names if name in table]
        caption = message("comparison.factors_caption")
        blocks.append(Grid(heads("comparison.factors_head", 2), rows, caption, words=True))
    if len(points) > 1:
        blocks.append(_spread(table, len(points)))
    return [Section(message("comparison.sweep"), blocks, "sweep")]


def _range(values: pd.Series) -> Text:
    """Levels of a factor, or from where to where it goes."""
    levels = sorted(values.dropna().unique(), key=lambda v: (isinstance(v, str), v))
    if len(levels) <= MOST_LEVELS or isinstance(levels[0], str | bool | np.bool_):
        return Joined([_level(v) for v in levels[:MOST_NAMES]])
    return message("comparison.factor_range", low=_level(levels[0]), high=_level(levels[-1]), n=len(levels))


def _level(value: Any) -> str:
    return str(value) if isinstance(value, str | bool | np.bool_) else f"{float(value):.4g}"


def _spread(table: pd.DataFrame, points: int) -> Grid:
    """Quantiles over points of the means over replicates."""
    rows: list[list[Text]] = []
    for name, found in spread(table, shown_in("main")).items():
        o = OUTCOMES[name]
        head = message("language.with_unit", name=title(o.title), unit=Unit(o.unit))
        rows.append([head, *(Quantity(value, o.unit, bare=True) for value in found)])
    return Grid(heads("comparison.spread_head", 6), rows, message("comparison.spread_caption", n=points))
