"""Declarations by name, collected where they are made: decisions, ledger reasons, columns of state.

A module declares what it owns at its top; nobody keeps a list. A name belongs to one declaration, so a second one is
refused with both places named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class DoubleDeclaration(ValueError):
    """A name that is declared twice.

    Attributes:
        what: What is declared, such as "decision".
        name: The name.
        places: Where: the first declaration and the second, as "module:line".
    """

    def __init__(self, what: str, name: str, places: tuple[str, str]) -> None:
        self.what, self.name, self.places = what, name, places
        super().__init__(f"{what} {name!r} is declared twice: in {places[0]} and in {places[1]}")


def declaring_module(depth: int = 2) -> tuple[str, str]:
    """Module whose top level is calling a declaration, and the place as "module:line".

    Args:
        depth: Frames between the module and this function.
    """
    frame = sys._getframe(depth)
    module = str(frame.f_globals.get("__name__", "?"))
    return module, f"{module}:{frame.f_lineno}"


class Registry(Mapping[str, T], Generic[T]):
    """What was declared so far, by name; iterated in alphabetical order, whatever was imported first.

    Args:
        what: What is declared, for the error.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, T] = {}
        self._places: dict[str, str] = {}

    def add(self, name: str, item: T, place: str) -> T:
        """Register a declaration; a module that is loaded again replaces its own.

        Raises:
            DoubleDeclaration: The name is taken by another place.
        """
        first = self._places.setdefault(name, place)
        if first != place:
            raise DoubleDeclaration(self.what, name, (first, place))
        self._items[name] = item
        return item

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._items))

    def __len__(self) -> int:
        return len(self._items)
