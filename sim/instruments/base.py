"""What an instrument is: a record of levers, what it does at moments of the quarter, what it is expected to pay.

An instrument X is ``sim/instruments/X.py`` with one class, its levers are declared in ``scenarios/instruments/X.toml``
and read as attributes of a typed record::

    class Levers(LeverSet):
        multiple: float
        base: Literal["granted", "unused"]

    class Clawback(Instrument[Levers]):
        needs = (Target,)                                   # whom it asks, through self.ask(Target)

        @at("acceptance")                                   # a moment of the quarter, see MOMENTS
        def settle(self, p: Province, now: Levers) -> None: ...

        @expected                                           # what counties reckon with when they choose
        def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None: ...

An instrument at its inert values posts nothing and writes nothing: every bit stays as it was.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, get_args, get_origin

import numpy as np
from numpy.typing import NDArray

from sim.parameters.errors import nearest
from sim.state.forecast import Forecast as Forecast
from sim.state.province import Province

if TYPE_CHECKING:
    from sim.parameters import Resolved

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOMENTS: Mapping[str, str] = MappingProxyType(
    {
        "conditions": "the quarter's terms are fresh: write into p.offer",
        "call": "towns have been listed",
        "plan": "counties have chosen",
        "prospect": "firms and investors have chosen a place",
        "contract": "projects have been signed and approved",
        "land": "land has been supplied",
        "finance": "projects have found their money",
        "build": "the quarter's building is done",
        "operate": "firms have produced",
        "leave": "firms have closed",
        "talent": "talents have come and gone",
        "village": "the villages' quarter is over",
        "treasury": "taxes are shared, nothing is borrowed yet",
        "assess": "fourth quarter: towns have reported",
        "veto": "they have been assessed",
        "settle": "whose support counts for the year is settled",
        "move": "the lists move: warned, demoted, out",
        "pay": "what hangs on the year is paid",
        "promote": "the cultivation list moves up",
        "acceptance": "the years of creation may be over",
        "bulletin": "the quarter is published, beliefs have not moved yet",
    }
)
"""When instruments act, in the order of the quarter (:mod:`sim.schedule`). Those of the fourth quarter are parts of the
step ``year_end``; every other one is a step.
"""
LAST = 1_000
"""Place in the order of those that state none."""


class InstrumentError(TypeError):
    """An instrument is declared wrongly.

    Attributes:
        instrument: Id or class of the instrument.
        found: What was declared.
        allowed: What can be.
    """

    def __init__(self, instrument: str, problem: str, found: str = "", allowed: str = "") -> None:
        self.instrument, self.problem, self.found, self.allowed = instrument, problem, found, allowed
        parts = [f"instrument {instrument}: {problem}"]
        parts += [f"found {found}"] if found else []
        parts += [f"allowed {allowed}"] if allowed else []
        super().__init__("; ".join(parts))


# --- levers ----------------------------------------------------------------------------------------------------------


class LeverSet:
    """The levers of one instrument in one quarter, as attributes; which of them were looked at is noted.

    A subclass names each lever of the instrument's TOML file with its type: ``float`` (number), ``int`` (integer),
    ``bool`` (flag), ``Literal[...]`` (choice), ``str`` (a regime) or ``Floats`` (one value an industry, or a schedule).

    Args:
        values: Value of each lever by quarter.
        t: The quarter.
        read: Where the names of levers go that are looked at.
    """

    FIELDS: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    """Name of a lever -> its declared type."""

    def __init_subclass__(cls) -> None:
        """Note the declared levers."""
        cls.FIELDS = MappingProxyType({n: t for n, t in typing.get_type_hints(cls).items() if n not in _OWN})

    def __init__(self, values: Mapping[str, tuple[Any, ...]], t: int, read: set[str]) -> None:
        self._values, self._t, self._read = values, t, read

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The first look at a lever: noted, and kept as an ordinary attribute."""
            if name not in self.FIELDS:
                raise AttributeError(f"{type(self).__module__} declares no lever {name!r}")
            self._read.add(name)
            value = self.__dict__[name] = _typed(self._values[name][self._t], self.FIELDS[name])
            return value


_OWN = frozenset(typing.get_type_hints(LeverSet))


def check_levers(record: type[LeverSet], instrument: str, values: Mapping[str, tuple[Any, ...]]) -> None:
    """Refuse values of another file than the one a record was written for.

    Args:
        record: The record.
        instrument: Id of its instrument.
        values: Value of each lever by quarter.

    Raises:
        InstrumentError: A lever is missing on either side, or has another type or choice than declared.
    """
    for name in sorted(set(values) ^ set(record.FIELDS)):
        where = "not declared in the record" if name in values else "not in the instrument's file"
        raise InstrumentError(instrument, f"lever {name} is {where}", name, ", ".join(record.FIELDS))
    for name, kind in record.FIELDS.items():
        for value in set(values[name]) if get_origin(kind) is Literal else values[name][:1]:
            if not _fits(value, kind):
                raise InstrumentError(instrument, f"lever {name} has another type", repr(value), str(kind))


def _typed(value: Any, kind: Any) -> Any:
    """A value of a scenario in its declared type; arrays cannot be written to."""
    if kind is float:
        return float(value)
    if kind is int or kind is bool:
        return kind(value)
    if kind is str or get_origin(kind) is Literal:
        return value
    array = np.asarray(value, dtype=np.float64)
    array.flags.writeable = False
    return array


def _fits(value: Any, kind: Any) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind is str or isinstance(value, str):
        return kind is str or (get_origin(kind) is Literal and value in get_args(kind))
    if kind is float:
        return isinstance(value, int | float)
    if kind is int:
        return isinstance(value, int | float) and float(value).is_integer()
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    return isinstance(value, tuple)


# --- moments ---------------------------------------------------------------------------------------------------------

H = TypeVar("H", bound=Callable[..., Any])


def at(moment: str) -> Callable[[H], H]:
    """Let a method ``(self, p, now)`` act at a moment of the quarter.

    Args:
        moment: One of :data:`MOMENTS`.

    Raises:
        InstrumentError: There is no such moment.
    """

    def hook(method: H) -> H:
        if moment not in MOMENTS:
            near = nearest(moment, MOMENTS)
            hint = f" (did you mean {near}?)" if near else ""
            raise InstrumentError(
                method.__qualname__, f"no moment is called {moment!r}{hint}", moment, ", ".join(MOMENTS)
            )
        method.__dict__["moment"] = moment
        return method

    return hook


def expected(method: H) -> H:
    """Let counties reckon with a method ``(self, p, ahead, f)``: 万元 over the horizon, (strategies, T), or None."""
    method.__dict__["expected"] = True
    return method


# --- the instrument --------------------------------------------------------------------------------------------------

L = TypeVar("L", bound=LeverSet)
K = TypeVar("K", bound="Instrument[Any]")


class Instrument(Generic[L]):
    """Base of all instruments.

    Args:
        scenario: The resolved scenario whose levers the instrument reads.
    """

    id: ClassVar[str]
    """Name of its files; that of the module unless stated."""
    order: ClassVar[int] = LAST
    """Place among the instruments that act at the same moment, and in the sum of what counties expect."""
    needs: ClassVar[tuple[type[Instrument[Any]], ...]] = ()
    """Instruments that it asks."""
    LEVERS: ClassVar[type[LeverSet]] = LeverSet
    """The record in ``Instrument[...]``."""
    HOOKS: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Moment -> method."""
    EXPECTED: ClassVar[str] = ""
    """Name of the method that counties reckon with; empty for none."""

    def __init_subclass__(cls) -> None:
        """Collect what the class declares.

        Raises:
            InstrumentError: A method is called like a moment and is not hooked to it: it would never act.
        """
        cls.id = vars(cls).get("id", cls.__module__.rpartition(".")[2])
        records = [get_args(base)[0] for base in vars(cls).get("__orig_bases__", ()) if get_args(base)]
        cls.LEVERS = records[0] if records and isinstance(records[0], type) else cls.LEVERS
        hooks, promise = dict(cls.HOOKS), cls.EXPECTED
        for name, method in vars(cls).items():
            marks = getattr(method, "__dict__", {})
            promise = name if marks.get("expected") else promise
            if "moment" in marks:
                if hooks.get(marks["moment"], name) != name:
                    raise InstrumentError(cls.id, f"{name} and {hooks[marks['moment']]} act at the same moment")
                hooks[marks["moment"]] = name
            elif name in MOMENTS:
                raise InstrumentError(cls.id, f"{name} would never be called; write @at({name!r}) above it")
        cls.HOOKS, cls.EXPECTED = MappingProxyType(hooks), promise

    def __init__(self, scenario: Resolved) -> None:
        prefix = f"{self.id}."
        values = {key[len(prefix) :]: row for key, row in scenario.levers.items() if key.startswith(prefix)}
        check_levers(self.LEVERS, self.id, values)
        self.read: set[str] = set()
        """Levers that were looked at during the run, for the guard against levers that are never read."""
        self.values = values
        n, announced, effective = scenario.quarters, scenario.announced_index, scenario.effective_index
        rows = list(zip(*values.values(), strict=True)) or [()] * n
        self._records: list[Any] = []
        for t in range(n):
            same = t > 0 and rows[t] == rows[t - 1]
            self._records.append(self._records[-1] if same else self.LEVERS(values, t, self.read))
        self._ahead = [self._records[effective if announced <= t < effective < n else t] for t in range(n)]
        self._peers: dict[type, Instrument[Any]] = {}

    def now(self, t: int) -> L:
        """Levers of quarter ``t``."""
        record: L = self._records[t]
        return record

    def ahead(self, t: int) -> L:
        """What a county looks at: today's levers, or the announced ones before the policy takes effect."""
        record: L = self._ahead[t]
        return record

    def meet(self, others: Mapping[type, Instrument[Any]]) -> None:
        """Be told who the instruments are that this one asks."""
        self._peers = {kind: others[kind] for kind in self.needs}

    def ask(self, kind: type[K]) -> K:
        """One of the instruments that this one declares to need."""
        other = self._peers.get(kind)
        if not isinstance(other, kind):
            raise InstrumentError(self.id, f"asks {kind.id} and does not declare it in needs")
        return other

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """Expected payoff to the county over its horizon, 万元, shape (strategies, T); None for nothing."""
        if not self.EXPECTED:
            return None
        found: Floats | None = getattr(self, self.EXPECTED)(p, self.ahead(p.t), f)
        return found
