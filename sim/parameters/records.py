"""What the scenario files say, as typed, frozen records. One class per kind of entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sim.parameters.quarter import Quarter
from sim.parameters.texts import EMPTY, Text

INDUSTRIES: tuple[str, ...] = (
    "information",
    "environment",
    "health",
    "tourism",
    "fashion",
    "finance",
    "equipment",
    "classics",
)
LEVER_TYPES = ("number", "integer", "flag", "choice", "regime", "schedule", "by_industry")
NUMERIC_TYPES = ("number", "integer", "schedule", "by_industry")
EVIDENCE = ("rule", "target", "practice", "measured", "assumption")
STATUS = ("RULE", "TARGET", "PRACTICE", "PROPOSAL", "GUIDE")
APART = ("counted", "worded", "short", "derived", "elsewhere")
"""Why a numeral of a clause is not in its quote: what the document names was counted; it is said in a word; it has two
digits there; it is computed from others; it stands elsewhere in the clause's lines."""
LONGEST_QUOTE = 40
LEVELS = ("nation", "province", "city", "district")
DISTRIBUTIONS = ("beta", "normal", "lognormal", "uniform", "triangular", "fixed", "discrete")

Value = float | int | bool | str | tuple[float, ...]
"""A lever's value in one quarter; `by_industry` is a tuple in the order of `INDUSTRIES`."""

Parts = tuple[float | None, ...]
"""A `by_industry` value as written: None where the entry says nothing about an industry."""

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """A mapping that cannot be changed, yet pickles, compares and prints like a dict."""

    def _refuse(self, *_: object, **__: object) -> Any:
        raise TypeError("this mapping is read-only")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> tuple[object, ...]:
        return Frozen, (dict(self),)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: the file as shown and the key path inside it."""

    file: str
    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure; `symbol` may be empty."""

    id: str
    title: Text
    symbol: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Instrument:
    """A policy instrument and the keys of its levers, in file order.

    Attributes:
        section: part of a regime's account in which it is told.
    """

    id: str
    title: Text
    what: Text
    levers: tuple[str, ...]
    place: Place
    section: str = "other"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice lever, and how a regime that takes it is told."""

    id: str
    title: Text
    sentence: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Lever:
    """Something a government sets. `min` and `max` are numbers, another lever's key, or None.

    The choices of a lever of type "regime" are those that its file states and all regimes.

    Attributes:
        sentence: how a regime that sets it is told; of a flag, that it holds. `{value}` is the value, `{name}` another
            lever of the instrument.
        otherwise: of a flag, how it is told that it does not hold.
        section: part of a regime's account in which it is told; "" for its instrument's.
        enforcement: key of the uncertainty with which the clause is carried out; "" where that is in no doubt.
        always: key of the flag under which it is carried out always all the same; "" for none.
    """

    key: str
    instrument: str
    title: Text
    what: Text
    type: str
    unit: str
    min: float | str | None
    max: float | str | None
    inert: Value
    choices: tuple[Choice, ...]
    source: tuple[str, ...]
    evidence: str
    reading: str | None
    place: Place
    sentence: Text = EMPTY
    otherwise: Text = EMPTY
    section: str = ""
    enforcement: str = ""
    always: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are numbers or tuples of numbers."""
        return self.type in NUMERIC_TYPES


@dataclass(frozen=True, slots=True)
class Setting:
    """One `[[value]]` of a regime: a lever's value in the quarters `first` to `last` (None: until further notice).

    Attributes:
        dated: the value holds in one quarter only (`at`).
    """

    lever: str
    value: Value | Parts
    first: Quarter
    last: Quarter | None
    dated: bool
    clause: tuple[str, ...]
    evidence: str
    note: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class Regime:
    """All that one authority sets, by date, on top of the regime it extends.

    Attributes:
        home: the world in which the authority governs, or None.
    """

    id: str
    title: Text
    summary: Text
    authority: Text
    level: str
    announced: Quarter
    effective: Quarter
    extends: str | None
    source: tuple[str, ...]
    unstated: tuple[Text, ...]
    values: tuple[Setting, ...]
    place: Place
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """What a regime may borrow from another where its own documents are silent.

    Attributes:
        regime: the regime that lends.
        take: instruments and levers that are lent.
    """

    id: str
    title: Text
    what: Text
    regime: str
    take: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule, target or practice of a source document, in our own words.

    Attributes:
        context: why a simulation has nothing to do with it, for clauses that no lever carries; None for all others.
        quote: words of the source's lines, at most :data:`LONGEST_QUOTE` signs, parts joined by an ellipsis; "" for
            none.
        apart: numerals of the clause that its quote does not write, and why.
    """

    id: str
    instrument: str
    status: str
    text: Text
    numbers: Text | None
    timing: Text | None
    source: str
    context: Text | None
    place: Place
    quote: str = ""
    apart: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """A published or derived fact."""

    id: str
    title: Text
    value: Text
    region: Text
    period: Text
    source: Text
    reliability: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Alternative:
    """One meaning of an ambiguous clause.

    Attributes:
        set: lever values that realise it, on top of a regime; empty where it is not run or is what a regime states.
        as_stated: it is what each regime states, so that nothing is laid over it.
        unrun: why no lever value can realise it, or None.
        needs: levers that must be away from their inert values for this meaning to matter in a regime.
        silent: regimes in which it changes no run of the central behaviour, by id, and why.
    """

    id: str
    text: Text
    set: Mapping[str, object]
    as_stated: bool
    unrun: Text | None
    needs: tuple[str, ...]
    silent: Mapping[str, Text] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Reading:
    """An ambiguity, its alternative meanings and the one taken by default.

    Attributes:
        levers: the levers that carry it.
        needs: levers that must be away from their inert values for the reading to matter in a regime.
        regimes: the only regimes whose text it concerns (with those that extend them); empty for all. Where neither
            is given, some lever of an instrument that the alternatives set must be away from its inert value.
        idle: why the reading can change no run, or None where it can.
    """

    id: str
    question: Text
    alternatives: tuple[Alternative, ...]
    default: str
    reason: Text
    levers: tuple[str, ...]
    source: tuple[str, ...]
    needs: tuple[str, ...]
    regimes: tuple[str, ...]
    idle: Text | None
    place: Place

    @property
    def acts(self) -> bool:
        """Whether some alternative can be run."""
        return any(one.set for one in self.alternatives)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A behavioural parameter nobody sets and nobody knows exactly, with its prior."""

    key: str
    title: Text
    what: Text
    unit: str
    central: float
    low: float
    high: float
    distribution: str
    params: Mapping[str, object]
    source: tuple[str, ...]
    evidence: str
    place: Place


@dataclass(frozen=True, slots=True)
class Constant:
    """A number with a source that no run changes."""

    key: str
    title: Text
    what: Text
    unit: str
    value: float
    source: tuple[str, ...]
    evidence: str
    place: Place


@dataclass(frozen=True, slots=True)
class World:
    """A place at the start; `data` is the file as read, checked by the world room. `digest` is sha256 of the data."""

    id: str
    title: Text
    data: Mapping[str, Any]
    digest: str
    start: Quarter
    """The quarter that the file describes."""
    like: str
    """World that lends the figures which the file leaves out; "" for none."""
    place: Place


@dataclass(frozen=True, slots=True)
class StudyScenario:
    """One scenario of a study; `set` maps lever keys (or key.industry) to values, `fill` names fills of gaps."""

    id: str
    title: Text
    regime: str
    world: str
    start: Quarter | None
    """First quarter; None for the world's own."""
    quarters: int
    effective: Quarter | None
    set: Mapping[str, object]
    behaviour: Mapping[str, float]
    fill: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """A list of scenarios and a number of replicates."""

    id: str
    title: Text
    what: Text
    replicates: int
    scenarios: tuple[StudyScenario, ...]
    place: Place


Record = Unit | Instrument | Lever | Regime | Clause | Fact | Reading | Uncertainty | Constant | World | Study


@dataclass(frozen=True)
class Registry:
    """Everything the files say, by id. Keys keep file order."""

    units: Mapping[str, Unit]
    instruments: Mapping[str, Instrument]
    levers: Mapping[str, Lever]
    regimes: Mapping[str, Regime]
    fills: Mapping[str, Fill]
    clauses: Mapping[str, Clause]
    facts: Mapping[str, Fact]
    readings: Mapping[str, Reading]
    uncertainties: Mapping[str, Uncertainty]
    constants: Mapping[str, Constant]
    worlds: Mapping[str, World]
    studies: Mapping[str, Study]
