"""Properties that read the model's columns whenever they are asked, with a text in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar, overload

V = TypeVar("V")


class Live(Generic[V]):
    """A read-only property over the columns; nothing is stored in the object that has it.

    Args:
        read: From the object to the value.
        zh: What it is, with its unit, in Chinese.
        en: The same in English.
    """

    def __init__(self, read: Callable[[Any], V], zh: str, en: str) -> None:
        self._read = read
        self.name = ""
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
    """The live properties of a class, those of its bases first, in the order of the source."""
    for base in reversed(kind.__mro__):
        yield from (member for member in vars(base).values() if isinstance(member, Live))
