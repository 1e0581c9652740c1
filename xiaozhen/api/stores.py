"""Sweeps and their stores from Python: run in memory or into a folder, go on, and ask in SQL."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaozhen.api.designs import plan
from xiaozhen.api.library import load

if TYPE_CHECKING:
    import pandas as pd

    from experiments.plan.plan import Plan
    from experiments.store.folder import Store
    from xiaozhen.api.designs import Wanted


def sweep(
    what: Wanted,
    out: str | Path | None = None,
    *,
    n: int | None = None,
    replicates: int | None = None,
    behaviour: str | None = None,
    counties: str | Path | None = None,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    executor: Executor | None = None,
    shard: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run a study, design or plan.

    Args:
        what: Id or file of a study or design, a design, or a plan.
        out: Folder of the store. What it holds already is not run again, and what is cut short goes on with
            :func:`resume`; without a folder everything stays in memory.
        n: Points instead of the design's own number.
        replicates: Replicates instead of its own number; the first ones stay what they were.
        behaviour: "posterior", "prior" or "central"; the posterior unless told.
        counties: A county table of your own.
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead.
        scheduler: Address of a dask.distributed scheduler instead (into a store only).
        executor: Any executor of ``concurrent.futures`` instead (into a store only).
        shard: Run only part "i/n" (into a store only).
        progress: Called with (finished, all).

    Returns:
        One row a run: run, point, replicate, status, the factors by name, then one column for each outcome.

    Raises:
        InputError: If something asked for does not exist or is not allowed; nothing is touched then.
    """
    from experiments.run.evaluate import evaluate, stored

    made = plan(what, n=n, replicates=replicates, behaviour=behaviour, counties=counties)
    if out is None:
        return evaluate(made, library=load(), workers=workers, threads=threads, progress=progress)
    asked = {"n": n, "replicates": replicates, "behaviour": behaviour}
    line = command_line(str(what), made, asked) if isinstance(what, (str, Path)) else ""
    run = stored(
        out, workers=workers, threads=threads, scheduler=scheduler, executor=executor, shard=shard, library=load(),
        progress=progress, command=line,
    )  # fmt: skip
    return run(made)


def command_line(study: str, plan: Plan, asked: dict[str, Any]) -> str:
    """The line that makes the same store: no folders and nothing about where it ran."""
    parts = ["xiaozhen", "sweep", Path(study).name if study.endswith(".toml") else study]
    for name in ("replicates", "n", "behaviour"):
        if asked[name] is not None:
            parts += [f"--{name}", str(asked[name])]
    if plan.counties is not None:
        parts += ["--counties", Path(plan.counties).name]
    return shlex.join(parts)


def resume(
    folder: str | Path,
    *,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    task: str = "",
) -> pd.DataFrame:
    """Run what a store still lacks and return its whole table; see :func:`sweep` for the arguments.

    ``task`` names what runs it, as "module:function", where the plan is not one of the product's own.

    Raises:
        InputError: If this is no store, or the model has changed since.
    """
    from experiments.run import carry
    from experiments.run.engines.choose import Where
    from experiments.run.shard import shard_of
    from experiments.store.reading import frame

    tell = None if progress is None else lambda state: progress(state.done, state.total)
    way = carry.Way(Where(workers, threads, scheduler), shard_of(shard) if shard else None, tell)
    return frame(carry.resume(folder, way, library=load(), task=task))


@dataclass(frozen=True)
class Runs:
    """What is in a store, as tables.

    Attributes:
        store: The store.
    """

    store: Store

    def frame(self) -> pd.DataFrame:
        """One row a run."""
        return self._table("frame")

    def yearly(self) -> pd.DataFrame:
        """One row a run and year."""
        return self._table("yearly")

    def cohorts(self) -> pd.DataFrame:
        """One row a run and listing year."""
        return self._table("cohorts")

    def failures(self) -> pd.DataFrame:
        """One row a failed run: run, point, replicate, stage, cause, trace."""
        return self._table("failures")

    def counts(self) -> dict[str, int]:
        """Runs by state: all, done, failed, waiting."""
        return self.store.counts()

    def query(self, sql: str) -> pd.DataFrame:
        """Ask in SQL (DuckDB) over the views runs, yearly, cohorts and points."""
        from experiments.store.query import query

        return query(self.store, sql)

    def _table(self, name: str) -> pd.DataFrame:
        from experiments.store import reading

        found: pd.DataFrame = getattr(reading, name)(self.store)
        return found


def store(folder: str | Path) -> Runs:
    """Open a store: ``.frame()``, ``.yearly()``, ``.cohorts()``, ``.failures()``, ``.counts()``, ``.query(sql)``.

    Raises:
        InputError: If this is no store that this version reads.
    """
    from experiments.store.folder import Store

    return Runs(Store.open(folder))


def query(folder: str | Path, sql: str) -> pd.DataFrame:
    """Ask a store in SQL (DuckDB) over the tables runs, yearly, cohorts and points.

    Raises:
        InputError: If this is no store, or the question is not SQL that it can answer.
    """
    return store(folder).query(sql)
