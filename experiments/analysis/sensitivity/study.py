"""Sensitivity studies from Python: which factors move an outcome, by Sobol' indices, Morris screening or PAWN.

    from experiments.analysis.sensitivity import sobol
    found = sobol("zhejiang_2015", n=64, outcomes=["completion_common", "town_exit_rate"])
    found.indices

Every function takes an evaluator, ``run(plan) -> table``, so the same study runs in memory, from a store, or against a
stand-in for the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.sensitivity import frames
from experiments.analysis.sensitivity.cube import latin_points
from experiments.analysis.sensitivity.errors import SensitivityError
from experiments.analysis.sensitivity.indices import slopes, sobol_indices
from experiments.analysis.sensitivity.pawn import pawn_indices
from experiments.analysis.sensitivity.rows import Floats
from experiments.analysis.sensitivity.saltelli import LUCK, Saltelli, saltelli
from experiments.analysis.sensitivity.subject import LaidOut, Subject, find_subject, lay_out
from experiments.analysis.sensitivity.trajectories import Trajectories, morris_design, screening
from experiments.analysis.sensitivity.verdicts import THRESHOLD
from experiments.plan.design.records import Design
from experiments.plan.plan import Plan
from experiments.run.evaluate import evaluate
from sim.parameters import Library, load_library
from sim.parameters.errors import listed, nearest, shown

Evaluator = Callable[[Plan], "pd.DataFrame"]
METHODS = ("sobol", "morris", "pawn")
LEAST = {"sobol": 4, "morris": 3, "pawn": 20}
"""Fewest rows of each method that give an interval."""
SIZES = {"sobol": 256, "morris": 32, "pawn": 512}
"""Rows unless told."""


@dataclass(frozen=True)
class Asked:
    """A study before it runs.

    Attributes:
        method: One of :data:`METHODS`.
        subject: What is varied and looked at.
        n: Rows: base rows, trajectories, or points.
        laid: The runs.
        design: The design of a Sobol' or Morris study, None for PAWN.
        shares: Of a PAWN study, shape (n, D).
        level: Of the intervals.
        threshold: What is negligible.
    """

    method: str
    subject: Subject
    n: int
    laid: LaidOut
    design: Saltelli | Trajectories | None
    shares: Floats | None
    level: float = 0.95
    threshold: float = THRESHOLD

    @property
    def plan(self) -> Plan:
        """What will be run."""
        return self.laid.plan

    @property
    def evaluations(self) -> int:
        """Evaluations of the design; some may be one run."""
        return int(self.laid.where.size)


@dataclass(frozen=True)
class Found:
    """What a study found, as tables.

    Attributes:
        asked: The study.
        indices: One row a factor and outcome.
        shares: Of a Sobol' study: settings alone, luck alone, both together, by outcome.
        second: Of a Sobol' study of second order: one row a pair and outcome.
        convergence: The indices at growing numbers of rows.
        runs: One row a run.
        failed: Runs that failed; their rows of the design are left out.
    """

    asked: Asked
    indices: pd.DataFrame
    shares: pd.DataFrame
    second: pd.DataFrame
    convergence: pd.DataFrame
    runs: pd.DataFrame
    failed: int

    def table(self, outcome: str | None = None) -> pd.DataFrame:
        """The indices of one outcome (the first unless told), largest first, luck last."""
        wanted = outcome or self.asked.subject.design.outcomes[0]
        part = self.indices[self.indices["outcome"] == wanted]
        by = {"sobol": "total", "morris": "mu_star", "pawn": "pawn"}[self.asked.method]
        order = np.lexsort((-part[by].fillna(-1.0).to_numpy(), (part["factor"] == LUCK).to_numpy()))
        return part.iloc[order].reset_index(drop=True)


def ask(
    method: str,
    subject: str | Design = "zhejiang_2015",
    *,
    n: int | None = None,
    outcomes: Sequence[str] | None = None,
    group: str = "none",
    second_order: bool = False,
    quarters: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    paired: bool = True,
    level: float = 0.95,
    threshold: float = THRESHOLD,
    library: Library | None = None,
) -> Asked:
    """Lay out a study without running it.

    Args:
        method: "sobol", "morris" or "pawn".
        subject: Id of a regime, over which the default design is laid; id or file of a design; or a design.
        n: Rows: base rows of Saltelli's design, trajectories, or points of a Latin hypercube.
        outcomes: Ids; the design's own unless told.
        group: "none", or swap the factors of one "instrument" or one "clause" together.
        second_order: Also second-order indices, for nearly twice the runs.
        quarters: Length of the runs; the design's own unless told.
        replicates: How many draws of luck the rows share; None gives each row its own.
        seed: Of the design's points; the design's own unless told.
        paired: False gives every evaluation luck of its own, to see what that costs.
        level: Of the intervals.
        threshold: Total index below which a factor is negligible.
        library: The scenario files.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    _check(method, n, second_order, group)
    library = library or load_library()
    found = find_subject(subject, library, outcomes=outcomes, grouping=group, quarters=quarters)
    rows, key = n or SIZES[method], found.design.seed if seed is None else seed
    made = {"method": method, "n": rows, "seed": key, "paired": paired, "replicates": replicates,
            "second_order": second_order, "level": level, "threshold": threshold}  # fmt: skip
    design: Saltelli | Trajectories | None = None
    shares: Floats | None = None
    if method == "sobol":
        design = saltelli(rows, found.groups, second=second_order, replicates=replicates, seed=key, paired=paired)
        laid = lay_out(found, design.shares, design.replicates, made)
    elif method == "morris":
        design = morris_design(rows, found.groups, replicates=replicates, seed=key)
        laid = lay_out(found, design.shares, design.replicates, made)
    else:
        shares = latin_points(rows, len(found.factors), key)
        laid = lay_out(found, shares, np.arange(rows, dtype=np.int64) % (replicates or rows), made)
    return Asked(method, found, rows, laid, design, shares, level, threshold)


def _check(method: str, n: int | None, second_order: bool, group: str) -> None:
    if method not in METHODS:
        guess = nearest(method, METHODS)
        raise SensitivityError(
            "unknown_way", key="method", found=shown(method), allowed=listed(METHODS), suggestion=guess
        )
    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < LEAST[method]):
        raise SensitivityError("few_rows", key="n", found=shown(n), allowed=f"≥ {LEAST[method]}")
    if second_order and method != "sobol":
        raise SensitivityError("second_order_only_sobol", key="second_order", found=method)
    if group != "none" and method == "pawn":
        raise SensitivityError("groups_not_pawn", key="group", found=shown(group))


def carry_out(asked: Asked, run: Evaluator | None = None) -> Found:
    """Run a study and estimate.

    Args:
        asked: The study.
        run: What runs a plan; in memory, one worker process a core, unless told.
    """
    return analyse(asked, (run or evaluate)(asked.plan))


def analyse(asked: Asked, runs: pd.DataFrame) -> Found:
    """Estimate from runs that are there already, in the order of the plan."""
    indices, shares, second, curve = [], [], [], []
    for outcome in asked.subject.design.outcomes:
        y = _values(runs, outcome)[asked.laid.where]
        indices += _indices(asked, outcome, y)
        if isinstance(asked.design, Saltelli):
            found = sobol_indices(asked.design, y, level=asked.level)
            shares += frames.share_rows(outcome, found)
            second += frames.second_rows(outcome, found)
        curve += _curve(asked, outcome, y)
    failed = int((runs["status"] == "failed").sum()) if "status" in runs else 0
    made = [pd.DataFrame(table) for table in (indices, shares, second, curve)]
    return Found(asked, made[0], made[1], made[2], made[3], runs, failed)


def _values(runs: pd.DataFrame, outcome: str) -> Floats:
    """An outcome by run; NaN throughout where no run defines it."""
    if outcome not in runs:
        return np.full(len(runs), np.nan)
    return np.asarray(runs[outcome], dtype=np.float64)


def _indices(asked: Asked, outcome: str, y: Floats) -> list[dict[str, Any]]:
    ordered, design = asked.subject.ordered(), asked.design
    if isinstance(design, Saltelli):
        found = sobol_indices(design, y, level=asked.level)
        return frames.sobol_rows(outcome, found, slopes(design, y, ordered, level=asked.level), asked.threshold)
    if isinstance(design, Trajectories):
        return frames.morris_rows(outcome, screening(design, y, level=asked.level), ordered, asked.threshold)
    assert asked.shares is not None
    names = tuple(one.name for one in asked.subject.factors)
    return frames.pawn_rows(outcome, pawn_indices(names, asked.shares, y, level=asked.level), ordered)


def _curve(asked: Asked, outcome: str, y: Floats) -> list[dict[str, Any]]:
    """The indices from the first rows alone, at growing numbers of rows."""
    rows = []
    for size in frames.prefix_sizes(asked.n, max(8, LEAST[asked.method])):
        part = replace(asked, design=_first(asked.design, size),
                       shares=None if asked.shares is None else asked.shares[:size])  # fmt: skip
        rows += [{"size": size, **row} for row in _indices(part, outcome, y[:size])]
    return rows


def _first(design: Saltelli | Trajectories | None, n: int) -> Saltelli | Trajectories | None:
    """The first n rows of a design."""
    if design is None:
        return None
    cut: Mapping[str, Any] = {"shares": design.shares[:n], "replicates": design.replicates[:n],
                              "clusters": design.clusters[:n]}  # fmt: skip
    if isinstance(design, Trajectories):
        cut = {**cut, "moved": design.moved[:n], "signs": design.signs[:n]}
    return replace(design, **cut)


def sobol(subject: str | Design = "zhejiang_2015", *, run: Evaluator | None = None, **options: Any) -> Found:
    """Sobol' indices of a regime's factors; see :func:`ask` for the options."""
    return carry_out(ask("sobol", subject, **options), run)


def morris(subject: str | Design = "zhejiang_2015", *, run: Evaluator | None = None, **options: Any) -> Found:
    """Morris screening of a regime's factors; see :func:`ask` for the options."""
    return carry_out(ask("morris", subject, **options), run)


def pawn(subject: str | Design = "zhejiang_2015", *, run: Evaluator | None = None, **options: Any) -> Found:
    """PAWN indices from a Latin hypercube; see :func:`ask` for the options."""
    return carry_out(ask("pawn", subject, **options), run)
