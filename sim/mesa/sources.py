"""How each population is read: its columns by name, in words and units that a reader expects.

Codes become words, land becomes mu, "age" is added; dates stay quarters since the start of the run (negative = before
it) and towns stay row numbers, so that frames can be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import FirmColumns, ProjectColumns, TalentColumns, VillageColumns
from sim.state.people import FirmKind, FirmState, Stage, TalentStage, TalentState, TalentTier, words
from sim.world.types import INDUSTRIES

if TYPE_CHECKING:
    from sim.state.province import Province

Column = NDArray[Any]

VILLAGE_PLACE = ("key", "town", "county", "rank", "x", "y", "distance", "farmland")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a population stands.

    Attributes:
        raw: From the province and a column's name to the column over the rows in use.
        names: Columns of a frame, in order.
        words: Column of codes to the words for 0, 1, 2, ...
        land: Columns kept in centi-mu and shown in mu.
        date: Column of the quarter from which "age" counts; empty for none.
    """

    raw: Callable[[Any, str], Column]
    names: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    land: frozenset[str] = frozenset()
    date: str = ""

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
        if name == "age":
            return max(0, p.t) - self.raw(p, self.date)[rows]
        values = self.raw(p, name)[rows]
        if name in self.words:
            return np.array(self.words[name])[values]
        if name in self.land:
            return values / 100.0
        if name == "home":
            return np.where(values < p.places.prefectures.key.size, values, -1)
        return values.astype(bool) if name == "core" else values.copy()


def _villages(p: Province, name: str) -> Column:
    holder = p.villages if name in VillageColumns._fields else p.places.villages
    return np.asarray(getattr(holder, name))


SOURCES: Mapping[str, Source] = {
    "enterprises": Source(
        lambda p, name: p.firms.live(name),
        (*FirmColumns._fields, "age"),
        {"industry": INDUSTRIES, "kind": words(FirmKind), "state": words(FirmState)},
        date="born",
    ),
    "projects": Source(
        lambda p, name: p.projects.live(name),
        (*ProjectColumns._fields, "age"),
        {"industry": INDUSTRIES, "stage": words(Stage)},
        frozenset({"land", "held"}),
        date="announced",
    ),
    "talents": Source(
        lambda p, name: p.talents.live(name),
        (*TalentColumns._fields, "age"),
        {"tier": words(TalentTier), "state": words(TalentState), "stage": words(TalentStage)},
        date="arrived",
    ),
    "villages": Source(_villages, (*VILLAGE_PLACE, *VillageColumns._fields), land=frozenset({"farmland"})),
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
