"""Enterprises, projects, talents and villages as a Mesa user wants them: one by one, filtered, or as a frame.

A view holds a key and looks its row up whenever it is asked; nothing is made for agents at which nobody looks.
A :class:`Population` reads like a Mesa ``AgentSet`` (``len``, iteration, ``select``, ``get``, ``agg``); ``where`` and
``to_frame`` work on whole columns at once, which is the fast way for tens of thousands of agents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from sim.mesa.rows import VIEWS, View
from sim.mesa.sources import source

if TYPE_CHECKING:
    import pandas as pd

    from sim.mesa.model import Province

Rows = NDArray[np.int64]


class Population(Sequence[View]):
    """All members of a population, or some of them, oldest first.

    A part that was selected is a fixed set of members: those who leave the province drop out of it, nobody joins.

    Args:
        model: The province.
        name: "enterprises", "projects", "talents" or "villages".
        keys: Birth identities of the members; None for everybody, newcomers included.

    Raises:
        KeyError: No such population.
    """

    def __init__(self, model: Province, name: str, keys: NDArray[np.uint64] | None = None) -> None:
        self.model, self.name = model, name
        self._source = source(name)
        self._keys = keys
        self._found: tuple[int, Rows] = (-2, np.zeros(0, dtype=np.int64))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._source.names

    def rows(self) -> Rows:
        """Row numbers of the members in the columns of the moment, ascending."""
        live = self._source.raw(self.model, "key")
        if self._keys is None:
            return np.arange(live.size)
        if self._found[0] != self.model.t:
            self._found = (self.model.t, np.flatnonzero(np.isin(live, self._keys)))
        return self._found[1]

    def __len__(self) -> int:
        return int(self.rows().size)

    def __iter__(self) -> Iterator[View]:
        rows = self.rows()
        keys = self._source.raw(self.model, "key")[rows]
        make = VIEWS[self.name]
        return (make(self.model, key, row) for key, row in zip(keys, rows.tolist(), strict=True))

    @overload
    def __getitem__(self, item: int) -> View: ...

    @overload
    def __getitem__(self, item: slice) -> Population: ...

    def __getitem__(self, item: int | slice) -> View | Population:
        rows = self.rows()[item]
        keys = self._source.raw(self.model, "key")[rows]
        if isinstance(item, slice):
            return Population(self.model, self.name, keys)
        return VIEWS[self.name](self.model, keys, int(rows))

    def find(self, key: int) -> View | None:
        """The member with a birth identity, or None."""
        rows = self.rows()
        at = np.flatnonzero(self._source.raw(self.model, "key")[rows] == np.uint64(key))
        return self[int(at[0])] if at.size else None

    def select(self, predicate: Callable[[Any], bool], at_most: int | None = None) -> Population:
        """Members of whom a predicate is true, looked at one by one.

        Args:
            predicate: From a view to a truth value.
            at_most: Stop after so many.
        """
        kept: list[int] = []
        for view in self:
            if at_most is not None and len(kept) >= at_most:
                break
            if predicate(view):
                kept.append(view.key)
        return Population(self.model, self.name, np.array(kept, dtype=np.uint64))

    def where(self, **equal: Any) -> Population:
        """Members whose columns equal the given values, or one of a list of values; a whole column at a time.

        Raises:
            KeyError: No such column.
        """
        rows = self.rows()
        keep = np.ones(rows.size, dtype=bool)
        for name, wanted in equal.items():
            keep &= np.isin(self._source.column(self.model, name, rows), wanted)
        return Population(self.model, self.name, self._source.raw(self.model, "key")[rows[keep]])

    def get(self, name: str) -> NDArray[Any]:
        """One column of the members, shape (len,), as a copy.

        Raises:
            KeyError: No such column.
        """
        return np.asarray(self._source.column(self.model, name, self.rows()))

    def agg(self, name: str, function: Callable[[NDArray[Any]], Any]) -> Any:
        """A function of one column, as ``AgentSet.agg``: ``firms.agg("employees", np.sum)``.

        Raises:
            KeyError: No such column.
        """
        return function(self.get(name))

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A pandas frame with one row a member, indexed by birth identity.

        Args:
            columns: Names of columns; all by default.

        Raises:
            KeyError: No such column.
        """
        import pandas as pd  # heavy, and only frames need it

        names = [name for name in (columns or self.columns) if name != "key"]
        return pd.DataFrame({name: self.get(name) for name in names}, index=pd.Index(self.get("key"), name="key"))

    def __repr__(self) -> str:
        part = "" if self._keys is None else "part of "
        return f"<{part}{self.name}: {len(self)} members>"
