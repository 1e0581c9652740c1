"""Agent-level tables of a run as bytes: the same tables give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tables = Mapping[str, Mapping[str, NDArray[Any]]]


def packed(tables: Tables) -> bytes | None:
    """Tables as an uncompressed archive of NumPy arrays, which carries no date; None where there are none.

    Raises:
        ValueError: If a column holds Python objects.
    """
    if not tables:
        return None
    sink = io.BytesIO()
    columns = {
        f"{table}/{name}": np.asarray(values) for table, found in tables.items() for name, values in found.items()
    }
    if mixed := [name for name, values in columns.items() if values.dtype.hasobject]:
        raise ValueError(f"columns of objects cannot be kept: {', '.join(mixed)}")
    np.savez(sink, **columns)  # type: ignore[arg-type]
    return sink.getvalue()


def unpacked(content: bytes | None) -> dict[str, dict[str, NDArray[Any]]]:
    """The tables that :func:`packed` made bytes of."""
    found: dict[str, dict[str, NDArray[Any]]] = {}
    if content is not None:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            for key in archive.files:
                table, _, name = key.partition("/")
                found.setdefault(table, {})[name] = archive[key]
    return found
