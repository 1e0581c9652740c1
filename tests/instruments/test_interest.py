"""interest: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents import county
from sim.engine.ledger import REASONS
from sim.instruments.interest import Interest
from sim.state.people import BUILDING
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise, make, played, small


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
    "instalments": Case(ZJ, 4, {**POT, "interest.total": 2000}),
}
ABSENT = {"grant": lambda *_: None}
PROMISE = Promise(
    ZJ,
    POT,
    taxed,
    low=0.9,
    high=1.1,
)


def test_the_two_hundred_million_are_the_sum_of_four_years():
    """SD-FUND-2 (S3 L137): 200 million yuan won in all, in a report on 2012 to 2015 (L131, L141): a quarter a year."""
    levers = {"call.town_types": "any", "interest.total": 2000, "interest.points": 0.1}
    p = played(small("shandong_2012", 21, levers=levers, effective="2015Q1"))
    paid = p.money.total(REASONS["interest_subsidy"])[:20].reshape(5, 4).sum(axis=1)
    assert all(paid[: n + 1].sum() <= 500 * (n + 1) for n in range(4)) and paid[:4].min() > 0
    assert paid.sum() <= 2000 == p.policy.the(Interest).left(p) + paid.sum()


def test_counties_reckon_with_the_parts_of_the_pot_that_are_still_to_come():
    made = small(ZJ, 30, levers={**POT, "interest.instalments": 4}, exact={"official.horizon": 4.0})
    p = make(made)
    rule = p.policy.the(Interest)
    open_, lasting = [], []
    for t in (1, 4, 12, 16):
        p.start_of_quarter(t)
        open_.append(rule.opened(p))
        lasting.append(rule.lasts(p))
    assert open_ == [0.25, 0.5, 1.0, 1.0] and lasting == [1.0, 0.75, 0.25, 0.0]


def test_what_is_saved_lets_through_that_share_of_the_investors_whose_reach_is_short():
    """Reach runs evenly from ``own_share`` to the whole budget: at half own funds the same saving lets twice as many
    through as at none.
    """
    found = []
    for own in (0.0, 0.5):
        p = make(small(ZJ, 6, levers=POT, exact={"finance.own_share": own}))
        p.start_of_quarter(1)
        county.foresee(p)
        listed = np.ones(p.towns.size, dtype=bool)
        stake = p.policy.the(Interest).expect(p, county.forecast(p, listed))
        assert stake is not None
        found.append(stake.sum())
    assert found[1] == pytest.approx(2.0 * found[0])
