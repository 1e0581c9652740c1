"""Rows of a store's run table, fetched in canonical order from wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.store.folder import Store
from experiments.store.index import Place, Source
from experiments.store.wide import Names, packed, widen

OPEN_FILES = 64
"""Files kept in memory while rows are put in order."""
PLAN_COLUMNS = ("run", "point", "replicate")


def chunks(store: Store, held: Mapping[str, Place], size: int) -> Iterator[pa.Table]:
    """Rows of the runs that have a record, in canonical order, so many at a time; one empty table where none has.

    Args:
        store: The store.
        held: Where each record stands, by key.
        size: Most rows of a table.

    Raises:
        StoreError: If a file cannot be read.
    """
    reader = Reader(store.source)
    rows = [i for i, key in enumerate(store.keys) if key in held]
    places = [held[store.keys[i]] for i in rows]
    names = reader.names(places)
    for start in range(0, max(len(rows), 1), size):
        part = slice(start, start + size)
        yield with_plan(store, rows[part], reader.rows(places[part], names))


def with_plan(store: Store, rows: Sequence[int], table: pa.Table) -> pa.Table:
    """Put the plan's columns before those of the runs."""
    plan = store.plan
    pairs = [plan.runs[i] for i in rows]
    table = table.add_column(0, "run", pa.array(list(rows), pa.int64()))
    table = table.add_column(1, "point", pa.array([plan.points[p].id for p, _ in pairs], pa.string()))
    return table.add_column(2, "replicate", pa.array([k for _, k in pairs], pa.int64()))


class Reader:
    """Fetches rows from the files of a store, a bounded number of which it keeps in memory."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.table = lru_cache(maxsize=OPEN_FILES)(source.read)

    def layouts(self, file: str) -> tuple[list[str], NDArray[np.int64]]:
        """Layouts in a file, and which one each of its rows has."""
        return packed(self.source.read(file, ["layout"]).column("layout"))

    def names(self, places: Sequence[Place]) -> Names:
        """Names of all columns, in the order in which the rows name them."""
        names = Names()
        layouts: dict[str, tuple[list[str], NDArray[np.int64]]] = {}
        seen: set[tuple[str, int]] = set()
        for file, row, *_ in places:
            if file not in layouts:
                layouts[file] = self.layouts(file)
            texts, codes = layouts[file]
            mark = file, int(codes[row])
            if mark not in seen:
                seen.add(mark)
                names.see([texts[mark[1]]])
        return names

    def rows(self, places: Sequence[Place], names: Names) -> pa.Table:
        """Rows of the run table in the order asked for."""
        by_file: dict[str, list[int]] = {}
        for i, place in enumerate(places):
            by_file.setdefault(place.file, []).append(i)
        found = [
            widen(self.table(file).take(pa.array([places[i].row for i in at], pa.int64())))
            for file, at in sorted(by_file.items())
        ]
        order = [0] * len(places)
        for new, old in enumerate(i for _, at in sorted(by_file.items()) for i in at):
            order[old] = new
        schema = names.schema()
        if not found:
            return schema.empty_table()
        table = pa.concat_tables([schema.empty_table(), *found], promote_options="default")
        return table.select(schema.names).take(pa.array(order, pa.int64())).combine_chunks()
