"""Which versions of the product and of what its numbers pass through made a result."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from sim.engine.kernel import source_fingerprint

_PACKAGES = ("numpy", "numba", "scipy", "mesa", "pyarrow", "matplotlib")


def versions() -> dict[str, str]:
    """Versions of the product and of what its numbers and figures pass through, and the hash of the model's sources."""
    found = {}
    for name in ("xiaozhen", *_PACKAGES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "source tree" if name == "xiaozhen" else "not installed"
    return {**found, "python": platform.python_version(), "model_sources": source_fingerprint()}
