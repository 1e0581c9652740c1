"""A result folder opened for telling: a study's result, a sweep's store, or a result of another kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from experiments.analysis.context import CONTEXT, context_of
from experiments.analysis.guards import check
from experiments.analysis.load import study_of
from experiments.analysis.study import Study
from experiments.errors import ExperimentError
from experiments.plan.from_study import STUDY
from experiments.store import manifest as manifests
from experiments.store.errors import StoreError
from experiments.store.folder import Folder, Store
from experiments.store.layout import is_store, read_json
from experiments.store.manifest import MANIFEST
from experiments.store.old import is_old
from experiments.store.plan_file import COUNTIES
from experiments.store.result import FORMAT, MARK, SPEC
from sim.parameters import Library, load_library
from sim.parameters.texts import LANGUAGES

COMPARE, SWEEP = "compare", "sweep"
FEW_POINTS = 8
"""A sweep of up to this many points is told point by point, as scenarios of a study."""


class ResultError(ExperimentError):
    """A folder that holds no result, or one that cannot be read."""

    topic: ClassVar[str] = "opened"
    sentences: ClassVar[Mapping[str, str]] = {
        "no_folder": "there is no such folder",
        "not_a_result": "this folder holds no result, so there is nothing to report",
        "newer_result": "this result was written by a newer version; upgrade to read it",
        "broken_result": "the result is incomplete or damaged, so no brief can be made from it",
    }


@dataclass(frozen=True)
class Result:
    """A result that can be told.

    Attributes:
        folder: Where it lies.
        kind: "compare", "sweep", or what its ``spec.json`` says under "kind".
        spec, manifest: The two JSON files; an interrupted result has an empty manifest.
        context: What the scenario files said when it ran (:mod:`experiments.analysis.context`).
        study: Scenarios with runs, where the folder holds any.
        changed: Files that are missing or differ from the manifest.
        store: The store, where the folder is one.
        whole: Whether it was written to its end.
    """

    folder: Path
    kind: str
    spec: Mapping[str, Any]
    context: Mapping[str, Any]
    study: Study | None
    manifest: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    store: Store | None = None
    whole: bool = True

    @property
    def files(self) -> dict[str, Any]:
        """Files of the manifest without briefs, which were made from the others."""
        return {name: one for name, one in self.manifest.get("files", {}).items() if not is_brief(name)}

    @property
    def digest(self) -> str:
        """SHA-256 over the lines that ``sha256sum`` would print for these files, "" without a manifest."""
        lines = "".join(f"{one['sha256']}  {name}\n" for name, one in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest() if lines else ""


def is_brief(name: str) -> bool:
    """Whether a file of a result folder is a brief of it."""
    return name.startswith("brief.") and name.endswith((".html", ".pdf"))


def open_result(folder: Path, library: Library | None = None) -> Result:
    """Read a result folder or a store; writes nothing and runs nothing.

    Args:
        folder: The folder.
        library: The scenario files, for folders that keep no context of their own; those of the product by default.

    Raises:
        ResultError: If the folder is missing, holds no result, or its result cannot be read.
    """
    if not folder.is_dir():
        raise ResultError("no_folder", file=str(folder))
    spec, manifest = read_json(folder / SPEC), read_json(folder / MANIFEST)
    if (is_store(folder) and "kind" not in spec) or is_old(folder):
        try:
            return of_store(Store.open(folder), library)
        except StoreError as error:
            kind = "newer_result" if error.message_id == "newer_schema" else "broken_result"
            raise ResultError(kind, file=folder.name, found=error.found) from error
    if MARK not in spec:
        raise ResultError("not_a_result", file=folder.name)
    if not isinstance(spec[MARK], int) or spec[MARK] > FORMAT:
        raise ResultError("newer_result", file=folder.name, found=str(spec[MARK]))
    context, kind = read_json(folder / CONTEXT), str(spec.get("kind", COMPARE))
    return Result(folder, kind, spec, context, None, manifest, _changed(folder, manifest), whole=bool(manifest))


def _changed(folder: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Files that are missing or differ from the manifest, briefs aside; the manifest where its digest differs."""
    return tuple(name for name in manifests.unsound(folder) if not is_brief(name)) if manifest else ()


def _context_now(study: Study, library: Library | None) -> dict[str, Any]:
    """What the scenario files say today, for a result written before results kept it."""
    files = library or load_library()
    record = files.studies.get(study.id)
    whole = all(key in g.resolved.levers for g in study.groups for key in files.levers)
    guards = check(study, {key: lever.inert for key, lever in files.levers.items()}) if whole else ()
    return context_of(study, files, guards, record.what.as_dict() if record else None)


def of_store(store: Folder, library: Library | None = None) -> Result:
    """A store as a result: a comparison, or a sweep told as a study where its points are few and whole.

    Raises:
        StoreError: If a record is missing or damaged that the manifest calls there.
    """
    folder, files = store.folder, library or load_library()
    if store.finished and store.counts()["waiting"]:
        raise StoreError("damaged", file=store.name)
    study = None
    if len(store.plan.points) <= FEW_POINTS or store.plan.design.get("method") == STUDY:
        try:
            study = study_of(store, files)
        except StoreError as error:
            if error.message_id not in ("parts_missing", "nothing_common", "other_model"):
                raise
    kept, manifest = read_json(folder / CONTEXT), read_json(folder / MANIFEST)
    kind = COMPARE if kept and study is not None else SWEEP
    context = kept or (_context_now(study, files) if study is not None else {})
    changed, inner = _changed(folder, manifest), store if kind == SWEEP else None
    return Result(folder, kind, spec_of(store, study), context, study, manifest, changed, inner, bool(manifest))


def spec_of(store: Store, study: Study | None) -> dict[str, Any]:
    """What was run, as plain data for its page."""
    plan, file = store.plan, store.file
    table = file.common.county_table
    spec = {
        "title": {lang: str(plan.title.get(lang, plan.id)) for lang in LANGUAGES},
        "command": file.command,
        "draw_scheme": file.common.scheme,
        "root": plan.root,
        "versions": {**file.versions, "model_sources": file.common.model},
        "counties": {"file": COUNTIES, "sha256": table} if table else None,
    }
    if study is None:
        return spec
    scenarios = [{"id": g.id, "title": g.title, "fingerprint": g.resolved.fingerprint} for g in study.groups]
    return {**spec, "fingerprint": study.fingerprint, "scenarios": scenarios}
