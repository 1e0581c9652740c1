"""Take up what a killed process left in a store's folder."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from experiments.store import manifest
from experiments.store.disk import sync_folder
from experiments.store.index import READY, RUNS, leftovers
from experiments.store.points import POINTS
from experiments.store.shards import SHARDS

STAGING = "staging"
"""Where a finished store is written before one rename makes it ``ready``."""
MERGED = "merged.txt"
"""Names of the shards that went into ``ready``: those go, and no shard that another process wrote since."""


def recover(folder: Path) -> None:
    """Finish the moves of a finished store, remove half-written files."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    ready = folder / READY
    if ready.is_dir():
        _place(folder, ready)
    for path in leftovers(folder):
        path.unlink(missing_ok=True)


def _place(folder: Path, ready: Path) -> None:
    """Move a finished store's files to their places; the manifest goes last, then shards and folder go."""
    if (ready / manifest.MANIFEST).is_file():
        # The digest is not withdrawn: it may be the new one, moved before the process was killed here.
        (folder / manifest.MANIFEST).unlink(missing_ok=True)
        (folder / RUNS).mkdir(exist_ok=True)
        for path in sorted((ready / RUNS).glob("*")):
            os.replace(path, folder / RUNS / path.name)
        kept = {path.name for path in manifest.listed_files(ready)}
        for path in (folder / RUNS).iterdir():
            if path.name not in kept:
                path.unlink()
        sync_folder(folder / RUNS)
        for name in (POINTS, manifest.DIGEST):
            if (ready / name).exists():
                os.replace(ready / name, folder / name)
        sync_folder(folder)
        os.replace(ready / manifest.MANIFEST, folder / manifest.MANIFEST)
        sync_folder(folder)
    listed = ready / MERGED
    for name in listed.read_text(encoding="utf-8").split() if listed.exists() else ():
        (folder / SHARDS / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (folder / SHARDS).rmdir()
    shutil.rmtree(ready)
