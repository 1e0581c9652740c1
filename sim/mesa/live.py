"""Properties that read the model's columns whenever they are asked, with a text in both languages.

Most of them follow from the declarations of the columns (:func:`window`); only what is computed is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Generic, TypeVar, overload

import numpy as np

from sim.engine.column import Column

V = TypeVar("V")
K = TypeVar("K", bound=type)
CENTI = 100.0
"""Centi-mu in a mu."""


class Live(Generic[V]):
    """A read-only property over the columns; nothing is stored in the object that has it.

    Args:
        read: From the object to the value.
        zh: What it is, with its unit, in Chinese.
        en: The same in English.
    """

    def __init__(self, read: Callable[[Any], V], zh: str, en: str) -> None:
        self._read = read
        self.name, self.declared = "", False
        self.text = {"zh": zh, "en": en}
        self.__doc__ = en

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Live[V]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> V: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> Live[V] | V:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: object) -> None:
        kind = type(instance).__name__
        raise AttributeError(f"{kind}.{self.name} shows the state of the run and cannot be set")


def properties(kind: type) -> Iterator[Live[Any]]:
    """The live properties of a class, those of its bases first: columns as declared, then what is computed."""
    for base in reversed(kind.__mro__):
        own = [member for member in vars(base).values() if isinstance(member, Live)]
        yield from sorted(own, key=lambda member: not member.declared)


def window(columns: Iterable[Column[Any]], read: Callable[[Any, Column[Any]], Any]) -> Callable[[K], K]:
    """Give a class a live property for every column that it does not define itself.

    Args:
        columns: The declarations.
        read: From an object of the class and a column to the value that is shown.
    """

    def decorate(kind: K) -> K:
        for one in columns:
            if not hasattr(kind, one.title):
                live: Live[Any] = Live(partial(_reading, read, one), one.zh, one.en)
                live.name, live.declared = one.title, True
                setattr(kind, one.title, live)
        return kind

    return decorate


def _reading(read: Callable[[Any, Column[Any]], Any], column: Column[Any], instance: Any) -> Any:
    return read(instance, column)


def at_row(model: Any, column: Column[Any], row: int) -> Any:
    """One element of a column in words and units that a reader expects.

    Histories give what they hold of the running quarter, 0 before the first; codes become members of their enumeration
    or words, land becomes mu, a quarter of the run becomes a date, or None where it never came.
    """
    array = getattr(model.holder(column.owner), column.name)
    if column.axes[:1] == ("quarter",):
        return array[model.t, row].item() if model.t >= 0 else 0
    value = array[row].item() if isinstance(array, np.ndarray) else array[row]
    if column.unit == "mu":
        return value / CENTI
    if column.unit == "date":
        return model.inputs.start + value if value >= 0 else None
    if isinstance(column.codes, tuple):
        return column.codes[value]
    return value if column.codes is None else column.codes(value)
