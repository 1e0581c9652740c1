"""The result folder of a study: tables, figures, reports, what was run, and a manifest of hashes.

The marker file is written first and the manifest last, so a folder without a manifest was interrupted and a folder
without a marker is not ours.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import FolderError
from experiments.store import manifest
from experiments.store.folder import is_store
from experiments.store.manifest import MANIFEST, file_hash
from experiments.store.tables import (
    cohorts_table,
    outcomes_table,
    records_table,
    runs_table,
    write_table,
    write_text,
    yearly_table,
)

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study

SPEC = "spec.json"
MARK = "xiaozhen_result"
FORMAT = 1
"""Version of the folder's layout; stands under the key ``xiaozhen_result`` in both JSON files."""
_PACKAGES = ("numpy", "numba", "scipy", "mesa", "pyarrow", "matplotlib")


def check_folder(out: Path, *, around: str = "", force: bool = False, command: str = "") -> None:
    """Make sure that a result may be written here; creates nothing.

    Args:
        out: The place.
        around: Name of a store that may stand in it already.
        force: Whether a finished result may be replaced; one that was interrupted always may.
        command: A finished result of this very line may be written again.

    Raises:
        FolderError: If the place is a file, a non-empty folder that is no earlier result, or holds a finished one.
    """
    shown = out.name
    if out.exists() and not out.is_dir():
        raise FolderError("folder_is_file", file=shown)
    try:
        filled = out.exists() and any(not (around == p.name and is_store(p)) for p in out.iterdir())
    except OSError as error:
        raise FolderError("folder_unwritable", file=shown, found=str(error.strerror)) from error
    if filled and not is_result(out):
        raise FolderError("folder_not_ours", file=shown)
    if MARK in manifest.read(out) and not force:
        held = str(_json(out / SPEC).get("command") or shown)
        if not command or held != command:
            raise FolderError("holds_results", file=shown, details={"what": held})


def is_result(folder: Path) -> bool:
    """Whether the folder holds a result, finished or interrupted."""
    return any(MARK in _json(folder / name) for name in (SPEC, MANIFEST))


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def open_folder(out: Path, spec: Mapping[str, Any], *, around: str = "") -> None:
    """Clear an earlier result's own files and write the marker; whether it may go was asked before the runs.

    Args:
        out: The folder.
        spec: What the marker's file says.
        around: Name of a store in it, which stays.

    Raises:
        FolderError: If the place cannot be written, or is not ours.
    """
    check_folder(out, around=around, force=True)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in list(manifest.listed_files(out)):
            if not around or path.relative_to(out).parts[0] != around:
                path.unlink(missing_ok=True)
        manifest.withdraw(out)
        write_text(out / SPEC, dump(spec))
    except OSError as error:
        raise FolderError("folder_unwritable", file=out.name, found=str(error.strerror)) from error


def dump(content: Mapping[str, Any]) -> str:
    """JSON with keys in the order given, readable Chinese, and a newline at the end."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_tables(study: Study, out: Path) -> list[Path]:
    """Write runs, yearly, cohorts, estimates and the meaning of outcomes, each as CSV and Parquet."""
    tables = {
        "runs": runs_table(study.groups),
        "yearly": yearly_table(study.groups),
        "cohorts": cohorts_table(study.groups),
        "estimates": records_table(study.estimate_records()),
        "outcomes": outcomes_table(study.outcomes),
    }
    return [path for name, table in tables.items() for path in write_table(table, out / name)]


def write_manifest(out: Path, files: Iterable[Path]) -> Path:
    """Write size and SHA-256 of every file, sorted by name, and a digest of the manifest itself."""
    return manifest.write(out, {MARK: FORMAT}, manifest.entries(out, files))


def changed_files(out: Path) -> list[str]:
    """Files of a result that are missing or differ from its manifest.

    Raises:
        FolderError: If the folder has no manifest.
    """
    if MARK not in manifest.read(out):
        raise FolderError("folder_not_ours", file=out.name)
    missing, differ, _ = manifest.changed(out)
    return sorted([*missing, *differ])


def spec_of(study: Study, inert: Mapping[str, Any], *, command: str, counties: Path | None) -> dict[str, Any]:
    """What was run, as plain data: everything needed to run it again and nothing about when or where it ran."""
    from sim.engine.draws import SCHEME

    root = study.groups[0].specs[0].root if study.groups[0].specs else None
    return {
        MARK: FORMAT,
        "study": study.id,
        "title": {lang: str(study.title[lang]) for lang in ("zh", "en")},
        "command": command,
        "replicates": study.replicates,
        "root": root,
        "behaviour": {"mode": study.behaviour, "sha256": study.draws},
        "draw_scheme": SCHEME,
        "fingerprint": study.fingerprint,
        "versions": versions(),
        "counties": {"file": counties.name, "sha256": file_hash(counties)} if counties else None,
        "scenarios": [_scenario(g, study.baseline_of.get(g.id), inert) for g in study.groups],
    }


def versions() -> dict[str, str]:
    """Versions of the product and of what its numbers and figures pass through, and the hash of the model's sources."""
    from importlib.metadata import PackageNotFoundError, version

    from sim.engine.kernel import source_fingerprint

    found = {}
    for name in ("xiaozhen", *_PACKAGES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "source tree" if name == "xiaozhen" else "not installed"
    return {**found, "python": platform.python_version(), "model_sources": source_fingerprint()}


def _scenario(group: ScenarioRuns, baseline: str | None, inert: Mapping[str, Any]) -> dict[str, Any]:
    r = group.resolved
    moved = {k: _spans(v) for k, v in r.levers.items() if any(x != inert.get(k) for x in v)}
    return {
        "id": group.id,
        "title": {lang: str(group.title[lang]) for lang in ("zh", "en")},
        "regime": r.regime,
        "world": r.world,
        "start": str(r.start),
        "quarters": r.quarters,
        "announced": str(r.start + r.announced_index),
        "effective": str(r.start + r.effective_index),
        "compared_with": baseline,
        "fingerprint": r.fingerprint,
        "overridden": dict(r.overridden),
        "filled": dict(r.filled),
        "behaviour_overridden": {k: r.behaviour[k] for k in r.overridden if k in r.behaviour},
        "levers_not_inert": moved,
    }


def _spans(values: Iterable[Any]) -> list[list[Any]]:
    """Runs of equal values as [value, number of quarters], from the first quarter on."""
    return [[value, len(list(same))] for value, same in groupby(values)]
