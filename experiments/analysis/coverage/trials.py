"""Turn something in a regime, run both, and see what moves: first in one place, then in the next until something does.

Whatever a check turns (a lever, a meaning, a whole clause) is a :class:`Turn`; all that is still unmoved is tried in
one plan for each place. Base and turned run share all luck, so whatever differs is the turn's doing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from experiments.analysis.coverage.marks import TABLES, marks, moved
from experiments.analysis.results import run_all
from experiments.plan.plan import Plan, Point
from experiments.store.reading import records
from sim.parameters import InputError, Library
from sim.parameters.records import Frozen

Progress = Callable[[int, int], None]
Set = Mapping[str, object]
MOST_AT_ONCE = 8
"""Ways of one turn that are tried in one round: first one, as most act at once, then twice as many each time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something to turn in a regime.

    Attributes:
        regime: Whose run it should move.
        name: What is turned: a lever, a meaning, a clause.
        sets: Lever values that are tried instead, one after another; the first that moves the run is enough.
    """

    regime: str
    name: str
    sets: tuple[Set, ...]

    @property
    def key(self) -> str:
        """Names it in results."""
        return f"{self.regime}/{self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where and under what a regime runs, turned and not.

    Attributes:
        world: World.
        quarters: Length.
        replicate: Which luck.
        effective: When the regime takes effect; None for its own calendar.
        fill: A fill beneath it.
        beside: Levers that are set in both runs.
        behaviour: A draw of behaviour; empty for the central values.
    """

    world: str
    quarters: int
    replicate: int = 0
    effective: str | None = None
    fill: str = ""
    beside: Set = field(default_factory=lambda: Frozen({}))
    behaviour: Mapping[str, float] = field(default_factory=lambda: Frozen({}))

    def point(self, regime: str, turned: Set) -> Point:
        """The run of a regime here."""
        levers = Frozen({**self.beside, **turned})
        given = (regime, self.world, self.quarters, self.effective, self.fill)
        told = repr((given, sorted(levers.items()), sorted(self.behaviour.items())))
        return Point(
            f"p{hashlib.sha256(told.encode()).hexdigest()[:16]}",
            regime,
            world=self.world,
            quarters=self.quarters,
            effective=self.effective,
            fill=(self.fill,) if self.fill else (),
            levers=levers,
            behaviour=self.behaviour,
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """What a turn did where it first did something.

    Attributes:
        turn, place: What was turned, where.
        set: The values that it was turned to.
        names: What differs: summary outcomes, then "yearly:jobs", "towns:status" and the like.
        outcomes: The summary outcomes among them: id to (as it is, turned).
    """

    turn: Turn
    place: Place
    set: Set
    names: tuple[str, ...]
    outcomes: Mapping[str, tuple[float, float]]

    @property
    def largest(self) -> str | None:
        """The summary outcome that changed most, relative to its value before."""
        return max(self.outcomes, key=lambda name: (_change(*self.outcomes[name]), name), default=None)


def _change(before: float, after: float) -> float:
    """Relative change, 0 to 2; an outcome that appears or disappears counts as wholly changed."""
    if math.isnan(before) or math.isnan(after):
        return 1.0
    return abs(before - after) / max(1e-12, 0.5 * (abs(before) + abs(after)))


def first_moves(
    turns: Sequence[Turn],
    places: Callable[[Turn], Iterable[Place]],
    library: Library,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Moved]:
    """Try every turn in one place after another until something moves.

    Args:
        turns: What to turn.
        places: Where a turn is tried, in order.
        library: The scenario files.
        workers: Worker processes; None = one for each core.
        progress: Called with (finished, all) of the round that runs.

    Returns:
        What each turn moved, by its key; turns that moved nothing are not in it.

    Raises:
        RunFailures: If a run failed.
    """
    found: dict[str, Moved] = {}
    ways = {turn.key: _ways(turn, places(turn), library) for turn in turns}
    left, at_once = list(turns), 1
    while left:
        trials = [trial for turn in left for trial in islice(ways[turn.key], at_once)]
        for one in _round(trials, library, workers, progress):
            found.setdefault(one.turn.key, one)
        tried = {trial.turn.key for trial in trials}
        left = [turn for turn in left if turn.key in tried and turn.key not in found]
        at_once = min(2 * at_once, MOST_AT_ONCE)
    return found


@dataclass(frozen=True, slots=True)
class _Trial:
    turn: Turn
    place: Place
    set: Set
    base: Point
    turned: Point


def _ways(turn: Turn, places: Iterable[Place], library: Library) -> Iterator[_Trial]:
    """The ways of turning it that the bounds of other levers allow, in order."""
    for place, values in product(places, turn.sets):
        base, turned = place.point(turn.regime, {}), place.point(turn.regime, values)
        try:
            same = base.resolve(library) == turned.resolve(library)
        except InputError:
            continue
        if not same:
            yield _Trial(turn, place, values, base, turned)


def _round(
    trials: Sequence[_Trial], library: Library, workers: int | None, progress: Progress | None
) -> Iterator[Moved]:
    points = {point.id: point for trial in trials for point in (trial.base, trial.turned)}
    order = {name: i for i, name in enumerate(points)}
    runs = {(order[p.id], t.place.replicate): None for t in trials for p in (t.base, t.turned)}
    if not runs:
        return
    plan = Plan("coverage", {}, tuple(points.values()), tuple(sorted(runs)), tables=TABLES)
    store = run_all(plan, library, workers=workers, progress=progress, task=marks)
    held = records(store)
    numbers = {at: held[key].summary for at, key in zip(store.plan.runs, store.keys, strict=True)}
    for trial in trials:
        one, two = (numbers[order[p.id], trial.place.replicate] for p in (trial.base, trial.turned))
        names = moved(one, two)
        if names:
            outcomes = {name: (one[name], two[name]) for name in names if ":" not in name}
            yield Moved(trial.turn, trial.place, trial.set, names, outcomes)
