"""Sweeps and their stores from Python: run in memory or into a folder, go on, check, export, and ask in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.run import carry
from experiments.run.carry import Consent, Tell, Way, telling
from experiments.run.engines.choose import Where
from experiments.run.shard import shard_of
from experiments.run.verify import Verified
from experiments.run.verify import verify as check
from experiments.store import manifest, reading
from experiments.store.export import TABLES
from experiments.store.export import export as write
from experiments.store.folder import Folder, Store
from experiments.store.plan_file import Asked
from experiments.store.query import query as ask
from report.pages.workbook import workbook
from xiaozhen.api.designs import Wanted, plan
from xiaozhen.api.library import load
from xiaozhen.api.places import place
from xiaozhen.request import Request
from xiaozhen.requests import Sweep

Progress = Callable[[int, int], None]


def way(
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
    consent: Consent | None = None,
) -> Way:
    """Where and how runs are carried out, as every function that runs many takes it.

    Raises:
        InputError: If a shard is not written i/n.
    """
    part = shard_of(shard) if shard else None
    return Way(Where(workers, threads, scheduler, executor), part, tell or telling(progress), consent)


def kept(request: Request) -> Asked:
    """What was asked, as a store keeps it: the line, and the same as data."""
    return Asked(request.line(), request.as_dict())


def run_into(
    what: Wanted,
    out: str | Path | None = None,
    *,
    n: int | None = None,
    replicates: int | None = None,
    behaviour: str | None = None,
    counties: str | Path | None = None,
    force: bool = False,
    **how: Any,
) -> Store:
    """Run a study, design or plan and return its store; see :func:`sweep` for the arguments."""
    made = plan(what, n=n, replicates=replicates, behaviour=behaviour, counties=counties)
    asked = Sweep.about(study=what, n=n, replicates=replicates, behaviour=behaviour, counties=made.counties)
    line = kept(asked) if isinstance(what, (str, Path)) else ""
    folder = None if out is None else place(out)
    return carry.carry_out(made, folder, way(**how), library=load(), command=line, force=force)


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
    force: bool = False,
    progress: Progress | None = None,
    consent: Consent | None = None,
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
        force: Replace what stands in the folder and cannot be taken up.
        progress: Called with (finished, all).
        consent: Called after a pilot with what the rest will take, and says whether to go on; without it there is no
            pilot (into a store only).

    Returns:
        One row a run: run, point, replicate, status, the factors by name, then one column for each outcome.

    Raises:
        InputError: If something asked for does not exist or is not allowed; nothing is touched then.
    """
    if threads is not None and out is None:
        workers = None
    how = {"workers": workers, "threads": threads, "scheduler": scheduler, "executor": executor, "shard": shard}
    return reading.frame(
        run_into(what, out, n=n, replicates=replicates, behaviour=behaviour, counties=counties, progress=progress,
                 force=force, consent=consent, **how)
    )  # fmt: skip


def go_on(folder: str | Path, *, task: str = "", **how: Any) -> Folder:
    """Run what a store still lacks and return it; see :func:`resume` for the arguments."""
    return carry.resume(place(folder), way(**how), library=load(), task=task)


def resume(
    folder: str | Path,
    *,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    progress: Progress | None = None,
    task: str = "",
) -> pd.DataFrame:
    """Run what a store still lacks and return its whole table; see :func:`sweep` for the arguments.

    ``task`` names what runs it, as "module:function", where the plan is not one of the product's own.

    Raises:
        InputError: If this is no store, or the model has changed since.
    """
    how = {"workers": workers, "threads": threads, "scheduler": scheduler, "shard": shard, "progress": progress}
    return reading.frame(go_on(folder, task=task, **how))


def status(folder: str | Path) -> dict[str, Any]:
    """How far a store is, as plain data: runs, done, failed, waiting, the first failure, the hash of its manifest.

    Raises:
        InputError: If this is no store.
    """
    held = opened(folder)
    counts, sealed = held.counts(), held.folder / manifest.MANIFEST
    failed = reading.failures(held).head(1).to_dict("records") if counts["failed"] else []
    names = ("point", "replicate", "stage", "cause")
    return {
        "folder": str(held.folder),
        "plan": held.plan.id,
        "command": held.file.command,
        "asked": getattr(held.file.command, "data", {}),
        "runs": counts["all"],
        "done": counts["done"],
        "failed": counts["failed"],
        "waiting": counts["waiting"],
        "finished": held.finished,
        "same_model": held.same_model,
        "bytes": sum(p.stat().st_size for p in held.folder.rglob("*") if p.is_file()),
        "first_failure": {name: failed[0][name] for name in names} if failed else None,
        "manifest": str(sealed) if sealed.is_file() else None,
        "sha256": manifest.file_hash(sealed) if sealed.is_file() else None,
    }


def verify(folder: str | Path, sample: int = 5, *, task: str = "") -> Verified:
    """Check every byte of a result and run a few of its runs again.

    Args:
        folder: A store or a result folder.
        sample: How many runs to run again.
        task: What runs them, as "module:function", where that is not one of the product's own.

    Returns:
        ``.holds`` says whether all is well, ``.problems`` what is not.

    Raises:
        InputError: If there is nothing to check.
    """
    return check(place(folder), sample, task=task)


def export(
    folder: str | Path,
    format: str = "csv",
    *,
    table: str | Sequence[str] | None = None,
    out: str | Path | None = None,
    force: bool = False,
) -> list[Path]:
    """Write a store's tables for other programs.

    Args:
        folder: The store.
        format: "csv", "parquet" or "xlsx" (one workbook that says what every column means).
        table: "runs", "yearly", "cohorts", "points", or several of them; all unless told.
        out: Where to write; beside the store unless told.
        force: Replace files of the same name.

    Returns:
        The files written.

    Raises:
        InputError: If this is no store, or the place cannot be written.
    """
    held, names = opened(folder), (table,) if isinstance(table, str) else table or TABLES
    name = held.folder.resolve().name
    target = place(out) if out else held.folder.resolve().parent / (f"{name}{'.' if format == 'xlsx' else '_'}{format}")
    if format == "xlsx":
        return workbook(held, target, tables=names, overwrite=force)
    return write(held, target, format, tables=names, overwrite=force)


@dataclass(frozen=True)
class Runs:
    """What is in a store, as tables.

    Attributes:
        store: The store.
    """

    store: Folder

    def frame(self) -> pd.DataFrame:
        """One row a run."""
        return reading.frame(self.store)

    def yearly(self) -> pd.DataFrame:
        """One row a run and year."""
        return reading.yearly(self.store)

    def cohorts(self) -> pd.DataFrame:
        """One row a run and listing year."""
        return reading.cohorts(self.store)

    def failures(self) -> pd.DataFrame:
        """One row a failed run: run, point, replicate, stage, cause, trace."""
        return reading.failures(self.store)

    def counts(self) -> dict[str, int]:
        """Runs by state: all, done, failed, waiting."""
        return self.store.counts()

    def query(self, sql: str) -> pd.DataFrame:
        """Ask in SQL (DuckDB) over the views runs, yearly, cohorts and points."""
        return ask(self.store, sql)


def opened(folder: str | Path) -> Folder:
    """The store in a folder.

    Raises:
        InputError: If this is no store that this version reads.
    """
    return Store.open(place(folder))


def store(folder: str | Path) -> Runs:
    """Open a store: ``.frame()``, ``.yearly()``, ``.cohorts()``, ``.failures()``, ``.counts()``, ``.query(sql)``.

    Raises:
        InputError: If this is no store that this version reads.
    """
    return Runs(opened(folder))


def query(folder: str | Path, sql: str) -> pd.DataFrame:
    """Ask a store in SQL (DuckDB) over the tables runs, yearly, cohorts and points.

    Raises:
        InputError: If this is no store, or the question is not SQL that it can answer.
    """
    return store(folder).query(sql)


def unsound(folder: str | Path) -> list[str]:
    """Files of a finished result that are not what its manifest says; none where there is no manifest."""
    return manifest.unsound(place(folder)) if (place(folder) / manifest.MANIFEST).is_file() else []
