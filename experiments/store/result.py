"""The result folder of a study: tables, figures, reports, what was run, and a manifest of hashes.

The marker file is written first and the manifest last, so a folder without a manifest was interrupted and a folder
without a marker is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.errors import FOLDER_ALLOWED, FolderError
from experiments.store import manifest
from experiments.store.disk import write_text
from experiments.store.folder import clear, remove_pages
from experiments.store.layout import RESULT as MARK
from experiments.store.layout import SPEC, is_result, is_store, read_json

__all__ = ["FORMAT", "MARK", "SPEC", "check_folder", "dump", "open_folder", "sign"]
FORMAT = 1
"""Version of the folder's layout; stands under the key ``xiaozhen_result`` in both JSON files."""


def check_folder(out: Path, *, force: bool = False, command: str = "") -> None:
    """Make sure that a result without a store may be written here; creates nothing.

    Args:
        out: The place.
        force: Whether a finished result may be replaced; one that was interrupted always may.
        command: A finished result of this very line may be written again.

    Raises:
        FolderError: If the place is a file, a non-empty folder that is no earlier result, or holds a finished one.
    """
    shown = out.name
    if out.exists() and not out.is_dir():
        raise FolderError("folder_is_file", file=shown)
    try:
        filled = out.exists() and any(out.iterdir())
    except OSError as error:
        raise FolderError("folder_unwritable", file=shown, found=str(error.strerror)) from error
    if filled and not is_result(out):
        raise FolderError("folder_not_ours", file=shown, allowed=FOLDER_ALLOWED)
    if MARK in manifest.read(out) and not force:
        held = str(read_json(out / SPEC).get("command") or shown)
        if not command or held != command:
            raise FolderError("holds_results", file=shown, details={"what": held})


def open_folder(out: Path, spec: Mapping[str, Any]) -> None:
    """Clear an earlier result's own files, or the pages of a store, and write what the pages to come are of.

    Args:
        out: The folder; whether an earlier result may go was asked before the runs.
        spec: What the marker's file says.

    Raises:
        FolderError: If the place cannot be written, or is not ours.
    """
    try:
        if is_store(out):
            remove_pages(out)
        else:
            check_folder(out, force=True)
            out.mkdir(parents=True, exist_ok=True)
            clear(out)
        write_text(out / SPEC, dump(spec))
    except OSError as error:
        raise FolderError("folder_unwritable", file=out.name, found=str(error.strerror)) from error


def sign(out: Path, files: Sequence[Path]) -> Path:
    """Write the manifest of a result, or put its pages into that of its store.

    Returns:
        The manifest.
    """
    if is_store(out):
        return manifest.add_pages(out, files, {})
    return manifest.write(out, {MARK: FORMAT}, manifest.entries(out, files))


def dump(content: Mapping[str, Any]) -> str:
    """JSON with keys in the order given, readable Chinese, and a newline at the end."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
