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
from sim.parameters.errors import InputError, InputErrors

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "unfinished": {"zh": "还没有完成，没有清单可核对", "en": "not finished: there is no manifest to check against"},
    "manifest": {
        "zh": "清单与它自己的校验值不符，或读不出来",
        "en": "the manifest does not match its own digest, or cannot be read",
    },
    "missing": {"zh": "清单里有这个文件，文件夹里没有", "en": "listed in the manifest but not in the folder"},
    "changed": {"zh": "内容与清单不符", "en": "its content is not what the manifest says"},
    "foreign": {"zh": "不在清单里", "en": "not in the manifest"},
    "run_differs": {
        "zh": "重新运行得到不同的结果：{what}，库中{stored}，现在{found}",
        "en": "running it again gives another result: {what} is {stored} in the store and {found} now",
    },
    "sources_differ": {
        "zh": "写出这些结果的模型源码与现在的不同，因此没有重新运行",
        "en": "the model's sources are not those that made these results, so no run was run again",
    },
    "scenarios_differ": {
        "zh": "情景文件与写出这些结果时不同，因此没有重新运行：{what}",
        "en": "the scenario files are not those that made these results, so no run was run again: {what}",
    },
    "foreign_runs": {
        "zh": "库里存的{n}次运行中，有{foreign}次不属于这个计划",
        "en": "of {n} stored runs {foreign} belong to no run of the plan",
    },
    "lacking_runs": {
        "zh": "计划的{n}次运行中，有{lacking}次没有存下来，清单却说已完成",
        "en": "of {n} runs of the plan {lacking} are not stored, although the manifest calls it finished",
    },
    "nothing_kept": {
        "zh": "文件夹里没有可以重新运行的运行",
        "en": "the folder keeps no runs that could be run again",
    },
    "versions_differ": {
        "zh": "依赖的版本与写出结果时不同：{what}",
        "en": "versions of dependencies are not those of then: {what}",
    },
}
"""What each kind of problem says, by language."""
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

    def render(self, lang: str) -> str:
        """One line in `lang`."""
        sentence = SENTENCES[self.kind][lang].format(**self.details)
        return f"{self.where}{'：' if lang == 'zh' else ': '}{sentence}" if self.where else sentence


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
