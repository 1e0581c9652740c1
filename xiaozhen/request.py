"""What is asked: one frozen record a command, from a line, from Python or from JSON, and back.

A field of a record is an argument or option of its command. Its type says what may be written there, its default what
is meant where nothing is, and :class:`Shape` how it looks on the line. The same fields are keywords of the function of
:mod:`xiaozhen.api` that carries it out.
"""

from __future__ import annotations

import shlex
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, Union, get_args, get_origin, get_type_hints

_R = TypeVar("_R", bound="Request")


@dataclass(frozen=True)
class Shape:
    """How a field is written on the line.

    Attributes:
        metavar: What stands for its value in the help.
        low: The least of a count.
        flag: Its name on the line, where that is not its own.
        argument: Whether it stands on the line without a name.
        file: Whether it names a file: results show its name only, for they name no folders.
        how: Whether it says only where and how something is carried out, and so is no part of what was asked.
        among: What may be written there; of a literal type that is known without.
    """

    metavar: str = ""
    low: int = 1
    flag: str = ""
    argument: bool = False
    file: bool = False
    how: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A field as the line knows it: its name, its plain type, what is meant where nothing is written, its shape."""

    name: str
    kind: Any
    default: Any
    shape: Shape

    @property
    def flag(self) -> str:
        """Its name on the line."""
        return "--" + (self.shape.flag or self.name.replace("_", "-"))

    @property
    def among(self) -> tuple[str, ...]:
        """What may be written there, where that is one of a few."""
        return tuple(get_args(self.kind)) if get_origin(self.kind) is Literal else self.shape.among

    @property
    def many(self) -> bool:
        """Whether it may be given several times."""
        return get_origin(self.kind) is tuple

    def words(self, value: Any) -> Iterator[str]:
        """What a value is on the line; nothing where it is the one that is meant anyway, or no part of the question."""
        if self.shape.how or value is None or (value == self.default and not self.shape.argument):
            return
        for one in value if self.many else (value,):
            if not self.shape.argument:
                yield self.flag
            if one is not True:
                yield Path(one).name if self.shape.file else str(one)


def parts(cls: type[Request]) -> tuple[Part, ...]:
    """Fields of a request as the line knows them."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_part(field, hints[field.name]) for field in fields(cls))


@dataclass(frozen=True)
class Request:
    """What is asked of one command."""

    @classmethod
    def command(cls) -> str:
        """Name of its command."""
        return cls.__name__.lower()

    def keywords(self) -> dict[str, Any]:
        """Its fields by name, as the function that carries it out takes them."""
        return {part.name: getattr(self, part.name) for part in parts(type(self))}

    @classmethod
    def about(cls, **values: Any) -> Self:
        """What a function was called with, as a request; what no option says is left out."""
        known = {part.name: part for part in parts(cls)}
        given = {k: str(v) if isinstance(v, Path) else v for k, v in values.items() if k in known and v is not None}
        return cls(**{k: tuple(map(str, v)) if known[k].many else v for k, v in given.items()})

    def line(self) -> str:
        """The line that asks the same, without where and how it was carried out."""
        words = [word for part in parts(type(self)) for word in part.words(getattr(self, part.name))]
        return shlex.join(["xiaozhen", self.command(), *words])

    def as_dict(self) -> dict[str, Any]:
        """The question as JSON data: the command, and every field that is part of it; files by their names."""
        held = {part: getattr(self, part.name) for part in parts(type(self)) if not part.shape.how}
        named = {part.name: Path(v).name if part.shape.file and v else v for part, v in held.items()}
        return {"command": self.command(), **named}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """A question from JSON data.

        Raises:
            ValueError: If no command asks this.
        """
        known = {one.command(): one for one in _kinds(cls)}
        if data.get("command") not in known:
            raise ValueError(f"no command asks this: {data.get('command')}")
        made = known[data["command"]]
        many = {part.name for part in parts(made) if part.many}
        given = {k: tuple(v) if k in many else v for k, v in data.items() if k != "command"}
        try:
            return made(**given)
        except TypeError as error:
            raise ValueError(str(error)) from error


def _kinds(cls: type[_R]) -> Iterator[type[_R]]:
    yield cls
    for one in cls.__subclasses__():
        yield from _kinds(one)


def _part(field: Field[Any], hint: Any) -> Part:
    shape = Shape()
    if get_origin(hint) is Annotated:
        hint, shape = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    return Part(field.name, hint, None if field.default is MISSING else field.default, shape)
