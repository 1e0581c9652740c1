"""The result folder of a study: tables, figures, reports, what was run, and a manifest of hashes.

The marker file is written first and the manifest last, so a folder without a manifest was interrupted and a folder
without a marker is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from experiments.errors import FOLDER_ALLOWED, FolderError
from experiments.store import manifest
from experiments.store.disk import write_text
from experiments.store.layout import RESULT as MARK
from experiments.store.layout import SPEC, is_result, is_store, read_json

__all__ = ["FORMAT", "MARK", "SPEC", "check_folder", "dump", "open_folder", "write_manifest"]
FORMAT = 1
"""Version of the folder's layout; stands under the key ``xiaozhen_result`` in both JSON files."""


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
        raise FolderError("folder_not_ours", file=shown, allowed=FOLDER_ALLOWED)
    if MARK in manifest.read(out) and not force:
        held = str(read_json(out / SPEC).get("command") or shown)
        if not command or held != command:
            raise FolderError("holds_results", file=shown, details={"what": held})


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


def write_manifest(out: Path, files: Iterable[Path]) -> Path:
    """Write size and SHA-256 of every file, sorted by name, and a digest of the manifest itself."""
    return manifest.write(out, {MARK: FORMAT}, manifest.entries(out, files))
