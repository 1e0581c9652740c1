"""Which clause made the difference between two regimes, from Python: in memory or into a result folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.analysis.attribution import attribute as sharing
from experiments.analysis.attribution.attribute import Attribution
from experiments.analysis.attribution.design import Design as Coalitions
from experiments.analysis.attribution.design import design, plan_of
from experiments.analysis.attribution.differences import compare_regimes
from experiments.analysis.attribution.errors import AttributionError
from experiments.analysis.attribution.fates import Fates, compare_fates
from experiments.plan.behaviour import behaviours_for
from experiments.run.carry import Consent, carry_out
from experiments.store.reading import frame
from report.pages.attribution.page import write as write_attribution
from sim.parameters.errors import listed, nearest, shown
from xiaozhen.api.library import load
from xiaozhen.api.places import county_table, known_towns, place
from xiaozhen.api.stores import Progress, kept, way
from xiaozhen.errors import CommandError
from xiaozhen.requests import Attribute as AttributeRequest

DEFAULT = ("completion_common",)


@dataclass(frozen=True)
class Shared:
    """An attribution that was carried out into a folder.

    Attributes:
        found: What each group contributes.
        fates: Which towns and firms fared differently, where that was asked.
        folder: Where it stands.
        files: What was written.
    """

    found: Attribution
    fates: Fates | None
    folder: Path
    files: Sequence[Path] = field(default=())


def attribute(
    a: str,
    b: str,
    outcomes: str | Sequence[str] = DEFAULT,
    *,
    by: str = "clause",
    replicates: int = 8,
    method: str = "auto",
    max_runs: int | None = None,
    counties: str | Path | None = None,
    behaviour: str | None = None,
    out: str | Path | None = None,
    force: bool = False,
    no_fates: bool = False,
    names: bool = False,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    consent: Consent | None = None,
    **calendar: Any,
) -> Attribution:
    """Share the difference between two regimes out over the clauses in which they differ (Shapley values).

    Args:
        a: Id of the regime that the difference starts from.
        b: Id of the regime that it ends at.
        outcomes: One id or several.
        by: "clause", "instrument" or "lever".
        replicates: Replicates of every scenario.
        method: "exact", "sampled", or "auto".
        max_runs: Runs at most.
        counties: A county table of your own.
        behaviour: "posterior", "prior" or "central"; the posterior unless told.
        out: Folder for tables, figures, a page and the store of the runs; in memory unless told.
        force: Replace another result there.
        no_fates: Do not compare single towns and firms (into a folder only).
        names: Call towns by their real names in the table of fates, where they have one (into a folder only).
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead.
        scheduler: Address of a dask.distributed scheduler instead (into a folder only).
        progress: Called with (finished, all).
        consent: Called after a pilot with what the rest will take, and says whether to go on (into a folder only).
        **calendar: ``world``, ``start``, ``quarters``, ``effective``, ``own_dates`` and ``fill``.

    Returns:
        ``.frame()`` has one row for each outcome and group.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    if threads is not None and out is None:
        workers = None
    how = {"workers": workers, "threads": threads, "scheduler": scheduler, "progress": progress, "consent": consent}
    return share_out(
        a, b, outcomes, by=by, replicates=replicates, method=method, max_runs=max_runs, counties=counties,
        behaviour=behaviour, out=out, force=force, no_fates=no_fates, names=names, how=how, **calendar,
    ).found  # fmt: skip


def share_out(
    a: str, b: str, outcomes: str | Sequence[str], *, by: str, replicates: int, method: str, max_runs: int | None,
    counties: str | Path | None, behaviour: str | None, out: str | Path | None, force: bool, no_fates: bool,
    names: bool, how: dict[str, Any], ahead: Callable[[Coalitions], None] | None = None,
    fated: Callable[[], AbstractContextManager[Progress | None]] = nullcontext, **calendar: Any,
) -> Shared:  # fmt: skip
    """Carry an attribution out; see :func:`attribute`.

    ``ahead`` is told what will be run before it runs; ``fated`` opens what tells how far the fates are.
    """
    ids = (outcomes,) if isinstance(outcomes, str) else tuple(outcomes)
    _check_outcomes(ids)
    if calendar.get("own_dates") and calendar.get("effective"):
        raise CommandError("bad_usage", command="xiaozhen attribute")
    library = load()
    found = compare_regimes(library, a, b, by=by, **calendar)
    picked = design(len(found.groups), replicates, method=method, max_runs=max_runs)
    table = county_table(counties, [calendar.get("world", "zhejiang")])
    drawn = behaviours_for(behaviour, library, picked.replicates)
    plan = plan_of(found, picked, counties=table, behaviour=drawn)
    if out is None:
        store = carry_out(plan, None, way(**how), library=library)
        shared = sharing.attribute(found, picked, lambda _: frame(store), ids, plan=plan)
        return Shared(shared, None, Path())
    folder = place(out)
    asked = AttributeRequest.about(
        a=a, b=b, outcomes=() if ids == DEFAULT else ids, by=by, replicates=replicates, method=method,
        max_runs=max_runs, counties=table, behaviour=behaviour, no_fates=no_fates, **calendar,
    )  # fmt: skip
    if ahead is not None:
        ahead(picked)
    held = carry_out(plan, folder, way(**how), library=library, command=kept(asked), force=force)
    shared = sharing.attribute(found, picked, lambda _: frame(held), ids, plan=plan)
    fates = None
    if not no_fates:
        with fated() as telling:
            fates = _fates(shared, replicates, how, telling)
    known = known_towns(calendar.get("world", "zhejiang"), table) if names else ()
    files = write_attribution(shared, library, folder, fates=fates, names=known, command=asked.line())
    return Shared(shared, fates, folder, files)


def _check_outcomes(outcomes: Sequence[str]) -> None:
    """So that a misspelt outcome is told before anything runs."""
    known = sharing.outcome_ids()
    for name in outcomes:
        if name not in known:
            guess = nearest(name, known)
            raise AttributionError("no_outcome", found=shown(name), suggestion=guess, allowed=listed(known))


def _fates(shared: Attribution, replicates: int, how: dict[str, Any], progress: Progress | None) -> Fates:
    """Run both ends once more with histories; where a scheduler ran the sweep, this machine does it."""
    plan, ends = shared.plan, (shared.comparison.a, shared.comparison.b)
    workers = 1 if how.get("threads") else how.get("workers")
    return compare_fates(
        *ends, replicates, counties=plan.counties, workers=workers, progress=progress or how.get("progress"),
        behaviour=plan.behaviour, library=load(),
    )  # fmt: skip
