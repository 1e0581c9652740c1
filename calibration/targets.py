"""The published figures, and how close the model comes to them.

``compare()`` runs replicates of a regime over 2015 to 2018 only and puts the median over replicates beside each figure.
The figures are never fitted here; they are only shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from calibration.measures import ALSO, MEASURES, QUARTERS, START, watch
from sim.parameters import Library, load_library
from sim.parameters.errors import InputErrors, OutOfBounds, UnknownName, listed, nearest, shown
from sim.parameters.read import read_document
from sim.parameters.tables import Table
from sim.parameters.texts import TYPES, Text

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).with_name("targets.toml")
TRUST = ("A", "B", "C", "D")
BAND = (5.0, 95.0)
"""Percentiles of the replicates shown as the model's 90 % range."""
_MEASURE = Text("模型指标", "model measure")
_TRUST = Text("可信度等级", "grade of trust")


@dataclass(frozen=True, slots=True)
class Target:
    """A published figure.

    Attributes:
        id: Its id, also the name of the model's measure.
        title, region: In both languages.
        period: As the source states it.
        count: What was counted, such as "7/37"; empty where the figure is no share of a count.
        value, lo, hi: The figure and its interval, in ``unit``.
        unit: Id of a unit.
        fact: Ids of the facts that hold its sources.
        trust: A official, B press on official decisions, C self-reported sums, D the same with a known inconsistency.
        self_report: Whether the source is what towns say of themselves.
        sets: Parameters of the model that were taken from this figure or chosen in view of it.
        population, window, measure: What the model computes for it.
        note: What to bear in mind.
        also: Other definitions shown beside it, (name, title).
    """

    id: str
    title: Text
    region: Text
    period: str
    count: str
    value: float
    lo: float
    hi: float
    unit: str
    fact: tuple[str, ...]
    trust: str
    self_report: bool
    sets: tuple[str, ...]
    population: Text
    window: Text
    measure: Text
    note: Text
    also: tuple[tuple[str, Text], ...]


def load_targets(path: Path | None = None) -> dict[str, Target]:
    """Read the published figures.

    Args:
        path: Another file of the same form.

    Returns:
        Targets by id, in file order.

    Raises:
        InputErrors: All that is wrong in the file.
        UnreadableFile, BrokenSyntax, DuplicateKey: The file cannot be read at all.
    """
    file = path or FILE
    document = read_document(file, f"calibration/{file.name}" if path is None else None)
    root = Table(document, document.data, ())
    group = root.table("target")
    found = {}
    for name in list(group.data) if group else []:
        entry = group.table(name) if group else None
        if entry is not None:
            found[name] = _target(name, entry)
    root.close()
    if document.problems:
        raise InputErrors(sorted(document.problems, key=lambda problem: problem.line or 0))
    return found


def _target(name: str, entry: Table) -> Target:
    target = Target(
        id=name, title=entry.both("title"), region=entry.either("region"), period=entry.text("period"),
        count=entry.text("count", needed=False), value=entry.number("value"), lo=entry.number("lo"),
        hi=entry.number("hi"), unit=entry.text("unit"), fact=entry.ids("fact"), trust=entry.text("trust"),
        self_report=_flag(entry, "self_report"), sets=entry.ids("sets", needed=False),
        population=entry.both("population"), window=entry.both("window"), measure=entry.both("measure"),
        note=entry.both("note"),
        also=tuple((one.text("id"), one.both("title")) for one in entry.rows("also")),
    )  # fmt: skip
    entry.close()
    _check(target, entry)
    return target


def _flag(entry: Table, key: str) -> bool:
    value = entry.take(key, True, TYPES["flag"])
    if value is not None and not isinstance(value, bool):
        entry.wrong(key, value, "flag")
    return value is True


def _check(target: Target, entry: Table) -> None:
    if target.id not in MEASURES:
        entry.report(
            UnknownName,
            "unknown_name",
            None,
            found=target.id,
            allowed=listed(MEASURES),
            suggestion=nearest(target.id, MEASURES),
            kind=_MEASURE,
        )
    for name, _ in target.also:
        if f"{target.id}/{name}" not in ALSO:
            entry.report(UnknownName, "unknown_name", "also", found=name, allowed=listed(ALSO), kind=_MEASURE)
    if target.trust not in TRUST:
        entry.report(UnknownName, "unknown_name", "trust", found=target.trust, allowed=listed(TRUST), kind=_TRUST)
    if not target.lo <= target.value <= target.hi and not math.isnan(target.lo + target.value + target.hi):
        entry.report(
            OutOfBounds, "out_of_bounds", "value", found=shown(target.value), allowed=f"{target.lo:g} … {target.hi:g}"
        )


# --- the model beside them -------------------------------------------------------------------------------------------


def measure_runs(
    replicates: int = 20,
    regime: str = "zhejiang_2015",
    workers: int | None = None,
    library: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    levers: Mapping[str, object] | None = None,
    behaviour: Mapping[str, float] | None = None,
) -> list[dict[str, float]]:
    """Run replicates over the window that the figures need and measure each.

    Args:
        replicates: How many, from replicate 0 on.
        regime: Id of a regime.
        workers: Worker processes; None = one for each core, 1 = in this process.
        library: The scenario files, where they have been read already.
        progress: Called with (finished, all).
        levers: Levers to set.
        behaviour: Uncertainties to set.

    Returns:
        For each replicate the number of every measure, those of other definitions too ("C-inv15/true").

    Raises:
        InputErrors: A name or value that is not allowed.
        RunFailures: A run failed.
        StudyError: ``replicates`` or ``workers`` is below one.
    """
    from experiments.errors import StudyError
    from experiments.run.runner import run_many
    from sim.run import RunSpec

    if replicates < 1:
        raise StudyError("bad_count", found=str(replicates))
    files = library if library is not None else load_library()
    scenario = files.resolve(regime, start=START, quarters=QUARTERS, levers=levers, behaviour=behaviour)
    specs = [RunSpec(scenario, k) for k in range(replicates)]
    return run_many(specs, workers=workers, progress=progress, task=cast(Any, watch))


def compare(
    replicates: int = 20,
    regime: str = "zhejiang_2015",
    workers: int | None = None,
    library: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    lang: str = "en",
    levers: Mapping[str, object] | None = None,
    behaviour: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Put the model's median beside every published figure.

    Args:
        replicates: How many runs.
        regime: Id of a regime.
        workers: Worker processes; None = one for each core, 1 = in this process.
        library: The scenario files, where they have been read already.
        progress: Called with (finished, all).
        lang: Language of titles and notes, "zh" or "en".
        levers: Levers to set.
        behaviour: Uncertainties to set.

    Returns:
        One row a figure: id, title, unit, target, lo, hi, model_median, model_lo90, model_hi90 (5th and 95th percentile
        of the replicates), ratio (model over target), within_factor_two, inside_interval (the median lies between lo
        and hi), note. Missing numbers are NaN and count as neither within nor inside.

    Raises:
        InputErrors: A name or value that is not allowed.
        RunFailures: A run failed.
    """
    import pandas as pd

    runs = measure_runs(replicates, regime, workers, library, progress, levers=levers, behaviour=behaviour)
    return pd.DataFrame([_row(target, runs, lang) for target in load_targets().values()])


def _row(target: Target, runs: Sequence[Mapping[str, float]], lang: str) -> dict[str, Any]:
    low, median, high = band([run[target.id] for run in runs])
    ratio = median / target.value
    return {
        "id": target.id,
        "title": target.title[lang],
        "unit": target.unit,
        "target": target.value,
        "lo": target.lo,
        "hi": target.hi,
        "model_median": median,
        "model_lo90": low,
        "model_hi90": high,
        "ratio": ratio,
        "within_factor_two": bool(0.5 <= ratio <= 2.0),
        "inside_interval": bool(target.lo <= median <= target.hi),
        "note": _note(target, runs, lang),
    }


def band(values: Sequence[float]) -> tuple[float, float, float]:
    """5th percentile, median and 95th percentile of the runs that define the number; NaN where none does."""
    known = np.array([v for v in values if not math.isnan(v)])
    if known.size == 0:
        return math.nan, math.nan, math.nan
    low, median, high = np.percentile(known, [BAND[0], 50.0, BAND[1]])
    return float(low), float(median), float(high)


def _note(target: Target, runs: Sequence[Mapping[str, float]], lang: str) -> str:
    """The note; the parameters that the figure has set; the model's medians under other definitions."""
    zh = lang == "zh"
    parts = [target.note[lang]]
    if target.sets:
        names = "、".join(target.sets) if zh else ", ".join(target.sets)
        en = f"The model's {names} came from it or was chosen in view of it."
        parts.append(f"模型的 {names} 取自或参照此数。" if zh else en)
    others = [_other(f"{target.id}/{name}", title[lang], target.unit, runs, lang) for name, title in target.also]
    if others:
        parts.append(f"模型另一口径：{'；'.join(others)}。" if zh else f"The model otherwise: {'; '.join(others)}.")
    return ("" if zh else " ").join(parts)


def _other(name: str, title: str, unit: str, runs: Sequence[Mapping[str, float]], lang: str) -> str:
    from report.text.quantity import quantity

    return f"{title} {quantity(band([run[name] for run in runs])[1], unit, lang)}"


def described(frame: pd.DataFrame, lang: str = "en") -> list[dict[str, Any]]:
    """The rows of :func:`compare` with what each figure is, where it comes from and what the model computes for it."""
    known = load_targets()
    rows = []
    for row in frame.to_dict("records"):
        target = known[str(row["id"])]
        said = {name: getattr(target, name)[lang] for name in ("region", "population", "window", "measure")}
        plain = {name: getattr(target, name) for name in ("period", "count", "fact", "trust", "self_report", "sets")}
        rows.append({str(name): value for name, value in row.items()} | said | plain)
    return rows


def tally(frame: pd.DataFrame) -> dict[str, int]:
    """How many rows there are, how many the model defines, and how many are close.

    Returns:
        Keys rows, defined, within_factor_two, inside_interval.
    """
    return {
        "rows": len(frame),
        "defined": int(frame["model_median"].notna().sum()),
        "within_factor_two": int(frame["within_factor_two"].sum()),
        "inside_interval": int(frame["inside_interval"].sum()),
    }
