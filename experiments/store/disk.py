"""Files that are there whole or not at all: write under a temporary name, flush to the disk, rename."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from experiments.store.errors import StoreError, StoreFull

TEMPORARY = ".half"
"""End of the name of a file that is being written."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one and nothing between; make its folder.

    Raises:
        OSError: If it cannot be written; the temporary file is removed and an older file of the name still stands.
    """
    half = path.with_name(path.name + TEMPORARY)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write(half)
        sync(half)
        os.replace(half, path)
    except BaseException:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """:func:`replace_file` for text in UTF-8, with one kind of line end on every system."""
    replace_file(path, lambda half: half.write_text(text, encoding="utf-8", newline="\n"))


def sync(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    number = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk; Windows has no such thing."""
    if os.name != "nt":
        sync(folder)


@contextlib.contextmanager
def told(folder: Path, runs: int = 0) -> Iterator[None]:
    """Turn the system's refusal to write into an error of the store.

    Raises:
        StoreFull: If the disk is full.
        StoreError: If the place cannot be written for another reason.
    """
    try:
        yield
    except OSError as error:
        why = str(error.strerror or error)
        if error.errno in _FULL:
            raise StoreFull("full", file=folder.name, found=why, details={"runs": str(runs)}) from error
        raise StoreError("unwritable", file=folder.name, found=why) from error
