"""Open a result folder: which kind it is, what stands in it, and whether its files are as they were written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.brief.context import CONTEXT, context_of
from experiments.brief.errors import BriefError
from experiments.brief.reload import reload_study
from experiments.results import FORMAT, MANIFEST, MARK, SPEC, changed_files, file_hash

if TYPE_CHECKING:
    from experiments.study import Study

COMPARE = "compare"


@dataclass(frozen=True)
class Source:
    """A result folder that has been read.

    Attributes:
        folder: Where it lies.
        kind: "compare", or what its ``spec.json`` says under "kind".
        spec, manifest: The two JSON files; an interrupted result has an empty manifest.
        manifest_hash: SHA-256 of the manifest, "" without one.
        changed: Files that are missing or differ from the manifest.
        context: What the scenario files said when it ran.
        study: Scenarios with runs, where the folder holds any.
    """

    folder: Path
    kind: str
    spec: Mapping[str, Any]
    manifest: Mapping[str, Any]
    manifest_hash: str
    changed: tuple[str, ...]
    context: Mapping[str, Any]
    study: Study | None


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
    if MARK not in spec:
        raise BriefError("not_a_result", file=folder.name)
    if not isinstance(spec[MARK], int) or spec[MARK] > FORMAT:
        raise BriefError("newer_result", file=folder.name, found=str(spec[MARK]))
    try:
        changed = tuple(changed_files(folder)) if MARK in manifest else ()
        context = read_json(folder / CONTEXT)
        kind = str(spec.get("kind", COMPARE))
        study = reload_study(folder, spec, context) if "scenarios" in spec else None
        if study is not None and not context:
            context = _context_now(study, library)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise BriefError("broken_result", file=folder.name, found=f"{type(error).__name__}: {error}"[:200]) from error
    return Source(folder, kind, spec, manifest, file_hash(folder / MANIFEST), changed, context, study)


def _context_now(study: Study, library: Any) -> dict[str, Any]:
    """What the scenario files say today, for a result written before results kept it."""
    from sim.parameters import load_library

    files = library or load_library()
    record = files.studies.get(study.id)
    return context_of(study, files, (), record.what.as_dict() if record else None)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
