"""Columns of the populations: one array a property, one row an agent, in no particular order.

Compiled steps take a tuple of columns and the number of rows in use. Rows of closed firms, finished projects and
departed talents are removed once a quarter, and a table grows by half when it is full.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import kernel

I8, I16, I32, I64 = np.int8, np.int16, np.int32, np.int64
F64, U64 = np.float64, np.uint64


class FirmColumns(NamedTuple):
    """Enterprises."""

    key: NDArray[np.uint64]
    town: NDArray[np.int32]
    industry: NDArray[np.int8]
    kind: NDArray[np.int8]
    """0 anchor, 1 SME, 2 start-up or micro firm."""
    state: NDArray[np.int8]
    """0 gone, 1 registered but not operating, 2 operating."""
    employees: NDArray[np.int32]
    born: NDArray[np.int32]
    """Quarter of registration; negative before the run."""
    productivity: NDArray[np.float64]
    cash: NDArray[np.int64]
    debt: NDArray[np.int64]
    margin: NDArray[np.float64]
    """Profit over output in the last quarter."""
    founder: NDArray[np.uint64]
    """Key of the founding talent, 0 when there is none."""


class ProjectColumns(NamedTuple):
    """Investment projects, from announcement to operation."""

    key: NDArray[np.uint64]
    town: NDArray[np.int32]
    industry: NDArray[np.int8]
    stage: NDArray[np.int8]
    core: NDArray[np.int8]
    budget: NDArray[np.int64]
    spent: NDArray[np.int64]
    land: NDArray[np.int64]
    held: NDArray[np.int64]
    """Land supplied to it, centi-mu."""
    wait: NDArray[np.float64]
    """Quarters of preparation and approval left."""
    duration: NDArray[np.float64]
    progress: NDArray[np.float64]
    cost: NDArray[np.float64]
    """Cost overrun factor."""
    own: NDArray[np.float64]
    """Share paid from own funds."""
    bank: NDArray[np.float64]
    social: NDArray[np.float64]
    government: NDArray[np.float64]
    announced: NDArray[np.int32]
    changed: NDArray[np.int32]
    """Quarter in which the present stage began."""


class TalentColumns(NamedTuple):
    """Talents."""

    key: NDArray[np.uint64]
    town: NDArray[np.int32]
    tier: NDArray[np.int8]
    home: NDArray[np.int16]
    state: NDArray[np.int8]
    """0 gone, 1 looking for work, 2 hired, 3 founder or team member."""
    stage: NDArray[np.int8]
    """0 introduced, 1 cultivated, 2 observed."""
    arrived: NDArray[np.int32]


class VillageColumns(NamedTuple):
    """Villages."""

    population: NDArray[np.int64]
    migrants: NDArray[np.int64]
    """Villagers working outside the county."""
    commuters: NDArray[np.int64]
    """Villagers working in their town."""
    settled: NDArray[np.int64]
    """Villagers who have moved to the town for good."""
    income: NDArray[np.float64]
    """万元 a person a year."""
    facilities: NDArray[np.float64]
    productivity: NDArray[np.float64]
    """Value of produce and visits, 万元 a person a year."""
    support: NDArray[np.float64]
    """1+N support in effect, after the lag."""


@kernel
def _gone(alive: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows that are not alive, in order."""
    rows = np.empty(alive.size, dtype=np.int64)
    count = 0
    for i in range(alive.size):
        rows[count] = i
        count += 1 - np.int64(alive[i])
    return rows[:count].copy()


@kernel
def _movers(gone: NDArray[np.int64], left: int) -> NDArray[np.int64]:
    """Rows from ``left`` on that are not gone."""
    first = 0
    while first < gone.size and gone[first] < left:
        first += 1
    movers = np.empty(first, dtype=np.int64)
    past, count = first, 0
    for i in range(left, left + gone.size):
        if past < gone.size and gone[past] == i:
            past += 1
        else:
            movers[count] = i
            count += 1
    return movers


@kernel
def _fill_gaps(column: NDArray[Any], gone: NDArray[np.int64], movers: NDArray[np.int64]) -> None:
    for k in range(movers.size):
        column[gone[k]] = column[movers[k]]


C = TypeVar("C", FirmColumns, ProjectColumns, TalentColumns)

_FIRM = FirmColumns(U64, I32, I8, I8, I8, I32, I32, F64, I64, I64, F64, U64)  # type: ignore[arg-type]
_PROJECT = ProjectColumns(
    U64,
    I32,
    I8,
    I8,
    I8,
    I64,
    I64,
    I64,
    I64,
    F64,
    F64,
    F64,
    F64,
    F64,
    F64,
    F64,
    F64,
    I32,
    I32,  # type: ignore[arg-type]
)
_TALENT = TalentColumns(U64, I32, I8, I16, I8, I8, I32)  # type: ignore[arg-type]


def _column(size: int, dtype: Any, ordinal: int) -> NDArray[Any]:
    """Zeros; columns begin at different places of a page, lest a store to one delay the load of the next."""
    start = 5 * 64 * ordinal // np.dtype(dtype).itemsize
    return np.zeros(start + size, dtype=dtype)[start:]


class Table(Generic[C]):
    """Growing columns.

    Attributes:
        columns: The arrays, each of length ``capacity``.
        n: Rows in use.
    """

    def __init__(self, dtypes: C, capacity: int) -> None:
        self._dtypes = dtypes
        self.columns: C = type(dtypes)(*(_column(capacity, d, k) for k, d in enumerate(dtypes)))
        self.n = 0

    @property
    def capacity(self) -> int:
        """Rows that fit before the table grows."""
        return int(self.columns[0].size)

    def reserve(self, extra: int) -> None:
        """Make room for ``extra`` more rows."""
        if self.n + extra <= self.capacity:
            return
        size = max(self.n + extra, self.capacity + self.capacity // 2)
        grown = []
        old: NDArray[Any]
        for k, old in enumerate(self.columns):
            new = _column(size, old.dtype, k)
            new[: self.n] = old[: self.n]
            grown.append(new)
        self.columns = type(self._dtypes)(*grown)

    def append(self, **values: Any) -> slice:
        """Add rows; columns that are not named start at zero.

        Returns:
            The rows added.
        """
        count = len(next(iter(values.values())))
        self.reserve(count)
        rows = slice(self.n, self.n + count)
        for name in self.columns._fields:
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
        return getattr(self.columns, name)[: self.n]

    def nbytes(self) -> int:
        """Bytes of the rows in use."""
        return sum(c.itemsize for c in self.columns) * self.n

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.n))


def firm_table(capacity: int) -> Table[FirmColumns]:
    """An empty table of enterprises."""
    return Table(_FIRM, capacity)


def project_table(capacity: int) -> Table[ProjectColumns]:
    """An empty table of projects."""
    return Table(_PROJECT, capacity)


def talent_table(capacity: int) -> Table[TalentColumns]:
    """An empty table of talents."""
    return Table(_TALENT, capacity)
