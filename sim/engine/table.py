"""Populations whose members come and go: growing columns, one array a property, one row an agent, in no order.

What a population is described by is a named tuple of arrays, each field with its declaration::

    class FirmColumns(NamedTuple):
        key: Annotated[NDArray[np.uint64], field("出生编号", "Birth identity")]
        town: Annotated[NDArray[np.int32], field("所在小镇", "Its town")]

Compiled steps take the tuple and the number of rows in use. Rows of agents who left are removed once a quarter, and a
table grows by half when it is full.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import fields
from sim.engine.kernel import kernel

C = TypeVar("C", bound=tuple[Any, ...])
"""A named tuple of arrays."""


@kernel
def _gone(alive: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows that are not alive, in order."""
    rows = np.empty(alive.size, dtype=np.int64)
    count = 0
    for i in range(alive.size):
        rows[count] = i
        count += 1 - int(alive[i])
    return rows[:count].copy()


@kernel
def _movers(gone: NDArray[np.int64], left: int) -> NDArray[np.int64]:
    """Rows from ``left`` on that are not gone."""
    first = 0
    while first < gone.size and gone[first] < left:
        first += 1
    movers = np.empty(first, dtype=np.int64)
    past, count = first, 0
    for row in range(left, left + gone.size):
        if past < gone.size and gone[past] == row:
            past += 1
        else:
            movers[count] = row
            count += 1
    return movers


@kernel
def _fill_gaps(column: NDArray[Any], gone: NDArray[np.int64], movers: NDArray[np.int64]) -> None:
    for k in range(movers.size):
        column[gone[k]] = column[movers[k]]


def _zeros(size: int, dtype: Any, ordinal: int) -> NDArray[Any]:
    """Zeros; columns begin at different places of a page, lest a store to one delay the load of the next."""
    start = 5 * 64 * ordinal // np.dtype(dtype).itemsize
    return np.zeros(start + size, dtype=dtype)[start:]


def zeros(kind: type[C], size: int) -> C:
    """Columns of a kind, all zero."""
    arrays = (_zeros(size, one.dtype, k) for k, one in enumerate(fields(kind).values()))
    made: C = cast("Any", kind)(*arrays)  # a named tuple takes its fields, which its bound does not say
    return made


class Table(Generic[C]):
    """Growing columns.

    Args:
        kind: The named tuple that describes the population.
        capacity: Rows to begin with.

    Attributes:
        columns: The arrays, each of length ``capacity``.
        names: Names of the columns.
        n: Rows in use.
    """

    def __init__(self, kind: type[C], capacity: int) -> None:
        self.kind, self.names = kind, tuple(fields(kind))
        self.columns: C = zeros(kind, capacity)
        self.n = 0

    @property
    def capacity(self) -> int:
        """Rows that fit before the table grows."""
        return int(self.columns[0].size)

    def reserve(self, extra: int) -> None:
        """Make room for ``extra`` more rows."""
        if self.n + extra <= self.capacity:
            return
        grown = zeros(self.kind, max(self.n + extra, self.capacity + self.capacity // 2))
        for new, old in zip(grown, self.columns, strict=True):
            new[: self.n] = old[: self.n]
        self.columns = grown

    def append(self, **values: Any) -> slice:
        """Add rows; columns that are not named start at zero.

        Returns:
            The rows added.
        """
        count = len(next(iter(values.values())))
        self.reserve(count)
        rows = slice(self.n, self.n + count)
        for name in self.names:
            getattr(self.columns, name)[rows] = values.get(name, 0)
        self.n += count
        return rows

    def keep(self, alive: NDArray[np.bool_]) -> None:
        """Remove the rows that are not alive: the last rows move into the gaps.

        Nothing depends on the order of rows: draws are keyed by identity and sums over agents are integers.
        """
        self.drop(_gone(alive))

    def drop(self, gone: NDArray[np.int64]) -> None:
        """Remove some rows, as :meth:`keep` does.

        Args:
            gone: The rows, in rising order.
        """
        left = self.n - gone.size
        movers = _movers(gone, left)
        for column in self.columns:
            _fill_gaps(column, gone, movers)
        self.n = left

    def live(self, name: str) -> NDArray[Any]:
        """View of one column over the rows in use."""
        array: NDArray[Any] = getattr(self.columns, name)
        return array[: self.n]

    def nbytes(self) -> int:
        """Bytes of the rows in use."""
        return sum(int(column.itemsize) for column in self.columns) * self.n

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Every column over the rows in use, in the order of the birth identities in ``key``."""
        order = np.argsort(self.live("key"))
        return {name: self.live(name)[order] for name in self.names}
