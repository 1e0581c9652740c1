"""How each population is read: its columns by name, in words and units that a reader expects.

What a column means follows from its declaration: codes become words, land becomes mu. "age" is added; dates stay
quarters since the start of the run (negative = before it) and towns stay row numbers, so that frames can be joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import Column, fields
from sim.state.people import words
from sim.state.populations import FirmColumns, ProjectColumns, TalentColumns, VillageColumns
from sim.world.types import Villages

if TYPE_CHECKING:
    from sim.mesa.model import Province

AGE = "age"


@dataclass(frozen=True)
class Source:
    """Where a population stands.

    Attributes:
        table: Name of its table in the province; empty for villages, who neither come nor go.
        columns: Its declared columns by name, those of its place first.
        date: Column of the quarter from which "age" counts; empty for none.
    """

    table: str
    columns: Mapping[str, Column[Any]]
    date: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of a frame, in order."""
        return (*self.columns, AGE) if self.date else tuple(self.columns)

    def raw(self, p: Province, name: str) -> NDArray[Any]:
        """A column over the rows in use, as the model keeps it."""
        if self.table:
            array: NDArray[Any] = getattr(p, self.table).live(name)
            return array
        return np.asarray(getattr(p.holder(self.columns[name].owner), name))

    def column(self, p: Province, name: str, rows: Any = slice(None)) -> Any:
        """One column in words and units.

        Args:
            p: The province.
            name: One of ``names``.
            rows: A row number, row numbers or a slice.

        Returns:
            A value for a row number, else an array; views of the model's own arrays are never handed out.

        Raises:
            KeyError: No such column.
        """
        if name not in self.names:
            raise KeyError(f"no column {name!r}; there are: {', '.join(self.names)}")
        if name == AGE:
            return max(0, p.t) - self.raw(p, self.date)[rows]
        column, values = self.columns[name], self.raw(p, name)[rows]
        if column.codes is not None:
            return np.array(column.codes if isinstance(column.codes, tuple) else words(column.codes))[values]
        if column.unit == "mu":
            return values / 100.0
        if column.unit == "prefecture":
            return np.where(values < p.places.prefectures.key.size, values, -1)
        return values.astype(bool) if column.unit == "flag" else values.copy()


SOURCES: Mapping[str, Source] = {
    "enterprises": Source("firms", fields(FirmColumns), "born"),
    "projects": Source("projects", fields(ProjectColumns), "announced"),
    "talents": Source("talents", fields(TalentColumns), "arrived"),
    "villages": Source("", {**fields(Villages), **fields(VillageColumns)}),
}
"""The four populations by name."""


def source(population: str) -> Source:
    """The source of a population.

    Raises:
        KeyError: No such population.
    """
    if population not in SOURCES:
        raise KeyError(f"no population {population!r}; there are: {', '.join(SOURCES)}")
    return SOURCES[population]
