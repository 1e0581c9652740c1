"""How the steps are compiled: numba without fast-math, cached under a key of the sources.

Numba decides whether a cached function is stale by the file it stands in alone. A kernel that calls into another
module would therefore survive a change there, and old machine code would run under new sources. So the cache lives in
a folder named by the fingerprint of the model: a hash of all that can move a number in ``sim``, and of nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

import scenarios

_F = TypeVar("_F", bound=Callable[..., Any])
SOURCE_ROOT = Path(__file__).resolve().parents[1]
FACES = ("mesa",)
"""Folders of ``sim`` that look at a run and move nothing in it."""
_PROSE = re.compile(rb'^[ \t]*(?:[rR]?""".*?"""|#[^\n]*)[ \t]*$|^[ \t]*\n', re.M | re.S)
"""Docstrings, comments on lines of their own, empty lines."""


@cache
def source_fingerprint() -> str:
    """SHA-256 over the path and the statements of every ``.py`` file that can move a number, in sorted order.

    Docstrings, comments on lines of their own and the folders in :data:`FACES` are left out: rewording one makes no
    stored sweep another model's, and no kernel is compiled again. Instruments of one's own count.
    """
    own = [
        path
        for folder in scenarios.extensions()
        for path in sorted(folder.glob("*.py"))
        if not path.name.startswith("test_")
    ]
    if not own:
        return _package_fingerprint()
    digest = hashlib.sha256(_package_fingerprint().encode())
    for path in own:
        digest.update(path.name.encode() + statements(path.read_bytes()))
    return digest.hexdigest()


@cache
def _package_fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(SOURCE_ROOT.rglob("*.py")):
        name = path.relative_to(SOURCE_ROOT)
        if name.parts[0] not in FACES:
            digest.update(name.as_posix().encode())
            digest.update(statements(path.read_bytes()))
    return digest.hexdigest()


def statements(source: bytes) -> bytes:
    """A source file without what only people read; line ends as in Unix."""
    return _PROSE.sub(b"", source.replace(b"\r\n", b"\n"))


def cache_folder() -> Path:
    """Where compiled steps are kept: beside the sources when that folder can be written, else in the user's cache."""
    base = SOURCE_ROOT.parent / ".cache"
    if not os.access(SOURCE_ROOT.parent, os.W_OK):
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "xiaozhen"
    return base / "numba" / _package_fingerprint()[:16]


if "NUMBA_CACHE_DIR" not in os.environ:
    vars(numba.config)["CACHE_DIR"] = str(cache_folder())


def kernel(function: _F) -> _F:
    """Compile a step: cached on disk, releases the GIL, division by zero gives inf as in NumPy."""
    return cast("_F", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inline(function: _F) -> _F:
    """Compile a small function that kernels call."""
    return cast("_F", numba.njit(cache=True, nogil=True, error_model="numpy", inline="never")(function))
