"""Predicted quantities: named functions of a province that has run, over a window and a group of towns.

Every function has the form ``f(p, noted, window, who, **arguments) -> float``; ``who`` says for each town whether it
belongs to the group. NaN where nobody is in the population. Populations are those of the published figures
(:mod:`calibration.history`): an assessment counts towns that were on the list before it moved anybody.

Lists are finite, as in the sources: a share is that of the towns which the model has listed, so its spread over
replicates contains the luck of few towns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from calibration.history import (
    assessed_creation,
    first_batch,
    flow,
    on_creation_list,
    per_town,
    reported_flow,
    row,
)
from calibration.notes import GRADES, LAND
from calibration.windows import Window
from sim.outcomes.arithmetic import YI, Flags, share
from sim.outcomes.observe import Observer
from sim.parameters import Quarter
from sim.state.province import Province
from sim.state.town import EVENTS, Status

Quantity = Callable[..., float]
"""A quantity of a province that has run."""

POOR_PREFECTURES = ("Quzhou", "Lishui")
"""The two mountain prefectures of Zhejiang all of whose units are among the 26 poorer ones."""
GROUPS = ("all", "poor", "rest")


def group(p: Province, name: str) -> Flags:
    """Town sites of a group: "all", "poor" (the poor mountain prefectures) or "rest"."""
    if name == "all":
        return np.ones(p.towns.size, dtype=bool)
    names = p.places.prefectures.name_en
    poor = np.isin(p.places.towns.prefecture, [i for i, n in enumerate(names) if n in POOR_PREFECTURES])
    return poor if name == "poor" else ~poor


def _year_end(p: Province, year: int) -> int:
    return row(p, Quarter(year, 4))


def _happened(p: Province, year: int, *names: str) -> Flags:
    bits = sum(EVENTS[name] for name in names)
    return np.asarray((p.towns.event[_year_end(p, year)] & bits) > 0)


def _pooled(parts: list[tuple[float, float]]) -> float:
    """Sum of counts over sum of populations."""
    return share(sum(k for k, _ in parts), sum(n for _, n in parts))


# --- assessments -----------------------------------------------------------------------------------------------------


def graded(p: Province, noted: Observer, over: Window, who: Flags, *, grade: int) -> float:
    """Share of the assessed creation towns with a grade (4 excellent, 3 good, 2 qualified, 1 not)."""
    parts = []
    for year in over.years():
        assessed = assessed_creation(p, year) & who
        parts.append((float((noted[GRADES][_year_end(p, year)][assessed] == grade).sum()), float(assessed.sum())))
    return _pooled(parts)


def treated(p: Province, noted: Observer, over: Window, who: Flags, *, events: tuple[str, ...]) -> float:
    """Share of the assessed creation towns to which the list did one of some things: warned, demoted, exited."""
    parts = []
    for year in over.years():
        assessed = assessed_creation(p, year) & who
        parts.append((float((_happened(p, year, *events) & assessed).sum()), float(assessed.sum())))
    return _pooled(parts)


def eliminated(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Share of the assessed cultivation towns that the assessment took off the lists."""
    parts = []
    for year in over.years():
        t = _year_end(p, year)
        before = p.towns.status_history[t - 1] == Status.CULTIVATION if t > 0 else np.zeros(p.towns.size, dtype=bool)
        assessed = before & _happened(p, year, "assessed") & who
        parts.append((float((_happened(p, year, "exited") & assessed).sum()), float(assessed.sum())))
    return _pooled(parts)


def taken_off_after_warning(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Of the creation towns warned the year before and assessed in a year of the window, the share then taken off."""
    parts = []
    for year in over.years():
        warned = assessed_creation(p, year - 1) & _happened(p, year - 1, "warned") & who
        again = warned & assessed_creation(p, year)
        parts.append((float((_happened(p, year, "demoted", "exited") & again).sum()), float(again.sum())))
    return _pooled(parts)


def assessed_since_start(p: Province, noted: Observer, over: Window, who: Flags, *, grade: int, years: int) -> float:
    """Share with a grade in the first ``years`` assessments that the run has, whichever list the towns are on."""
    parts: list[tuple[float, float]] = []
    for year in over.years():
        assessed = _happened(p, year, "assessed") & who
        if assessed.any() and len(parts) < years:
            parts.append((float((noted[GRADES][_year_end(p, year)][assessed] == grade).sum()), float(assessed.sum())))
    return _pooled(parts)


# --- certification ---------------------------------------------------------------------------------------------------


def _first_list(p: Province, who: Flags) -> Flags:
    listed = p.towns.listed_at
    if not (listed >= 0).any():
        return np.zeros(p.towns.size, dtype=bool)
    return np.asarray((listed == listed[listed >= 0].min()) & who)


def certified(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Share of the first batch that was named by the end of the window."""
    batch, end = first_batch(p) & who, row(p, over.last)
    named = (p.towns.named_at >= 0) & (p.towns.named_at <= end)
    return share(float((named & batch).sum()), float(batch.sum()))


def first_list_certified(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Share of the earliest list of the run that was named by the end of the window."""
    batch, end = _first_list(p, who), row(p, over.last)
    named = (p.towns.named_at >= 0) & (p.towns.named_at <= end)
    return share(float((named & batch).sum()), float(batch.sum()))


def first_list_cancelled(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Share of the earliest list of the run that stood on no list at the end of the window."""
    batch = _first_list(p, who)
    off = ~np.isin(p.towns.status_history[row(p, over.last)], (Status.CULTIVATION, Status.CREATION, Status.NAMED))
    return share(float((off & batch).sum()), float(batch.sum()))


# --- investment, firms, output ---------------------------------------------------------------------------------------


def _rows(p: Province, over: Window) -> slice:
    return slice(row(p, over.first), row(p, over.last) + 1)


def _listed(p: Province, over: Window, who: Flags) -> Flags:
    return on_creation_list(p, over.last) & who


def investment(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Reported effective investment of the window, 亿元 a town on the creation list or named at its end."""
    return per_town(reported_flow(p)[_rows(p, over)].sum(axis=0) / YI, _listed(p, over, who))


def new_firms(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Enterprises registered in the window, a town on the creation list or named at its end."""
    return per_town(p.towns.entrants[_rows(p, over)].sum(axis=0).astype(np.float64), _listed(p, over, who))


def featured_share(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Share of effective investment that went into the towns' own industries, pooled over listed towns."""
    rows, listed = _rows(p, over), _listed(p, over, who)
    return share(float(p.towns.core[rows][:, listed].sum()), float(flow(p)[rows][:, listed].sum()))


def private_share(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Share of effective investment that governments did not pay, pooled over listed towns."""
    rows, listed = _rows(p, over), _listed(p, over, who)
    paid = share(float(p.towns.government[rows][:, listed].sum()), float(flow(p)[rows][:, listed].sum()))
    return 1.0 - paid


def output(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Output of enterprises, 亿元 a town on the creation list or named."""
    return per_town(p.towns.output[_rows(p, over)].sum(axis=0) / YI, _listed(p, over, who))


def tax(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Tax of all levels that enterprises paid, 亿元 a town on the creation list or named."""
    return per_town(p.towns.tax[_rows(p, over)].sum(axis=0) / YI, _listed(p, over, who))


def tax_per_mu(p: Province, noted: Observer, over: Window, who: Flags) -> float:
    """Tax of a year over land in use at its end, 万元 a mu, pooled over towns on the creation list or named."""
    listed = _listed(p, over, who)
    paid = float(p.towns.tax[_rows(p, over)][:, listed].sum())
    return share(paid, float(noted[LAND][_year_end(p, over.last.year)][listed].sum()))


QUANTITIES: Mapping[str, Quantity] = {
    f.__name__: f
    for f in (
        graded, treated, eliminated, taken_off_after_warning, assessed_since_start, certified, first_list_certified,
        first_list_cancelled, investment, new_firms, featured_share, private_share, output, tax, tax_per_mu,
    )
}  # fmt: skip
"""Every quantity by name, as ``predictions.toml`` names it."""
