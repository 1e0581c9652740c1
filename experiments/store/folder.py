"""A store of runs in memory or in a folder: create or open it, and ask what is done and what is still to be run."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.errors import ExperimentError, FolderError
from experiments.plan.plan import Plan
from experiments.store.disk import TEMPORARY, replace_file, told, write_text
from experiments.store.errors import StoreError
from experiments.store.index import READY, RUNS, Files, Place, Source, Tables, scan
from experiments.store.layout import PLAN, is_result, is_store, read_json
from experiments.store.manifest import MANIFEST, file_hash, listed_files, withdraw
from experiments.store.migrate import up_to_date
from experiments.store.old import is_old, read_old
from experiments.store.plan_file import COUNTIES, PlanFile, dump_plan, plan_file, read_plan
from experiments.store.points import POINTS
from experiments.store.record import DONE
from experiments.store.recover import STAGING, recover
from experiments.store.shards import SHARDS
from sim.engine.kernel import source_fingerprint
from sim.parameters import Library, load_library
from sim.run import RunSpec

INNER = "store"
"""Name of a store that lies inside another result, which was drawn from its runs."""


REPLACEABLE = ("holds_results", "other_plan", "other_model", "old_schema", "bad_plan")
"""Why a folder of ours cannot be taken up, which a caller may answer with ``force``."""


class Store:
    """Runs of a plan, in memory; :class:`Folder` keeps them in a folder.

    Attributes:
        file: The plan, and what identifies its runs.
        source: Where the records stand.
    """

    def __init__(self, file: PlanFile, source: Source) -> None:
        self.file, self.source = file, source

    @staticmethod
    def memory(plan: Plan, library: Library, *, command: str = "") -> Store:
        """An empty store in memory.

        Raises:
            InputError: If a point of the plan is not acceptable.
        """
        return Store(plan_file(plan, library, command=command), Tables())

    @staticmethod
    def create(
        folder: str | Path, plan: Plan, *, command: str = "", library: Library | None = None, force: bool = False
    ) -> Folder:
        """Make a store for a plan, or take up an earlier one whose runs the plan still asks for.

        Args:
            folder: New, empty, or a store.
            plan: What will be run.
            command: What was asked, for display; no paths of this machine, no number of workers.
            library: The scenario files; those of the product by default.
            force: Replace what this program wrote here before and cannot be taken up.

        Raises:
            FolderError: If the folder is something else, or holds another result and ``force`` is not given; nothing is
                touched then.
            StoreError: If the store is of a newer layout, of another model, or holds runs that the plan does not ask
                for; nothing is touched then.
            InputError: If a point of the plan is not acceptable.
        """
        place = Path(folder)
        wanted = plan_file(plan, library or load_library(), command=command)
        try:
            old = _existing(place)
            if old is not None and _check_kept(place, old, wanted):
                wanted = replace(wanted, earlier=_earlier(old, wanted))
        except ExperimentError as error:
            if not force or error.message_id not in REPLACEABLE:
                raise
            with told(place):
                clear(place)
        with told(place):
            place.mkdir(parents=True, exist_ok=True)
            _write_plan(place, wanted)
            (place / SHARDS).mkdir(exist_ok=True)
            recover(place)
        # What was just written is read again for its county table, and keeps the scenarios that were resolved above.
        found = Store.open(place)
        found.file = replace(found.file, plan=replace(found.plan, points=plan.points, known=wanted.plan.known))
        return found

    @staticmethod
    def open(folder: str | Path, *, clean: bool = False) -> Folder:
        """Open a store, or a result of version 0.3 for reading.

        Args:
            folder: Where it is.
            clean: Take up what a killed process left: finish its moves, remove half-written files. Only for whoever
                goes on with the store; a reader leaves all as it is, for others may be writing.

        Raises:
            StoreError: If this is no store, or one of a newer layout; nothing is touched then.
        """
        place = Path(folder)
        if not clean and not is_store(place) and is_old(place):
            return Folder(place, *read_old(place))
        found = Folder(place, read_plan(place, _content(place)))
        if clean:
            with told(place):
                recover(place)
        return found

    @staticmethod
    def resume(folder: str | Path, *, library: Library | None = None) -> Folder:
        """Open a store to go on with it: :meth:`create` with the store's own plan and command.

        Raises:
            StoreError: If this is no store, or model or scenario files have changed since it was made.
        """
        found = Store.open(folder)
        files = library or load_library()
        found.check_model(files)
        return Store.create(folder, found.plan, command=found.file.command, library=files)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.plan.id

    @property
    def plan(self) -> Plan:
        """What is run."""
        return self.file.plan

    @cached_property
    def keys(self) -> list[str]:
        """Key of each run in the order of ``plan.runs``; runs of equal parameters share one."""
        return self.file.keys()

    def done(self, *, final: bool = False) -> dict[str, Place]:
        """Runs of the plan that need not be run, by key.

        Args:
            final: Count runs that failed for a passing reason too, which would be run again at resume.
        """
        held, wanted = scan(self.source), set(self.keys)
        return {key: place for key, place in held.items() if key in wanted and (final or not place.again)}

    def todo(self, done: Iterable[str] | None = None) -> list[int]:
        """Indices into ``plan.runs`` of what is still to be run, each key once, in canonical order."""
        known = set(self.done() if done is None else done)
        found = []
        for i, key in enumerate(self.keys):
            if key not in known:
                known.add(key)
                found.append(i)
        return found

    def specs(self, library: Library | None = None) -> list[RunSpec]:
        """A spec for each run of the plan.

        Raises:
            StoreError: If the model or the scenario files have changed since the store was made.
        """
        files = library or load_library()
        self.check_model(files)
        return self.plan.specs(files)

    def check_model(self, library: Library) -> None:
        """Make sure that runs made now belong with those of the store.

        Raises:
            StoreError: If the model or the scenario files have changed since the store was made.
        """
        now = plan_file(self.plan, library)
        _check_model(self.name, self.file, now)
        if now.fingerprints != self.file.fingerprints:
            raise StoreError("other_model", file=self.name, details={"what": "scenarios"})

    @property
    def same_model(self) -> bool:
        """Whether the sources of the model are still those of the store: where not, it cannot go on."""
        return self.file.common.model == source_fingerprint()

    @property
    def finished(self) -> bool:
        """Whether every run has a record, and in a folder all are merged and the manifest is written."""
        return not self.todo(self.done(final=True))

    def counts(self, held: Mapping[str, Place] | None = None) -> dict[str, int]:
        """Runs of the plan by state: all, done, failed, waiting.

        Args:
            held: Where each record stands, if that is known already.
        """
        held = self.done(final=True) if held is None else held
        states = [held[key].status if key in held else "waiting" for key in self.keys]
        return {"all": len(states), **{name: states.count(name) for name in (DONE, "failed", "waiting")}}


class Folder(Store):
    """A folder of runs.

    Attributes:
        folder: Where it is.
    """

    def __init__(self, folder: Path, file: PlanFile, source: Source | None = None) -> None:
        super().__init__(file, source or Files(folder))
        self.folder = folder

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def finished(self) -> bool:
        """Whether all runs are merged and the manifest is written."""
        return (self.folder / MANIFEST).is_file() or not isinstance(self.source, Files)


def _content(place: Path) -> dict[str, Any]:
    """Content of the plan file, brought to the layout of today in memory.

    Raises:
        StoreError: If this is no store, or one of a newer layout.
    """
    if not is_store(place):
        raise StoreError("not_a_store", file=place.name)
    return up_to_date(read_json(place / PLAN), place.name)


def _existing(place: Path) -> PlanFile | None:
    """The plan of the store that stands here; None where there is nothing.

    Raises:
        StoreError: If something else stands here.
    """
    if place.exists() and not place.is_dir():
        raise FolderError("folder_is_file", file=place.name)
    with told(place):
        empty = not place.exists() or all(p.name == PLAN + TEMPORARY for p in place.iterdir())
    if not empty and not is_store(place) and (is_result(place) or is_old(place)):
        raise FolderError("holds_results", file=place.name, details={"what": place.name})
    if not empty and not is_store(place):
        raise FolderError("folder_not_ours", file=place.name)
    return None if empty else read_plan(place, _content(place))


def _check_kept(place: Path, old: PlanFile, wanted: PlanFile) -> bool:
    """Make sure that the new plan keeps every run that the store holds.

    Returns:
        Whether it holds any.

    Raises:
        StoreError: If runs would be lost or mixed with those of another model.
    """
    held = scan(Files(place))
    if not held:
        return False
    _check_model(place.name, old, wanted)
    lost = len(held.keys() - set(wanted.keys()))
    if lost:
        raise StoreError("other_plan", file=place.name, details={"runs": str(lost), "what": old.command or old.plan.id})
    return True


def _earlier(old: PlanFile, now: PlanFile) -> tuple[Mapping[str, str], ...]:
    """Versions under which the runs that a store holds were made, where they are not those of now."""
    return tuple(
        v for v in (*old.earlier, *([old.versions] if old.versions not in old.earlier else [])) if v != now.versions
    )


def _check_model(name: str, old: PlanFile, now: PlanFile) -> None:
    for what in ("model", "scheme", "task_sources", "county_table"):
        if getattr(old.common, what) != getattr(now.common, what):
            raise StoreError("other_model", file=name, details={"what": what})


def _write_plan(place: Path, wanted: PlanFile) -> None:
    """Write plan and county table; where the plan differs from the one that stands, the store is finished no longer.

    The plan goes first: it is what tells that the folder is ours.
    """
    text, path = dump_plan(wanted), place / PLAN
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        remove_pages(place)
        withdraw(place)
        write_text(path, text)
    given, own = wanted.plan.counties, place / COUNTIES
    if given and Path(given).resolve() != own.resolve() and file_hash(own) != wanted.common.county_table:
        replace_file(own, lambda half: half.write_bytes(Path(given).read_bytes()) and None)


def clear(place: Path) -> None:
    """Remove what this program wrote into a folder: what its manifest lists, and a store's own files."""
    if not place.is_dir():
        return
    for path in listed_files(place):
        path.unlink(missing_ok=True)
    withdraw(place)
    for name in (SHARDS, RUNS, READY, STAGING):
        shutil.rmtree(place / name, ignore_errors=True)
    for name in (PLAN, COUNTIES, POINTS):
        (place / name).unlink(missing_ok=True)


def remove_pages(place: Path) -> None:
    """Remove what was written about a store's runs, before those change."""
    for path in listed_files(place):
        if path.relative_to(place).parts[0] not in (PLAN, COUNTIES, POINTS, RUNS):
            path.unlink(missing_ok=True)
