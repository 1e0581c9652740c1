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

from report.text.language import LANGS

BOTH = "both"
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
        given = {k: v for k, v in values.items() if k in known and v is not None}
        return cls(**{k: tuple(map(str, v)) if known[k].many else v for k, v in given.items()})

    def line(self) -> str:
        """The line that asks the same, without where and how it was carried out."""
        words = [word for part in parts(type(self)) for word in part.words(getattr(self, part.name))]
        return shlex.join(["xiaozhen", self.command(), *words])

    def as_dict(self) -> dict[str, Any]:
        """The question as JSON data: the command, and every field that is part of it."""
        return {
            "command": self.command(),
            **{p.name: getattr(self, p.name) for p in parts(type(self)) if not p.shape.how},
        }

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


Regime = Annotated[str, Shape("REGIME")]
Study = Annotated[str, Shape("STUDY", argument=True, file=True)]
Folder = Annotated[str, Shape("DIR", argument=True)]
Settings = Annotated[tuple[str, ...], Shape("KEY=VALUE", flag="set")]
Quarter = Annotated[str | None, Shape("2015Q2")]
Counties = Annotated[str | None, Shape("FILE", file=True)]
Behaviour = Annotated[str | None, Shape("posterior|prior|central")]
Repeated = Annotated[int, Shape(low=2)]
Out = Annotated[str | None, Shape("DIR", how=True)]
Force = Annotated[bool, Shape(how=True)]
Workers = Annotated[int | None, Shape(how=True)]
Threads = Annotated[int | None, Shape(how=True)]
Scheduler = Annotated[str | None, Shape("ADDRESS", how=True)]
Shard = Annotated[str | None, Shape("I/N", how=True)]
Task = Annotated[str, Shape("MODULE:FUNCTION", how=True)]
Lang = Annotated[str, Shape(among=(*LANGS, BOTH), how=True)]


@dataclass(frozen=True, kw_only=True)
class Compare(Request):
    """A study of scenarios."""

    study: Study = "three_regimes"
    replicates: int | None = None
    out: Out = None
    force: Force = False
    workers: Workers = None
    threads: Threads = None
    settings: Settings = ()
    behaviour: Behaviour = None
    counties: Counties = None
    lang: Lang = BOTH


@dataclass(frozen=True, kw_only=True)
class Run(Request):
    """One scenario, a few times."""

    regime: Annotated[str, Shape("SCENARIO", argument=True)]
    settings: Settings = ()
    fill: Annotated[tuple[str, ...], Shape("NAME")] = ()
    replicates: int = 1
    replicate: Annotated[int, Shape(low=0)] = 0
    quarters: int = 40
    start: Annotated[str | None, Shape("2015Q1")] = None
    effective: Quarter = None
    world: str = "zhejiang"
    counties: Counties = None
    tables: Annotated[str, Shape("A,B")] = ""
    out: Out = None
    force: Force = False
    workers: Workers = None


@dataclass(frozen=True, kw_only=True)
class Show(Request):
    """What a name means."""

    words: Annotated[tuple[str, ...], Shape("[KIND] NAME", argument=True)] = ()


@dataclass(frozen=True, kw_only=True)
class Attribute(Request):
    """Which clause made the difference between two regimes."""

    a: Annotated[str, Shape("FROM", argument=True)]
    b: Annotated[str, Shape("TO", argument=True)]
    world: str = "zhejiang"
    outcomes: Annotated[tuple[str, ...], Shape("ID", flag="outcome")] = ()
    by: Literal["clause", "instrument", "lever"] = "clause"
    replicates: Repeated = 8
    quarters: int = 40
    effective: Quarter = None
    own_dates: bool = False
    method: Literal["auto", "exact", "sampled"] = "auto"
    max_runs: int | None = None
    no_fates: bool = False
    counties: Counties = None
    out: Out = None
    force: Force = False
    behaviour: Behaviour = None
    workers: Workers = None
    threads: Threads = None
    scheduler: Scheduler = None


@dataclass(frozen=True, kw_only=True)
class Schedule(Request):
    """The quarter as a list of steps."""


@dataclass(frozen=True, kw_only=True)
class Coverage(Request):
    """Where every clause stands."""

    regime: Annotated[str | None, Shape("REGIME")] = None
    status: Annotated[tuple[str, ...], Shape(among=("RULE", "TARGET", "PRACTICE", "PROPOSAL", "GUIDE"))] = ()
    check: bool = False
    workers: Workers = None


@dataclass(frozen=True, kw_only=True)
class Targets(Request):
    """Published figures beside the model's."""

    replicates: int = 20
    regime: str = "zhejiang_2015"
    settings: Settings = ()
    workers: Workers = None


@dataclass(frozen=True, kw_only=True)
class Doses(Request):
    """Instruments at several strengths."""

    only: Annotated[tuple[str, ...], Shape("DOSE")] = ()
    replicates: Repeated = 30
    workers: Workers = None
    out: Out = None
    force: Force = False


@dataclass(frozen=True, kw_only=True)
class Readings(Request):
    """Every meaning of ambiguous clauses."""

    only: Annotated[tuple[str, ...], Shape("D-XX")] = ()
    regimes: Annotated[tuple[str, ...], Shape("REGIME", flag="regime")] = ()
    replicates: Repeated = 8
    workers: Workers = None
    out: Out = None
    force: Force = False


@dataclass(frozen=True, kw_only=True)
class Bench(Request):
    """Speed, memory and start-up time of this machine."""

    regime: str = "zhejiang_2015"
    scale: int = 1
    rounds: int = 5


@dataclass(frozen=True, kw_only=True)
class Sweep(Request):
    """A study or design, run into a store."""

    study: Study
    out: Out = None
    force: Force = False
    replicates: int | None = None
    n: int | None = None
    behaviour: Behaviour = None
    workers: Workers = None
    threads: Threads = None
    scheduler: Scheduler = None
    shard: Shard = None
    counties: Counties = None


@dataclass(frozen=True, kw_only=True)
class Resume(Request):
    """What a store still lacks."""

    folder: Folder
    workers: Workers = None
    threads: Threads = None
    scheduler: Scheduler = None
    shard: Shard = None
    task: Task = ""


@dataclass(frozen=True, kw_only=True)
class Status(Request):
    """How far a store is."""

    folder: Folder


@dataclass(frozen=True, kw_only=True)
class Verify(Request):
    """Whether a result is sound."""

    folder: Folder
    sample: Annotated[int, Shape(low=0)] = 5
    task: Task = ""


@dataclass(frozen=True, kw_only=True)
class Export(Request):
    """The tables of a store for other programs."""

    folder: Folder
    format: Literal["csv", "parquet", "xlsx"] = "csv"
    table: Literal["runs", "yearly", "cohorts", "points"] | None = None
    out: Annotated[str | None, Shape("PATH", how=True)] = None
    force: Force = False


@dataclass(frozen=True, kw_only=True)
class Query(Request):
    """A question to a store in SQL."""

    folder: Folder
    sql: Annotated[str, Shape("SQL", argument=True)]


@dataclass(frozen=True, kw_only=True)
class Sensitivity(Request):
    """Which factors move the outcomes."""

    subject: Annotated[str, Shape("REGIME|DESIGN", argument=True, file=True)] = "zhejiang_2015"
    method: Literal["sobol", "morris", "pawn"] = "sobol"
    n: int | None = None
    second_order: bool = False
    group: Literal["none", "instrument", "clause"] = "none"
    outcomes: Annotated[str | None, Shape("A,B")] = None
    quarters: int | None = None
    seed: Annotated[int | None, Shape(low=0)] = None
    out: Out = None
    workers: Workers = None
    threads: Threads = None
    scheduler: Scheduler = None


@dataclass(frozen=True, kw_only=True)
class Report(Request):
    """The brief of a result."""

    folder: Folder
    out: Annotated[str | None, Shape("FILE", how=True)] = None
    pdf: bool = False
    beside: Annotated[tuple[str, ...], Shape("DIR", flag="with")] = ()
    lang: Lang = BOTH


@dataclass(frozen=True, kw_only=True)
class Predict(Request):
    """Blind predictions."""

    out: Annotated[str | None, Shape("FILE", file=True)] = None
    force: Force = False
    behaviour: Literal["posterior", "prior", "central"] = "posterior"
    draws: int = 200
    workers: Workers = None
    page: Annotated[str | None, Shape("DIR", how=True)] = None


@dataclass(frozen=True, kw_only=True)
class Validate(Request):
    """Predictions against a table of observations."""

    observations: Annotated[str | None, Shape("FILE", file=True)] = None
    predictions: Annotated[str | None, Shape("FILE", file=True)] = None


@dataclass(frozen=True, kw_only=True)
class Calibrate(Request):
    """Behaviour fitted to published figures."""

    quick: bool = False
    out: Out = None
    force: Force = False
    workers: Workers = None
    resume: Annotated[bool, Shape(how=True)] = False
    recovery: bool = False
    install: Annotated[bool, Shape(how=True)] = False


@dataclass(frozen=True, kw_only=True)
class Version(Request):
    """Versions of the product and of what it stands on."""
