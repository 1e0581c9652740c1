"""information: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.agents.county import forecast
from sim.instruments.information import Information
from tests.instruments.kit import TZ, ZJ, Case, Effect, Promise, played, small

AMBITIOUS = {"official.promotion_weight": 0.8, "official.promotion_value": 20_000}
EFFECT = Effect(
    TZ,
    {"information.promotion_link": False},
    {"information.promotion_link": True},
    2,
    lambda p: float(p.towns.effort.mean()),
    +1,
    {},
    AMBITIOUS,
)
CASES = {
    "bulletin_interval": Case(ZJ, 1),
    "promotion_link": Case(ZJ, False),
    "field_meetings": Case(ZJ, False),
    "platform": Case(ZJ, 0.8),
    "ranking": Case(ZJ, 1),
    "media": Case(ZJ, 1),
    "participation": Case(ZJ, 1),
    "ambassadors": Case(ZJ, 10),
}
PROMISE = Promise(
    TZ,
    {"information.promotion_link": True, "information.ambassadors": 2},
    lambda it: (
        float((it.listed * it.after.towns.passed * (1.0 + it.before.policy.the(Information).resolve)).sum())
        * it.before.behaviour["official.promotion_weight"]
        * it.before.behaviour["official.promotion_value"]
        - it.total("events")
    ),
    exact=AMBITIOUS,
)


def test_lasting_support_makes_firms_trust_where_they_take_part():
    """PY-P02 (F000 L29): 长期信任合作关系, 共同利益分享机制, 保持政策延续性."""
    young, old = (played(small("panyu_proposal", n)) for n in (5, 17))
    on = [p.towns.on_a_list() for p in (young, old)]
    assert 0.0 < young.towns.trust[on[0]].max() < old.towns.trust[on[1]].max() < 1.0
    alone = played(small("panyu_proposal", 17, levers={"information.participation": 0}))
    assert not alone.towns.trust.any() and old.towns.entrants.sum() > alone.towns.entrants.sum()


def test_counties_reckon_with_their_own_events_even_where_a_pass_is_worth_nothing():
    events = {"information.promotion_link": False, "information.media": 0, "information.ranking": 0}
    p = played(small(ZJ, 4, levers={**events, "information.ambassadors": 2}))
    f = forecast(p, np.ones(p.towns.size, dtype=bool))
    one = p.policy.the(Information)
    cost = 2 * p.constants["information.event_cost"]
    assert one.weight(p.t) == 0.0
    assert np.allclose(one.expect(p, f), -cost * f.listed * f.annuity)
    nothing = played(small(ZJ, 4, levers={**events, "information.ambassadors": 0}))
    assert nothing.policy.the(Information).expect(nothing, f) is None
