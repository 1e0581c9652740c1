"""interest: what it does, which levers move a run."""

from __future__ import annotations

from sim.state.people import BUILDING
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise


def taxed(it: Period) -> float:
    """The counties' tax on the projects that the subsidy let through: it is paid on their loans."""
    b, c = it.before.behaviour, it.before.constants
    tax = c["tax.per_investment"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    return it.total("interest_subsidy") / (1.0 - b["finance.own_share"]) * tax


POT = {"interest.total": 200_000, "interest.points": 0.1, "interest.years": 5}
EFFECT = Effect(
    ZJ,
    {"interest.total": 0},
    {"interest.total": 200_000},
    6,
    lambda p: float((p.projects.live("stage") == BUILDING).sum() + p.diary.finished.sum()),
    +1,
    POT,
)
CASES = {
    "total": Case(ZJ, 20_000),
    "points": Case(ZJ, 0.05, POT),
    "years": Case(ZJ, 1, POT),
    "industry": Case(ZJ, [0, 0, 0, 0, 0, 0, 1, 1], POT),
    "scope": Case(ZJ, "both", POT),
}
ABSENT = {"grant": lambda *_: None}
PROMISE = Promise(
    ZJ,
    POT,
    taxed,
    low=0.9,
    high=1.1,
)
