"""Check a result folder: every byte against its manifest, and a sample of runs by running them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from experiments.run.again import rerun_store
from experiments.store import manifest
from experiments.store.errors import StoreError
from experiments.store.folder import INNER, Folder, Store
from experiments.store.index import scan
from experiments.store.layout import PLAN, RESULT, SPEC, is_store, read_json
from experiments.store.layout import STORE as MARK
from experiments.store.versions import versions
from sim.parameters import Library, load_library
from sim.parameters.errors import AT, InputError, InputErrors, Words
from sim.parameters.texts import Phrase

SENTENCES: Mapping[str, str] = {
    "unfinished": "not finished: there is no manifest to check against",
    "manifest": "the manifest does not match its own digest, or cannot be read",
    "missing": "listed in the manifest but not in the folder",
    "changed": "its content is not what the manifest says",
    "foreign": "not in the manifest",
    "run_differs": "running it again gives another result: {what} is {stored} in the store and {found} now",
    "sources_differ": "the model's sources are not those that made these results, so no run was run again",
    "scenarios_differ": "the scenario files are not those that made these results, so no run was run again: {what}",
    "foreign_runs": "of {n} stored runs {foreign} belong to no run of the plan",
    "lacking_runs": "of {n} runs of the plan {lacking} are not stored, although the manifest calls it finished",
    "nothing_kept": "the folder keeps no runs that could be run again",
    "versions_differ": "versions of dependencies are not those of then: {what}",
}
"""What each kind of problem says."""
NOTES = ("sources_differ", "scenarios_differ", "versions_differ", "nothing_kept")
"""Kinds that concern the program of now and not the folder."""


@dataclass(frozen=True)
class Problem:
    """Something that was found.

    Attributes:
        kind: Key of :data:`SENTENCES`.
        where: File, or point and replicate.
        details: What fills the placeholders of the sentence.
    """

    kind: str
    where: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def grave(self) -> bool:
        """Whether the results themselves are in doubt."""
        return self.kind not in NOTES

    def line(self) -> Words:
        """One line: where, and what."""
        what = Phrase(f"verify.{self.kind}", SENTENCES[self.kind], self.details)
        return Phrase("label.at", AT, {"place": self.where, "what": what}) if self.where else what


@dataclass(frozen=True)
class Verified:
    """What a check found, and what it did.

    Attributes:
        problems: What was found; empty when all is well.
        rerun: Runs that were run again.
        wanted: Runs that were to be run again.
    """

    problems: tuple[Problem, ...]
    rerun: int
    wanted: int

    @property
    def grave(self) -> tuple[Problem, ...]:
        """Problems that put the results in doubt."""
        return tuple(problem for problem in self.problems if problem.grave)

    @property
    def holds(self) -> bool:
        """Whether nothing grave was found, and runs came out again if any were to be run."""
        return not self.grave and (self.rerun > 0 or self.wanted == 0)


def verify(
    folder: str | Path, sample: int = 5, seed: int = 0, library: Library | None = None, *, task: str = ""
) -> Verified:
    """Check a store or another result folder; touches nothing.

    Args:
        folder: What to check.
        sample: How many runs to run again; none where the files themselves are in doubt.
        seed: Another seed takes other runs.
        library: The scenario files; those of the product by default.
        task: What ran the runs of a store, where that is not one of :data:`experiments.run.tasks.TASKS`.

    Raises:
        StoreError: If the folder is no result of this program, one of a newer layout, or names a task of its own.
    """
    place = Path(folder)
    kind = _kind(place)
    found = list(_files(place))
    if any(problem.kind != "unfinished" for problem in found):
        return Verified(tuple(found), 0, sample)
    if kind == "store":
        found += _keys(Store.open(place))
    now = _programme(_made_by(place, kind))
    found += now
    if sample == 0 or any(p.kind in ("sources_differ", "foreign_runs") for p in found):
        return Verified(tuple(found), 0, sample)
    again, rerun = _runs(place, kind, sample, seed, library, task)
    return Verified((*found, *again), rerun, sample)


def _keys(store: Folder) -> Iterator[Problem]:
    """Whether the runs that are stored are those of the plan: a key says everything that moves a run."""
    held, wanted = set(scan(store.source)), set(store.keys)
    if foreign := len(held - wanted):
        yield Problem("foreign_runs", details={"n": str(len(held)), "foreign": str(foreign)})
    if store.finished and (lacking := len(wanted - held)):
        yield Problem("lacking_runs", details={"n": str(len(wanted)), "lacking": str(lacking)})


def _kind(place: Path) -> str:
    """Which of the two kinds of folder this is.

    Returns:
        "store" or "result".

    Raises:
        StoreError: If it is neither.
    """
    listed = manifest.read(place)
    if is_store(place) or MARK in listed:
        return "store"
    if (place / PLAN).is_file() and (place / manifest.MANIFEST).is_file():
        return "store"
    if RESULT in listed or RESULT in read_json(place / SPEC):
        return "result"
    raise StoreError("not_a_store", file=place.name)


def _files(place: Path) -> Iterator[Problem]:
    if not (place / manifest.MANIFEST).is_file():
        gone = (place / manifest.DIGEST).is_file()
        yield Problem("missing", manifest.MANIFEST) if gone else Problem("unfinished")
        return
    if not manifest.digest_holds(place):
        yield Problem("manifest", manifest.MANIFEST)
    if manifest.read(place):
        for kind, names in zip(("missing", "changed", "foreign"), manifest.changed(place), strict=True):
            yield from (Problem(kind, name) for name in names)


def _made_by(place: Path, kind: str) -> Mapping[str, str]:
    """Versions of then, with the hash of the model's sources."""
    if kind == "store":
        return Store.open(place).file.versions
    found: Mapping[str, str] = read_json(place / SPEC).get("versions", {})
    return found


def _programme(then: Mapping[str, str]) -> list[Problem]:
    now, found = versions(), []
    if then.get("model_sources") != now["model_sources"]:
        found.append(Problem("sources_differ"))
    other = [f"{n} {then[n]} → {now.get(n, '–')}" for n in then if n != "model_sources" and then[n] != now.get(n)]
    if other:
        found.append(Problem("versions_differ", details={"what": ", ".join(other)}))
    return found


def _runs(
    place: Path, kind: str, sample: int, seed: int, library: Library | None, task: str
) -> tuple[list[Problem], int]:
    """What comes out otherwise, and how many runs were run again."""
    if kind == "result" and is_store(place / INNER):
        place, kind = place / INNER, "store"
    elif kind == "result":
        return [Problem("nothing_kept")], 0
    files = library or load_library()
    try:
        found, rerun = rerun_store(place, sample, seed, files, task=task)
    except StoreError as error:
        if error.message_id != "other_model":
            raise
        what = ", ".join(map(str, error.details.values()))
        return [Problem("scenarios_differ", details={"what": what})], 0
    except (InputError, InputErrors) as error:
        return [Problem("scenarios_differ", details={"what": str(error)})], 0
    told = [{"what": d.what, "stored": d.stored, "found": d.found} for d in found]
    return [Problem("run_differs", d.where, details) for d, details in zip(found, told, strict=True)], rerun
