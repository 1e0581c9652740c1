"""One enterprise, project, talent or village: a key, and properties that read its row of the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np

from sim.mesa.live import Live, window
from sim.mesa.sources import AGE, SOURCES

if TYPE_CHECKING:
    from sim.mesa.model import Province
    from sim.mesa.views import County, PrefectureGovernment, Town

V = TypeVar("V", bound="View")


class Gone(LookupError):
    """The agent has closed, finished or left since the view was made."""


class View:
    """A read-only window on one agent. Views of the same agent are equal.

    Args:
        model: The province.
        key: Birth identity.
        row: Where it stands at the moment.
    """

    __slots__ = ("_row", "key", "model")
    population: ClassVar[str]
    key: int
    """Birth identity."""

    def __init__(self, model: Province, key: Any, row: int) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "key", int(key))
        object.__setattr__(self, "_row", row)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} shows the state of the run; {name} cannot be set")

    @property
    def row(self) -> int:
        """Row of the agent in its columns now; rows only move up, as older agents leave.

        Raises:
            Gone: It is no longer there.
        """
        keys = SOURCES[self.population].raw(self.model, "key")
        if self._row < keys.size and keys[self._row] == self.key:
            return int(self._row)
        found = np.flatnonzero(keys[: self._row] == np.uint64(self.key))
        if not found.size:
            raise Gone(f"{type(self).__name__} {self.key} is no longer in the province")
        object.__setattr__(self, "_row", int(found[0]))
        return int(found[0])

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        try:
            return self.row >= 0
        except Gone:
            return False

    def value(self, column: str) -> Any:
        """Value of one column as a plain Python value, in words and units.

        Raises:
            Gone: It is no longer there.
            KeyError: No such column.
        """
        return SOURCES[self.population].column(self.model, column, self.row).item()

    def to_dict(self) -> dict[str, Any]:
        """All columns of the agent, by name."""
        return {name: self.value(name) for name in SOURCES[self.population].names}

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Every column, by name."""

    town: Live[Town] = Live(lambda v: v.model.cast.towns[int(v.value("town"))], "所在小镇", "Its town")

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, View) and self.model is other.model and self.population == other.population
        return isinstance(other, View) and same and self.key == other.key

    def __hash__(self) -> int:
        return hash((self.population, self.key))

    def __repr__(self) -> str:
        what = self._short() if self.alive else "gone"
        return f"{type(self).__name__}({self.key}, {what})"

    def _short(self) -> str:
        return f"town={int(self.value('town'))}"


def _view(population: str) -> Callable[[type[V]], type[V]]:
    """Make a class the view of a population: one property for every column that it does not define itself."""

    def decorate(kind: type[V]) -> type[V]:
        kind.population = population
        columns = SOURCES[population].columns.values()
        return window(columns, lambda view, column: view.value(column.name))(kind)

    return decorate


def _age(zh: str, en: str) -> Live[int]:
    return Live(lambda view: int(view.value(AGE)), zh, en)


@_view("enterprises")
class Enterprise(View):
    """An enterprise in a town."""

    __slots__ = ()
    age = _age("年龄，季度", "Age, quarters")
    founder: Live[Talent | None] = Live(
        lambda v: v.model.find_talent(int(v.value("founder"))),
        "创始人才，没有或已离开为空",
        "Founding talent, if still here",
    )

    def _short(self) -> str:
        return f"{self.industry}, {self.kind}, {super()._short()}, employees={self.employees}"


@_view("projects")
class Project(View):
    """An investment project, from announcement to operation."""

    __slots__ = ()
    age = _age("公布以来季度数", "Quarters since announcement")

    def _short(self) -> str:
        return f"{self.industry}, {self.stage}, {super()._short()}, budget={self.budget}"


@_view("talents")
class Talent(View):
    """A talent."""

    __slots__ = ()
    age = _age("到达以来季度数", "Quarters since arrival")
    home: Live[PrefectureGovernment | None] = Live(
        lambda v: None if v.value("home") < 0 else v.model.cast.prefectures[int(v.value("home"))],
        "家乡设区市，省外为空",
        "Home prefecture; None for another province",
    )

    def _short(self) -> str:
        return f"{self.tier}, {self.state}, {super()._short()}"


@_view("villages")
class Village(View):
    """A village around a town."""

    __slots__ = ()
    county: Live[County] = Live(
        lambda v: v.model.cast.counties[int(v.value("county"))], "所属县（市、区）", "Its county"
    )

    def _short(self) -> str:
        return f"{super()._short()}, people={self.people}, income={self.income:.2f}"


VIEWS: Mapping[str, type[View]] = {v.population: v for v in (Enterprise, Project, Talent, Village)}
"""View of each population."""
