"""Tables of a finished store, one row a run and one column an outcome, made from the shards' lists of numbers.

Columns: the run's own, one float column for each summary outcome (null where the run has no such outcome, NaN where it
is not defined), ``years`` with a list column ``yearly.ID`` for each yearly outcome, and ``cohorts`` with a list column
``cohorts.ID`` for each outcome of cohorts. Whole columns are moved at once, never single numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

OWN = ("key", "status", "stage", "cause", "trace", "layout", "levers_read", "tables")
YEARLY, COHORTS = "yearly.", "cohorts."
LIST = pa.list_(pa.float64())


class Layout(NamedTuple):
    """Names of a run's numbers, see :func:`experiments.store.shards.layout_of`."""

    summary: tuple[str, ...]
    yearly: tuple[str, ...]
    years: tuple[int, ...]
    cohorts: tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=1024)
def read_layout(text: str) -> Layout:
    """Parse a layout."""
    summary, yearly, years, cohorts = json.loads(text)
    return Layout(tuple(summary), tuple(yearly), tuple(years), tuple((c, tuple(v)) for c, v in cohorts))


@dataclass
class Names:
    """Columns of a store in canonical order: the order in which runs name them."""

    summary: dict[str, None] = field(default_factory=dict)
    yearly: dict[str, None] = field(default_factory=dict)
    cohorts: dict[str, None] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def see(self, layouts: Iterable[str]) -> None:
        """Take up the names of more runs, in canonical order."""
        for text in layouts:
            if text in self.known:
                continue
            self.known.add(text)
            layout = read_layout(text)
            self.summary |= dict.fromkeys(layout.summary)
            self.yearly |= dict.fromkeys(layout.yearly)
            self.cohorts |= dict.fromkeys(name for _, names in layout.cohorts for name in names)

    def schema(self) -> pa.Schema:
        """Schema of the run table, without the columns of the plan."""
        return pa.schema(
            [
                *((name, pa.binary() if name == "tables" else pa.string()) for name in OWN),
                *((name, pa.float64()) for name in self.summary),
                ("years", pa.list_(pa.int64())),
                *((YEARLY + name, LIST) for name in self.yearly),
                ("cohorts", pa.list_(pa.string())),
                *((COHORTS + name, LIST) for name in self.cohorts),
            ]
        )


def widen(table: pa.Table) -> pa.Table:
    """Turn rows of shards into rows of the run table; a table that is wide already is returned as it is."""
    if "summary" not in table.column_names or not pa.types.is_list(table.schema.field("summary").type):
        return table.drop_columns([c for c in ("run", "point", "replicate") if c in table.column_names])
    texts, codes = packed(table.column("layout"))
    names = Names()
    names.see(texts)
    rows = [(read_layout(text), np.flatnonzero(codes == i)) for i, text in enumerate(texts)]
    nothing = pa.nulls(table.num_rows, pa.binary())  # shards of earlier layouts keep no tables
    columns: dict[str, Any] = {n: table.column(n) if n in table.column_names else nothing for n in OWN}
    columns |= _summary(table, names, rows)
    columns |= _yearly(table, names, rows, codes)
    columns |= _cohorts(table, names, rows, codes)
    return pa.Table.from_arrays([columns[n] for n in names.schema().names], schema=names.schema())


def packed(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int64]]:
    """A column of text as its different values in order of appearance, and the index of each row's value."""
    found = column.combine_chunks().dictionary_encode()
    arrays = found.chunks if isinstance(found, pa.ChunkedArray) else [found]
    if not arrays:
        return [], np.zeros(0, dtype=np.int64)
    return arrays[0].dictionary.to_pylist(), arrays[0].indices.to_numpy(zero_copy_only=False).astype(np.int64)


Rows = Sequence[tuple[Layout, NDArray[np.int64]]]
"""Layouts that occur, and the rows of each."""


def _block(table: pa.Table, column: str, rows: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """Numbers of some rows, shape (rows, width)."""
    found = table.column(column).take(pa.array(rows)).combine_chunks()
    chunks = found.chunks if isinstance(found, pa.ChunkedArray) else [found]
    flat = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in chunks]
    return np.concatenate([np.empty(0), *flat]).reshape(len(rows), width)


def _summary(table: pa.Table, names: Names, rows: Rows) -> dict[str, pa.Array]:
    values = {name: np.zeros(table.num_rows) for name in names.summary}
    absent = {name: np.ones(table.num_rows, dtype=bool) for name in names.summary}
    for layout, at in rows:
        block = _block(table, "summary", at, len(layout.summary))
        for j, name in enumerate(layout.summary):
            values[name][at], absent[name][at] = block[:, j], False
    return {name: pa.array(values[name], mask=absent[name]) for name in names.summary}


def _yearly(table: pa.Table, names: Names, rows: Rows, codes: NDArray[np.int64]) -> dict[str, pa.Array]:
    made = _Lists(table.num_rows)
    for layout, at in rows:
        length = len(layout.years)
        block = _block(table, "yearly", at, len(layout.yearly) * length).reshape(len(at), len(layout.yearly), length)
        for j, name in enumerate(layout.yearly):
            made.put(name, at, block[:, j], np.zeros(length, dtype=bool))
    years = pa.array([list(layout.years) for layout, _ in rows], pa.list_(pa.int64())).take(pa.array(codes))
    return {"years": years, **{YEARLY + name: made.array(name) for name in names.yearly}}


def _cohorts(table: pa.Table, names: Names, rows: Rows, codes: NDArray[np.int64]) -> dict[str, pa.Array]:
    made = _Lists(table.num_rows)
    for layout, at in rows:
        starts = np.cumsum([0, *(len(v) for _, v in layout.cohorts)])
        block = _block(table, "cohorts", at, int(starts[-1]))
        for name in dict.fromkeys(name for _, v in layout.cohorts for name in v):
            cells, absent = np.zeros((len(at), len(layout.cohorts))), np.ones(len(layout.cohorts), dtype=bool)
            for c, (_, inside) in enumerate(layout.cohorts):
                if name in inside:
                    cells[:, c], absent[c] = block[:, starts[c] + inside.index(name)], False
            made.put(name, at, cells, absent)
    years = pa.array([[c for c, _ in layout.cohorts] for layout, _ in rows], pa.list_(pa.string()))
    years = years.take(pa.array(codes))
    return {"cohorts": years, **{COHORTS + name: made.array(name) for name in names.cohorts}}


class _Lists:
    """List columns that are filled in blocks of rows of equal length."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.blocks: dict[str, list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]]] = {}

    def put(self, name: str, at: NDArray[np.int64], cells: NDArray[np.float64], absent: NDArray[np.bool_]) -> None:
        """Give some rows their lists: ``cells`` of shape (rows, length), ``absent`` of shape (length,)."""
        self.blocks.setdefault(name, []).append((at, cells, absent))

    def array(self, name: str) -> pa.Array:
        """The column; null in rows that were given nothing."""
        lengths, missing = np.zeros(self.rows, dtype=np.int64), np.ones(self.rows, dtype=bool)
        for at, cells, _ in self.blocks[name]:
            lengths[at], missing[at] = cells.shape[1], False
        ends = np.cumsum(lengths)
        starts = ends - lengths
        flat, mask = np.zeros(int(lengths.sum())), np.zeros(int(lengths.sum()), dtype=bool)
        for at, cells, absent in self.blocks[name]:
            places = starts[at][:, None] + np.arange(cells.shape[1])
            flat[places], mask[places] = cells, absent
        offsets = pa.array(np.append(starts, ends[-1:] if self.rows else [0]).astype(np.int32))
        return pa.ListArray.from_arrays(offsets, pa.array(flat, mask=mask), LIST, mask=pa.array(missing))
