"""veto: what it does, which levers move a run."""

from __future__ import annotations

from sim.state.town import EVENTS, Status
from tests.instruments.kit import TZ, Case, Effect, Promise, events, played, small

EFFECT = Effect(
    TZ,
    {"veto.active": False},
    {"veto.active": True},
    4,
    events("vetoed"),
    +1,
    {"veto.audit_probability": 1, "veto.tolerance": 0},
)
CASES = {
    "active": Case(TZ, False),
    "audit_probability": Case(TZ, 1),
    "tolerance": Case(TZ, 0),
    "ban_years": Case(TZ, 0, {"veto.audit_probability": 1, "veto.tolerance": 0}),
    "incidents": Case(TZ, False, {}, 16),
}
PROMISE = Promise(
    TZ,
    {"veto.audit_probability": 1, "veto.tolerance": 0},
    lambda it: (
        -float(
            (
                (it.listed & (it.after.towns.status == Status.VETOED))
                * (
                    it.before.towns.standing_value
                    + it.before.behaviour["official.promotion_weight"] * it.before.behaviour["official.promotion_value"]
                )
            ).sum()
        )
    ),
    low=0.93,
    high=1.05,
)


def test_a_banned_town_may_apply_again_when_its_ban_is_over():
    """Vetoed at the end of the first year, a town without a ban is free for the call of the second."""
    levers = {"veto.audit_probability": 1, "veto.tolerance": 0}
    p = played(small(TZ, 6, levers={**levers, "veto.ban_years": 0}))
    vetoed = (p.towns.event[3] & EVENTS["vetoed"]) > 0
    assert vetoed.any() and p.policy.call.eligible(p)[vetoed & ~p.towns.on_a_list()].all()
    barred = played(small(TZ, 6, levers={**levers, "veto.ban_years": 99}))
    assert not barred.policy.call.eligible(barred)[(barred.towns.event[3] & EVENTS["vetoed"]) > 0].any()
