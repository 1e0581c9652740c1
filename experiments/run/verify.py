"""Check a result folder: every byte against its manifest, and a sample of runs by running them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.run.again import Difference, rerun_result, rerun_store
from experiments.store import manifest
from experiments.store.errors import StoreError
from experiments.store.folder import INNER, Store, is_store
from experiments.store.plan_file import MARK, PLAN
from experiments.store.versions import versions
from sim.parameters import Library, load_library
from sim.parameters.errors import AT, InputError, InputErrors, Words
from sim.parameters.texts import Phrase

RESULT, SPEC = "xiaozhen_result", "spec.json"
"""Mark and file of a comparison's folder, see :mod:`experiments.store.result`."""
SENTENCES: Mapping[str, str] = {
    "unfinished": "not finished: there is no manifest to check against",
    "manifest": "the manifest does not match its own digest, or cannot be read",
    "missing": "listed in the manifest but not in the folder",
    "changed": "its content is not what the manifest says",
    "foreign": "not in the manifest",
    "run_differs": "running it again gives another result: {what} is {stored} in the store and {found} now",
    "sources_differ": "the model's sources are not those that made these results, so no run was run again",
    "scenarios_differ": "the scenario files are not those that made these results, so no run was run again: {what}",
    "versions_differ": "versions of dependencies are not those of then: {what}",
}
"""What each kind of problem says."""
NOTES = ("sources_differ", "scenarios_differ", "versions_differ")
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


def verify(folder: str | Path, sample: int = 5, seed: int = 0, library: Library | None = None) -> list[Problem]:
    """Check a store, or the result folder of a comparison; touches nothing.

    Args:
        folder: What to check.
        sample: How many runs to run again; none where the files themselves are in doubt.
        seed: Another seed takes other runs.
        library: The scenario files; those of the product by default.

    Returns:
        What was found; empty when all is well.

    Raises:
        StoreError: If the folder is no result of this program, or one of a newer layout.
    """
    place = Path(folder)
    kind = _kind(place)
    found = list(_files(place))
    if any(problem.kind != "unfinished" for problem in found):
        return found
    now = _programme(_made_by(place, kind))
    found += now
    if sample > 0 and not any(problem.kind == "sources_differ" for problem in now):
        found += _runs(place, kind, sample, seed, library)
    return found


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
    if RESULT in listed or RESULT in _json(place / SPEC):
        return "result"
    raise StoreError("not_a_store", file=place.name)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
    found: Mapping[str, str] = _json(place / SPEC).get("versions", {})
    return found


def _programme(then: Mapping[str, str]) -> list[Problem]:
    now, found = versions(), []
    if then.get("model_sources") != now["model_sources"]:
        found.append(Problem("sources_differ"))
    other = [f"{n} {then[n]} → {now.get(n, '–')}" for n in then if n != "model_sources" and then[n] != now.get(n)]
    if other:
        found.append(Problem("versions_differ", details={"what": ", ".join(other)}))
    return found


def _runs(place: Path, kind: str, sample: int, seed: int, library: Library | None) -> list[Problem]:
    if kind == "result" and is_store(place / INNER):
        place, kind = place / INNER, "store"
    elif kind == "result" and "study" not in _json(place / SPEC):
        return []
    again: Callable[..., list[Difference]] = rerun_store if kind == "store" else rerun_result
    try:
        found = again(place, sample, seed, library or load_library())
    except StoreError as error:
        if error.message_id != "other_model":
            raise
        return [Problem("scenarios_differ", details={"what": ", ".join(error.details.values())})]  # type: ignore[arg-type]
    except (InputError, InputErrors) as error:
        return [Problem("scenarios_differ", details={"what": str(error)})]
    return [Problem("run_differs", d.where, {"what": d.what, "stored": d.stored, "found": d.found}) for d in found]
