"""assessment: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from tests.instruments.kit import TZ, ZJ, Case, Effect, events, played, small

THIRD = {"assessment.third_party": True}
SHARES = {"assessment.cut": "share"}
EFFECT = Effect(
    ZJ,
    {"assessment.qualified_score": 0},
    {"assessment.qualified_score": 100},
    4,
    events("missed"),
    +1,
    {"assessment.excellent_score": 100},
)
CASES = {
    "active": Case(ZJ, False),
    "excellent_score": Case(ZJ, 70),
    "qualified_score": Case(ZJ, 85),
    "weight_investment": Case(ZJ, 0.9),
    "weight_core": Case(ZJ, 0.9),
    "weight_function": Case(ZJ, 0.9),
    "weight_talent": Case(ZJ, 0.9),
    "gate_pay": Case(ZJ, False, {}, 12),
    "grades": Case(ZJ, 2),
    "target_test": Case(ZJ, "several"),
    "miss_rule": Case(TZ, "and"),
    "pay_share": Case(ZJ, 0.8),
    "third_party": Case(ZJ, True),
    "error": Case(ZJ, 0.3, THIRD),
    "check": Case(ZJ, 0, THIRD),
    "by_county": Case(ZJ, True),
    "cut": Case(ZJ, "share", {"assessment.unqualified_share": 0.3}),
    "excellent_share": Case(ZJ, 0.5, SHARES),
    "unqualified_share": Case(ZJ, 0.5, SHARES),
    "weight_environment": Case(ZJ, 0.5),
    "weight_culture": Case(ZJ, 0.5),
    "weight_mechanism": Case(ZJ, 0.5),
}


def test_investment_earns_no_points_in_guizhou():
    """GZ-INV-0 (F001 L41): 避免过度追求数量目标和投资规模."""
    p = played(small("guizhou_2019", 8))
    nothing, everything = (p.policy.assessment.merit(p, np.full(p.towns.size, x)) for x in (0.0, 1.25))
    assert (nothing == everything).all() and nothing.any()
