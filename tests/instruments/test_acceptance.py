"""acceptance: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.state.town import Acceptance, Status
from tests.instruments.kit import EASY, ZJ, Case, Effect, Promise, events, make, small
from tests.worlds import library

EFFECT = Effect(ZJ, {"acceptance.active": False}, {"acceptance.active": True}, 6, events("named"), +1, EASY)
CASES = {
    "active": Case(ZJ, False),
    "after": Case(ZJ, 4),
    "fixed": Case(ZJ, "date", EASY),
    "date_open": Case(ZJ, True, {"acceptance.fixed": "date"}),
    "extension": Case(ZJ, 0, {"acceptance.after": 4}),
    "function_min": Case(ZJ, 1, EASY),
    "on_failure": Case(ZJ, "exit", {"acceptance.after": 4, "acceptance.extension": 2}, 12),
    "award": Case(ZJ, True, EASY),
}
PROMISE = Promise(
    ZJ,
    {**EASY, "information.promotion_link": True, "acceptance.function_min": 0},
    lambda it: (
        float(np.isin(it.after.towns.named_at, range(4, 8)).sum())
        * it.before.behaviour["official.promotion_weight"]
        * it.before.behaviour["official.promotion_value"]
    ),
    who=lambda it: it.before.towns.listed_at == 1,
)


def test_years_left_run_from_the_listing():
    p = make(small(ZJ, 16))
    p.clock.set(9)
    p.towns.listed_at[:4] = [1, 5, 9, -1]
    assert p.policy.acceptance.years_left(p)[:4].tolist() == [1.0, 2.0, 3.0, 3.0]
    p.clock.set(15)
    assert p.policy.acceptance.years_left(p)[:4].tolist() == [0.0, 0.5, 1.5, 3.0]


@pytest.mark.parametrize(("age", "state", "due"), [(11, 0, False), (12, 0, True), (15, 1, False), (16, 1, True)])
def test_a_town_is_judged_after_twelve_quarters_and_once_more_a_year_later(age: int, state: int, due: bool):
    """TZ-ACC-1: 3年左右, extended by four quarters (D-27); one that is through is not judged again."""
    p = make(small(ZJ, 20))
    p.clock.set(18)
    s = p.towns
    s.status[:], s.listed_at[:], s.accepted[:] = Status.CREATION, 18 - age, state
    assert (p.policy.acceptance.due(p) == due).all()
    s.accepted[:] = Acceptance.FAILED
    assert not p.policy.acceptance.due(p).any()


def test_who_fails_for_good_and_leaves_is_barred_for_the_years_of_the_list_rule():
    p = make(
        small(ZJ, 20, levers={"acceptance.extension": 0, "acceptance.on_failure": "exit", "list.reentry_years": 2})
    )
    p.clock.set(13)
    s = p.towns
    s.status[:], s.listed_at[:], s.plan[:] = Status.CREATION, 1, 10**6
    p.policy.acceptance.judge(p, p.policy.acceptance.now(13))
    assert (s.status == Status.EXITED).all() and (s.left_at == 13).all() and (s.barred_until == 13 + 8).all()


@pytest.mark.parametrize(
    ("regime", "clause"), [(ZJ, "ZJ-FUNC-1"), ("pingxiang_2017", "PX-FUNC-2"), ("tongzhou_2017", "TZ-FUNC-2")]
)
def test_a_town_without_the_works_that_are_asked_for_is_not_named(
    regime: str, clause: str, monkeypatch: pytest.MonkeyPatch
):
    """PX-FUNC-2 (S4 L21): 全面收集生活污水…防灾设施符合标准; TZ-FUNC-2 (S2 L51): 3A标准. No mark is
    given: both are held to what is assumed for Zhejiang's grade.
    """
    stated = next(one for one in library().regimes[regime].values if one.lever == "acceptance.function_min")
    assert (stated.value, stated.evidence) == (0.5, "assumption") and clause in stated.clause
    p = make(small(regime, 20, effective="2015Q2"))
    p.clock.set(18)
    monkeypatch.setattr(p.policy.acceptance, "due", lambda p: p.towns.infra >= 0.0)
    monkeypatch.setattr(p, "cumulative_reported", lambda: np.full(p.towns.size, 10**9))
    s = p.towns
    s.status[:], s.infra[:] = Status.CREATION, 0.5
    s.infra[::2] = 0.49
    p.policy.acceptance.judge(p, p.policy.acceptance.now(18))
    assert (s.status[1::2] == Status.NAMED).all() and (s.status[::2] != Status.NAMED).all()
