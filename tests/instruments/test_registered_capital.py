"""registered_capital: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, played, small, trail

HALVED = {"registered_capital.minimum": 500}
EFFECT = Effect(
    ZJ,
    {"registered_capital.minimum": 5000},
    {"registered_capital.minimum": 0},
    4,
    lambda p: float(p.towns.entrants.sum()),
    +1,
)
CASES = {
    "minimum": Case(ZJ, 500),
    "scope": Case(ZJ, 0.5),
}


def test_the_lower_capital_is_for_firms_that_settle_in_a_provincial_town_and_for_no_other():
    """YW-REG-1 (F003 L35): 对入驻省级特色小镇的企业申请冠省名的, 1000 to 500; elsewhere the usual sum stands."""
    usual, halved = (played(small(ZJ, 4, levers=levers)) for levers in ({}, HALVED))
    first = next(t for t in range(4) if (usual.towns.entrants[t] != halved.towns.entrants[t]).any())
    more = halved.towns.entrants[first] - usual.towns.entrants[first]
    listed = halved.towns.listed()
    assert first == 2, "towns are listed in the second quarter"
    assert more[listed].sum() > 0 and (more[listed] >= 0).all() and not more[~listed].any()


def test_without_a_listed_town_the_lower_capital_is_for_nobody():
    """YW-REG-1 (F003 L35): no provincial town, no firm that settles in one."""
    nobody = {**HALVED, "call.creation_places": 0}
    with_it, without = (trail(small(ZJ, 6, levers=levers)) for levers in (nobody, {"call.creation_places": 0}))
    assert with_it.parts_from(without, 6) is None
