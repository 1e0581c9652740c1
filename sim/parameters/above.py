"""The regime above a regime: which it is, and what it sets that can reach the towns below.

A regime names the one above it by the lever ``upper.regime``. Only the level directly above acts, and of its levers
only those of :data:`FROM_ABOVE`; its dates move with those of the regime below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.parameters.errors import CircularExtends, OutOfBounds, listed, shown
from sim.parameters.records import LEVELS, Frozen, Regime, Registry, Setting, Value

UPPER = "upper.regime"
"""The lever that names the regime above."""
NOBODY = "none"
FROM_ABOVE = ("call", "grant", "land_guarantee", "land_reward")
"""Instruments of a regime above that reach towns below: whom it lists and when, its grants, its land."""
REACHES = (
    *(f"call.{name}" for name in ("creation_places", "cultivation_places", "eligible", "town_types")),
    "call.manufacturing_penalty",
    *(
        f"grant.{name}"
        for name in ("listing", "timing", "annual", "annual_years", "annual_condition", "naming", "payer")
    ),
    *(f"land_reward.{name}" for name in ("share", "supplement", "supplement_rule", "gate", "cap")),
    *(f"land_guarantee.{name}" for name in ("priority", "full", "gate")),
)
"""Those of their levers that do."""


@dataclass(frozen=True, slots=True)
class Above:
    """What a regime above sets, on the calendar of the run.

    Attributes:
        level: Its level of government.
        home: World that it governs; "" where none is stated.
        home_digest: Digest of that world, whose size tells which part of the places falls to the one that is run.
        levers: Values by quarter of the levers of :data:`FROM_ABOVE`.
        clauses: Lever -> the clause by which it is set.
    """

    level: str
    home: str
    home_digest: str
    levers: Mapping[str, tuple[Value, ...]]
    clauses: Mapping[str, str]

    def plain(self) -> dict[str, object]:
        """The same as data for a fingerprint."""
        return {
            "level": self.level,
            "home": self.home,
            "home_digest": self.home_digest,
            "levers": {key: list(row) for key, row in self.levers.items()},
            "clauses": dict(self.clauses),
        }


def stated_above(chain: list[Regime]) -> str:
    """Return the regime that a chain names above itself last, or "none"."""
    named = [setting.value for regime in chain for setting in regime.values if setting.lever == UPPER]
    return str(named[-1]) if named else NOBODY


def from_above(library: Registry, chain: list[Regime]) -> list[tuple[Regime, Setting]]:
    """Return what the regime above a chain sets that reaches the towns below, with the regime that states it."""
    found: list[tuple[Regime, Setting]] = []
    step = library.regimes.get(stated_above(chain))
    while step is not None:
        found = [(step, one) for one in step.values if one.lever in REACHES] + found
        step = library.regimes.get(step.extends or "")
    return found


def check_above(library: Registry, chain: list[Regime], name: str, chains: Mapping[str, list[Regime]]) -> None:
    """Refuse a regime above that stands no higher, or that comes back to the one below.

    Args:
        library: what the scenario files say.
        chain: the regime below and those it extends, the base first.
        name: the regime above.
        chains: every regime's chain.

    Raises:
        CircularExtends: where the regimes above lead back to one that was passed.
        OutOfBounds: where the regime above is not of a higher level; one that sets nothing may stand anywhere.
    """
    below, path = chain[-1], [chain[-1].id]
    higher = LEVELS[: LEVELS.index(below.level)]
    fit = listed([NOBODY, *(one.id for one in library.regimes.values() if one.level in higher)])
    step = name
    while step != NOBODY and any(regime.values for regime in chains[step]):
        path.append(step)
        if step in path[:-1]:
            chained = {"chain": " → ".join(path)}
            raise CircularExtends("circular_above", key=UPPER, found=shown(name), allowed=fit, details=chained)
        step = stated_above(chains[step])
    if len(path) > 1 and library.regimes[name].level not in higher:
        raise OutOfBounds("above_not_higher", key=UPPER, found=shown(name), allowed=fit, details={"below": below.id})


def clauses_of(chain: list[Regime]) -> Mapping[str, str]:
    """Return lever -> the clause of the last regime of a chain that sets it."""
    return Frozen(
        {
            setting.lever: setting.clause[0]
            for regime in chain
            for setting in regime.values
            if setting.lever.partition(".")[0] in FROM_ABOVE
        }
    )
