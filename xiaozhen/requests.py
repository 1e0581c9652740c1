"""The request of each command: what it may be asked, with types and defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from report.text.language import LANGS
from xiaozhen.request import Request, Shape

BOTH = "both"
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
Names = Annotated[bool, Shape(how=True)]
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
    names: Names = False
    out: Out = None
    force: Force = False
    workers: Workers = None


@dataclass(frozen=True, kw_only=True)
class Show(Request):
    """What a name means."""

    words: Annotated[tuple[str, ...], Shape("[KIND] NAME", argument=True)] = ()
    towns: bool = False
    map: Annotated[str | None, Shape("FILE", how=True)] = None


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
    names: Names = False
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
    levers: bool = False
    workers: Workers = None
    out: Out = None
    force: Force = False


@dataclass(frozen=True, kw_only=True)
class Targets(Request):
    """Published figures beside the model's."""

    replicates: int = 20
    regime: str = "zhejiang_2015"
    settings: Settings = ()
    workers: Workers = None


@dataclass(frozen=True, kw_only=True)
class Documents(Request):
    """What the documents report beside the model's."""

    only: Annotated[tuple[str, ...], Shape("ROW")] = ()
    replicates: Repeated = 20
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
