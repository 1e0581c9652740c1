"""State declared once, by its owner: the array, its digest, its view and its row in the description follow.

An owner is a class; each piece of its state is one line of it::

    class Grant(...):
        granted = column("town", np.int64, zh="已获首笔奖补", en="Part of the grant received")
        fund_paid = value(False)

``allocate(owner, sizes)`` makes the arrays, afresh for every run, with the sizes of the axes it is told
(``{"town": 114, "quarter": 40, ...}``); from then on ``self.granted`` is a plain NumPy array and ``self.fund_paid`` a
plain value. Populations, whose rows come and go, are named tuples of arrays (see :mod:`sim.engine.table`); their fields
carry the same declaration as an annotation. ``snapshot(owner)`` gives every piece of state of any owner by name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints, overload

import numpy as np
from numpy.typing import NDArray

S = TypeVar("S", bound=np.generic)
V = TypeVar("V")


@dataclass(eq=False)
class Column(Generic[S]):
    """One array of state; made by :func:`column`.

    Attributes:
        axes: What its dimensions run over: names of sizes, or plain lengths. The last name is the entity.
        dtype: Type of an element.
        fill: Value at the start of a run.
        zh: Title in Chinese, with its unit; empty for what nobody is shown.
        en: Title in English.
        unit: "mu" for land kept in hundredths and shown in mu, "date" for quarters of the run, else empty.
        codes: What the numbers stand for: an enumeration, or words.
        shown: Name under which views show it, where that is another one.
        name: Name of the attribute.
        owner: Class that declares it.
    """

    axes: tuple[str | int, ...]
    dtype: type[S]
    fill: Any = 0
    zh: str = ""
    en: str = ""
    unit: str = ""
    codes: type[IntEnum] | tuple[str, ...] | None = None
    shown: str = ""
    name: str = ""
    owner: type = object

    @property
    def title(self) -> str:
        """Name under which views show it."""
        return self.shown or self.name

    @property
    def entity(self) -> str:
        """What a row belongs to: the last axis with a name."""
        return next((axis for axis in reversed(self.axes) if isinstance(axis, str)), "")

    def allocate(self, sizes: Mapping[str, int]) -> NDArray[S]:
        """A new array at its start values.

        Raises:
            KeyError: An axis that has no size.
        """
        shape = tuple(sizes[axis] if isinstance(axis, str) else axis for axis in self.axes)
        return np.full(shape, self.fill, dtype=self.dtype)

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name
        _DECLARED.append(self)

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Column[S]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> NDArray[S]: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> Column[S] | NDArray[S]:
        if instance is None:
            return self
        raise AttributeError(f"{type(instance).__name__}.{self.name} is not allocated: no run has begun")


_DECLARED: list[Column[Any]] = []


@dataclass(eq=False)
class Value(Generic[V]):
    """One number of state; made by :func:`value`. Attributes as those of :class:`Column`."""

    fill: V
    zh: str = ""
    en: str = ""
    name: str = ""
    owner: type = object

    def allocate(self, sizes: Mapping[str, int]) -> V:
        """Its start value."""
        return self.fill

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Value[V]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> V: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> Value[V] | V:
        return self if instance is None else self.fill


def column(
    axes: str | tuple[str | int, ...],
    dtype: type[S],
    *,
    fill: Any = 0,
    zh: str = "",
    en: str = "",
    unit: str = "",
    codes: type[IntEnum] | tuple[str, ...] | None = None,
    shown: str = "",
) -> Column[S]:
    """Declare an array of state in the class that owns it.

    Args:
        axes: "town" for one element a town, ("quarter", "town") for a history, (3, "village") for three rows.
        dtype: NumPy type of an element: ``np.int64``, ``np.float64``, ``np.bool_``.
        fill: Value at the start of a run.
        zh: Title in Chinese, with its unit. What has a title is shown by Mesa's views and in the description.
        en: Title in English.
        unit: "mu" or "date"; see :class:`Column`.
        codes: What the numbers stand for: an enumeration, or words.
        shown: Name under which views show it, where that is another one.
    """
    return Column((axes,) if isinstance(axes, str) else axes, dtype, fill, zh, en, unit, codes, shown)


def value(fill: V, *, zh: str = "", en: str = "") -> Value[V]:
    """Declare one number (or truth value) of state in the class that owns it."""
    return Value(fill, zh, en)


def field(
    zh: str, en: str, *, unit: str = "", codes: type[IntEnum] | tuple[str, ...] | None = None, shown: str = ""
) -> Column[Any]:
    """What the annotation of a population's column says; the type of an element is that of the array."""
    return Column((), np.generic, 0, zh, en, unit, codes, shown)


_KNOWN: dict[type, Mapping[str, Column[Any] | Value[Any]]] = {}
_FIELDS: dict[type, Mapping[str, Column[Any]]] = {}


def declared(owner: type) -> Mapping[str, Column[Any] | Value[Any]]:
    """What a class declares, by name: its bases' first, in the order of the source."""
    if owner not in _KNOWN:
        found: dict[str, Column[Any] | Value[Any]] = {}
        for base in reversed(owner.__mro__):
            found |= {name: one for name, one in vars(base).items() if isinstance(one, (Column, Value))}
        _KNOWN[owner] = fields(owner) if hasattr(owner, "_fields") else found
    return _KNOWN[owner]


def element(hint: Any) -> Any:
    """The element's type of an array's annotation; ``np.object_`` where it annotates no array.

    ``NDArray[T]`` stands for ``np.ndarray[..., np.dtype[T]]``, or, in newer NumPy on Python 3.12 and later, for itself.
    """
    if get_origin(hint) is np.ndarray:
        return get_args(get_args(hint)[1])[0]
    return get_args(hint)[0] if get_origin(hint) is NDArray else np.object_


def fields(kind: type) -> Mapping[str, Column[Any]]:
    """Annotated fields of a named tuple or dataclass of arrays; the type of an element is that of the array."""
    if kind not in _FIELDS:
        _FIELDS[kind] = _annotated(kind)
    return _FIELDS[kind]


def _annotated(kind: type) -> dict[str, Column[Any]]:
    found: dict[str, Column[Any]] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is Annotated:
            array, said = get_args(hint)[:2]
            found[name] = dataclasses.replace(said, dtype=element(array), name=name, owner=kind)
    return found


def allocate(owner: object, sizes: Mapping[str, int]) -> None:
    """Give an object fresh arrays and values for all that its class declares."""
    for name, one in declared(type(owner)).items():
        setattr(owner, name, one.allocate(sizes))


class State:
    """Base of owners that hold nothing but what they declare.

    Args:
        sizes: Length of each axis.
    """

    def __init__(self, sizes: Mapping[str, int]) -> None:
        allocate(self, sizes)

    def reset(self) -> None:
        """Back to the start values; arrays stay where they are."""
        for name, one in declared(type(self)).items():
            if isinstance(one, Column):
                getattr(self, name)[...] = one.fill
            else:
                setattr(self, name, one.fill)


def snapshot(owner: object) -> dict[str, NDArray[Any]]:
    """Every piece of state of an owner by name, as arrays; empty for an object that declares none."""
    return {name: np.asarray(getattr(owner, name)) for name in declared(type(owner))}


def titled(entity: str) -> tuple[Column[Any], ...]:
    """Columns with a title that have one element for each of an entity, or a history of it, whoever declares them."""
    return tuple(one for one in _DECLARED if one.entity == entity and one.en)
