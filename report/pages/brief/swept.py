"""A sweep's store as the source of a brief: a study where its points are few, else factors and spread of outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.load import study_of
from experiments.plan.from_study import STUDY
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.plan_file import COUNTIES
from experiments.store.reading import frame
from report.pages.brief.content import Block, Cell, Grid, Paragraph, Section
from report.pages.brief.words import heads, tell
from report.text.quantity import number, unit_text
from sim.outcomes.records import shown_in
from sim.parameters import load_library

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analysis.study import Study
    from report.pages.brief.source import Source

FEW_POINTS = 8
"""Up to this many points are told one by one, as scenarios of a study."""
MOST_LEVELS = 6
QUANTILES = (0.0, 0.05, 0.5, 0.95, 1.0)


def spec_of_store(store: Store) -> dict[str, Any]:
    """What ``spec.json`` says of a study, for a store."""
    file = store.file
    return {
        "title": {lang: str(file.plan.title.get(lang, file.plan.id)) for lang in ("zh", "en")},
        "command": file.command,
        "draw_scheme": file.common.scheme,
        "root": file.plan.root,
        "versions": {**file.versions, "model_sources": file.common.model},
        "counties": {"file": COUNTIES, "sha256": file.common.county_table} if file.common.county_table else None,
    }


def study_of_store(store: Store, library: Any) -> Study | None:
    """The store as a study, where it is one, or its points are few and whole."""
    if len(store.plan.points) > FEW_POINTS and store.plan.design.get("method") != STUDY:
        return None
    try:
        return study_of(store, library or load_library())
    except StoreError as error:
        if error.message_id not in ("parts_missing", "nothing_common", "other_model"):
            raise
        return None  # the sweep itself can still be told


def section(source: Source, lang: str) -> list[Section]:
    """Points, runs, failures, factors and the spread of the main outcomes over points."""
    if source.store is None:
        return []
    store = source.store
    table, counts = frame(store), store.counts()
    names = sorted({name for point in store.plan.points for name in point.factors})
    text = tell(
        "sweep_text", lang, points=len(store.plan.points), runs=counts["all"], done=counts["done"],
        failed=counts["failed"], waiting=counts["waiting"],
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(text)]
    if names:
        rows = [[Cell(name), Cell(_range(table[name], lang))] for name in names if name in table]
        blocks.append(Grid(tell("factors_caption", lang), heads("factors_head", lang), rows, words=True))
    if len(store.plan.points) > 1:
        blocks.append(_spread(table, lang, len(store.plan.points)))
    return [Section("sweep", tell("sweep", lang), tuple(blocks))]


def _range(values: pd.Series, lang: str) -> str:
    """Levels of a factor, or from where to where it goes."""
    levels = sorted(values.dropna().unique(), key=lambda v: (isinstance(v, str), v))
    if len(levels) <= MOST_LEVELS or isinstance(levels[0], str | bool | np.bool_):
        shown = "、" if lang == "zh" else ", "
        return shown.join(_level(v) for v in levels[:30])
    return tell("factor_range", lang, low=_level(levels[0]), high=_level(levels[-1]), n=len(levels))


def _level(value: Any) -> str:
    return str(value) if isinstance(value, str | bool | np.bool_) else f"{float(value):.4g}"


def _spread(table: pd.DataFrame, lang: str, points: int) -> Grid:
    """Quantiles over points of the means over replicates."""
    from experiments.outcomes import catalogue

    outcomes, rows = catalogue(), []
    means = table.groupby("point")[[n for n in shown_in("main") if n in table]].mean()
    for name in means.columns:
        values = means[name].dropna().to_numpy()
        if values.size:
            o = outcomes[f"summary.{name}"]
            unit = unit_text(o.unit, lang)
            title = f"{o.title[lang]}（{unit}）" if lang == "zh" else f"{o.title[lang]} ({unit})"
            found = np.quantile(values, QUANTILES)
            rows.append([Cell(title), *(Cell(number(float(v), o.unit, lang)) for v in found)])
    return Grid(tell("spread_caption", lang, n=points), heads("spread_head", lang), rows)
