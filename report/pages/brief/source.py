"""Open a result folder: which kind it is, what stands in it, and whether its files are as they were written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.store import manifest as manifests
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.layout import is_store
from experiments.store.manifest import MANIFEST
from experiments.store.old import is_old
from experiments.store.result import FORMAT, MARK, SPEC
from report.errors import BriefError
from report.pages.brief.context import CONTEXT, context_of
from report.pages.brief.swept import spec_of_store, study_of_store

if TYPE_CHECKING:
    from experiments.analysis.study import Study

COMPARE, SWEEP = "compare", "sweep"
SECTIONS = "sections.json"
"""Sections that a result brings along; see :mod:`report.pages.brief.given`."""
PARTS = ("sensitivity", "attribution")
"""Kinds of results that may lie inside another, in a folder of that name."""


@dataclass(frozen=True)
class Source:
    """A result folder that has been read.

    Attributes:
        folder: Where it lies.
        kind: "compare", or what its ``spec.json`` says under "kind".
        spec, manifest: The two JSON files; an interrupted result has an empty manifest.
        changed: Files that are missing or differ from the manifest.
        context: What the scenario files said when it ran.
        study: Scenarios with runs, where the folder holds any.
        given: Sections that the folder brings along, by language.
        store: The store, where the folder is one.
    """

    folder: Path
    kind: str
    spec: Mapping[str, Any]
    manifest: Mapping[str, Any]
    changed: tuple[str, ...]
    context: Mapping[str, Any]
    study: Study | None
    given: Mapping[str, Any] = field(default_factory=dict)
    store: Store | None = None

    @property
    def files(self) -> dict[str, Any]:
        """Files of the manifest without briefs, which were made from the others."""
        return {name: one for name, one in self.manifest.get("files", {}).items() if not is_brief(name)}

    @property
    def digest(self) -> str:
        """SHA-256 over the lines that ``sha256sum`` would print for these files, "" without a manifest."""
        lines = "".join(f"{one['sha256']}  {name}\n" for name, one in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest() if lines else ""


def parts_of(folder: Path) -> list[Path]:
    """Results inside a result: a sensitivity study or an attribution of it, each in a folder of that name."""
    return [folder / name for name in PARTS if any((folder / name).glob("*.md"))]


def is_brief(name: str) -> bool:
    """Whether a file of a result folder is a brief of it."""
    return name.startswith("brief.") and name.endswith((".html", ".pdf"))


def open_source(folder: Path, library: Any = None) -> Source:
    """Read a result folder; writes nothing.

    Args:
        folder: The folder.
        library: The scenario files, for folders that keep no context of their own; those of the product by default.

    Raises:
        BriefError: If the folder is missing, holds no result, or its result cannot be read.
    """
    if not folder.is_dir():
        raise BriefError("no_folder", file=str(folder))
    spec, manifest = read_json(folder / SPEC), read_json(folder / MANIFEST)
    if MARK not in spec and not is_store(folder) and folder.name in PARTS and any(folder.glob("*.md")):
        return Source(folder, folder.name, spec, manifest, _changed(folder, manifest), {}, None)
    if MARK not in spec and (is_store(folder) or is_old(folder)):
        try:
            return _open_store(folder, manifest, library)
        except StoreError as error:
            kind = "newer_result" if error.message_id == "newer_schema" else "broken_result"
            raise BriefError(kind, file=folder.name, found=error.found) from error
    if MARK not in spec:
        raise BriefError("not_a_result", file=folder.name)
    if not isinstance(spec[MARK], int) or spec[MARK] > FORMAT:
        raise BriefError("newer_result", file=folder.name, found=str(spec[MARK]))
    try:
        changed = _changed(folder, manifest)
        context = read_json(folder / CONTEXT)
        kind = str(spec.get("kind", COMPARE))
        study = study_of_store(Store.open(folder), library) if "scenarios" in spec else None
        if study is not None and not context:
            context = _context_now(study, library)
    except (StoreError, OSError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise BriefError("broken_result", file=folder.name, found=f"{type(error).__name__}: {error}"[:200]) from error
    return Source(folder, kind, spec, manifest, changed, context, study, read_json(folder / SECTIONS))


def _open_store(folder: Path, manifest: Mapping[str, Any], library: Any) -> Source:
    """A sweep; its scenario files are those of today, for a store of others is refused where they matter."""
    store = Store.open(folder)
    study = study_of_store(store, library)
    spec = spec_of_store(store)
    if study is not None:
        spec["fingerprint"] = study.fingerprint
        spec["scenarios"] = [
            {"id": g.id, "title": g.title, "fingerprint": g.resolved.fingerprint} for g in study.groups
        ]
    changed = _changed(folder, manifest)
    kept = read_json(folder / CONTEXT)
    context = kept or (_context_now(study, library) if study is not None else {})
    kind = COMPARE if kept and study is not None else SWEEP
    return Source(folder, kind, spec, manifest, changed, context, study, read_json(folder / SECTIONS), store)


def _changed(folder: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Files that are missing or differ from the manifest, briefs aside; the manifest where its digest differs."""
    if not manifest:
        return ()
    return tuple(name for name in manifests.unsound(folder) if not is_brief(name))


def _context_now(study: Study, library: Any) -> dict[str, Any]:
    """What the scenario files say today, for a result written before results kept it."""
    from experiments.analysis.guards import check
    from sim.parameters import load_library

    files = library or load_library()
    record = files.studies.get(study.id)
    whole = all(key in g.resolved.levers for g in study.groups for key in files.levers)
    guards = check(study, {key: lever.inert for key, lever in files.levers.items()}) if whole else ()
    return context_of(study, files, guards, record.what.as_dict() if record else None)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
