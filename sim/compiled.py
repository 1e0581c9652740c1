"""How the steps are compiled: numba without fast-math, cached under a key of the sources.

Numba decides whether a cached function is stale by the file it stands in alone. A kernel that calls into another
module would therefore survive a change there, and old machine code would run under new sources. So the cache lives in
a folder named by the hash of every source file of ``sim``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

_F = TypeVar("_F", bound=Callable[..., Any])
SOURCE_ROOT = Path(__file__).resolve().parent


@cache
def source_fingerprint() -> str:
    """SHA-256 over the path and bytes of every ``.py`` file of ``sim``, in sorted order."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE_ROOT.rglob("*.py")):
        digest.update(path.relative_to(SOURCE_ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Where compiled steps are kept: beside the sources when that folder can be written, else in the user's cache."""
    base = SOURCE_ROOT.parent / ".cache"
    if not os.access(SOURCE_ROOT.parent, os.W_OK):
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "xiaozhen"
    return base / "numba" / source_fingerprint()[:16]


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(cache_folder())


def kernel(function: _F) -> _F:
    """Compile a step: cached on disk, releases the GIL, division by zero gives inf as in NumPy."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


def inline(function: _F) -> _F:
    """Compile a small function that kernels call."""
    return numba.njit(cache=True, nogil=True, error_model="numpy", inline="never")(function)
