"""Sentences about targets, calls and lists, held on runs: each test names its clause, its line and what it says.

S0 is Panyu's reply, S2 Tongzhou's plan, S3 the compilation of eighteen pieces, S4 Pingxiang's plan.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from sim.agents import county
from sim.engine.numeric import log, normal_cdf
from sim.instruments.call import CALL_NOMINATE
from sim.instruments.grant import Grant
from sim.model import Simulation
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import EVENTS, Status
from sim.world.types import INDUSTRIES
from tests import worlds
from tests.worlds import PLACES, library, scenario

PX, TZ, ZJ = "pingxiang_2017", "tongzhou_2017", "zhejiang_2015"
make, played = (partial(f, small=True) for f in (worlds.make, worlds.played))


def run(regime: str, quarters: int, levers: dict[str, Any] | None = None, replicate: int = 0, **options: Any) -> Any:
    """A small province after some quarters."""
    return played(scenario(regime, quarters, levers={**PLACES, **(levers or {})}, **options), replicate)


def event(p: Province, name: str, t: int = -1) -> np.ndarray:
    """Towns to which something happened."""
    return (p.towns.event[t] & EVENTS[name]) > 0


# --- the first year (E1) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begins", [2, 4])
@pytest.mark.parametrize("regime", [PX, "hubei", "fujian", "hebei", "tianjin"])
def test_without_a_stated_floor_the_first_year_asks_for_the_towns_own_plan(regime, begins):
    """PX-GRANT-2 (S4 L28 达到时序进度要求), S3 L369, L443, L495, L511 (年度目标考核任务): nobody's first year is free.

    Listed in the second quarter a town has three quarters of its plan to build, and what it built before is none of it.
    """
    p = run(regime, 4, {"assessment.third_party": False}, effective=f"2015Q{begins}")
    s = p.towns
    new = (s.listed_at == begins - 1) & s.assessed
    quarters = 5 - begins
    since = s.effective(slice(begins - 1, 4), p.policy.target.rule(3)) / np.maximum(1, p.true_effective())
    ratio = s.reported[3] * since / (s.declared * quarters / 4.0)
    assert new.sum() >= 5
    assert np.allclose(s.ratio[new], ratio[new])


def test_a_year_is_the_first_until_a_town_has_been_assessed():
    """S3 L443 (未完成年度目标考核任务): who was listed and assessed in the autumn owes a whole plan next year."""
    p = run(PX, 8, {"list.exit_after": 0}, effective="2015Q4")
    s = p.towns
    autumn = (s.listed_at == 3) & s.assessed
    assert autumn.any() and (s.assessments[autumn] == 2).all()
    assert np.allclose(s.ratio[autumn], s.reported[7][autumn] / s.declared[autumn])


def test_counties_expect_the_first_years_miss_that_the_plan_implies():
    """PX-LIST-1 (S4 L32 年度考核不合格): plan and forecast are of the same quarters, so their ratio is what counts."""
    p = make(scenario(PX, 4, levers={**PLACES, "assessment.qualified_score": 0}))
    worlds.play(p, 2)
    s, new = p.towns, p.towns.listed_at == 1
    reported = county.forecast(p, s.status == Status.CREATION).invest
    _, stay = p.policy.assessment.chances(p, reported)
    spread = p.behaviour["forecast.log_sd"]
    assert np.allclose(stay[:, new], normal_cdf((log(reported) - log(s.declared)) / spread)[:, new])


def _sums(made: Any, replicate: int) -> tuple[int, int]:
    """Second sums paid, and not paid though still to be won, each traced to the town's own schedule in that year."""
    p = Simulation(made, replicate)
    p.money.keep_journal()
    grant, paid, unpaid = p.policy.the(Grant), 0, 0
    for _ in range(made.quarters):
        open_ = grant.granted == 1
        p.step()
        if p.clock.quarter.q != 4:
            continue
        s = p.towns
        rows = [batch for t, batch in p.money.kept or [] if t == p.t and batch.clause == "PX-GRANT-2"]
        got = np.zeros(s.size, dtype=bool)
        for batch in rows:
            got |= batch.amount > 0
            assert np.array_equal(batch.receiver, p.books.chart.of(Kind.TOWN)) and set(batch.amount) <= {0, 100}
        could = open_ & s.assessed & (p.t - s.listed_at <= 8)
        short = (s.ratio < 1.0) | (s.score < 60.0)
        assert (could & ~short)[got].all()
        assert short[could & ~got].all()
        paid, unpaid = paid + int(got.sum()), unpaid + int((could & ~got).sum())
    return paid, unpaid


def test_every_second_grant_of_pingxiang_follows_the_towns_own_schedule():
    """PX-GRANT-2 (S4 L28 达到时序进度要求,经考核合格后再奖励100万元): paid above the schedule, unpaid below it.

    The sentence has a second half: a town on its schedule whose score is below the mark is not paid either.
    """
    home = library().resolve(PX, quarters=16, world=library().regimes[PX].home)
    away = library().resolve(PX, quarters=16)
    found = [_sums(home, k) for k in range(3)] + [_sums(away, 0)]
    assert all(paid > 0 for paid, _ in found) and sum(unpaid for _, unpaid in found[:3]) > 0 and found[3][1] > 0


def test_the_first_year_of_tongzhou_asks_for_a_fifth_of_the_sum_just_named():
    """TZ-INV-3 (S2 L53 20亿元。第一年完成投资不少于总投资额20%): 4 or 6 亿元, whatever a town has declared (D4)."""
    p = run(TZ, 4)
    sums = np.array([300_000 if name in ("environment", "equipment") else 200_000 for name in INDUSTRIES])
    required = p.policy.target.annual(p)[p.towns.assessed]
    assert required.size > 3 and np.allclose(required, 0.2 * sums[p.places.towns.industry[p.towns.assessed]])


# --- half a target (E8) ----------------------------------------------------------------------------------------------


def test_a_demoted_town_is_held_to_the_whole_of_its_progress():
    """TZ-LIST-2 (S2 L67 连续2年没有完成建设进度的创建对象,退出培育名单): the same progress in both years.

    Half may do for a town that was only ever cultivated, whose standard no sentence states.
    """
    seen = 0
    for k in range(3):
        p = run(TZ, 8, replicate=k)
        s, second = p.towns, event(p, "assessed", 7)
        short = second & event(p, "missed", 3) & (s.listed_at >= 0) & (s.listed_at < 4) & (s.ratio < 1.0)
        half = short & (s.ratio >= 0.5)
        assert event(p, "exited", 7)[short].all()
        seen += int(half.sum())
    assert seen > 0
    target, grown = p.policy.target, s.status == Status.CULTIVATION
    part = target.staying(p)[grown] / target.annual(p)[grown]
    assert grown.any() and np.array_equal(part, np.where(s.listed_at[grown] >= 0, 1.0, 0.5))


def test_the_first_year_of_a_cultivation_town_is_over_after_its_first_assessment():
    """TZ-LIST-3 (S2 L67 第一年完成创建目标的培育对象): later years ask for the yearly plan, as of a creation town."""
    p = run(TZ, 8, {"list.promotion": False, "call.per_segment": 0, "call.creation_places": 4})
    s, target = p.towns, p.policy.target
    later = (s.status == Status.CULTIVATION) & (s.listed_at < 0) & (s.assessments == 2)
    assert later.any()
    assert np.allclose(target.annual(p)[later], np.maximum(target.floor(p), s.declared)[later])
    assert (target.annual(p) > target.floor(p))[later].any()


@pytest.mark.parametrize("year", ["any", "first"])
def test_promotion_may_be_for_the_first_year_alone(year):
    """TZ-LIST-3 (S2 L67 对于第一年完成创建目标的培育对象,次年可优先): by the first assessed year, a reading (D5)."""
    waited, late = [], {"list.cultivation_exit_after": 0, "call.per_segment": 0, "call.creation_places": 4}
    for k in range(4):
        p = make(scenario(TZ, 12, levers={**PLACES, **late, "list.promotion_year": year}), k)
        for _ in range(12):
            p.step()
            up = event(p, "promoted", p.t)
            waited += (p.t - p.towns.cultivated_at)[up].tolist()
    assert waited and (max(waited) > 4) == (year == "any")


# --- Panyu's two lists (E7) ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replicate", range(3))
def test_panyu_has_a_creation_object_and_a_town_in_the_cultivation_pool(replicate):
    """PY-LIST-2 (S0 L81 沙湾 … 创建对象名单; L83 化龙 … 培育库), PY-LIST-1: each batch passes one town on, at home."""
    home = library().regimes["panyu_2019"].home
    p = worlds.play(Simulation(library().resolve("panyu_2019", quarters=12, world=home), replicate))
    s = p.towns
    assert np.count_nonzero(s.status == Status.CREATION) == np.count_nonzero(s.status == Status.CULTIVATION) == 1
    assert s.cultivated_at[s.status == Status.CULTIVATION] > s.listed_at[s.status == Status.CREATION]


# --- Hainan's review (D22) -------------------------------------------------------------------------------------------


def test_hainan_reviews_plans_without_a_contest():
    """HI-PROC-1 (S3 L481, L483 初审、联审、审定): competitive defence is a reading, and it changes who is listed."""
    (other,) = library().reading_variants("D-85", "hainan")
    plain, contest = (library().resolve("hainan", quarters=8, levers=levers) for levers in ({}, other.levers))
    assert set(plain.levers["call.mode"]) == {"voluntary"} and "competitive" in contest.levers["call.mode"]
    listed = [worlds.play(Simulation(made, 0)).towns.listed_at >= 0 for made in (plain, contest)]
    assert not np.array_equal(*listed)


# --- industry classes (E9) -------------------------------------------------------------------------------------------


def test_environmental_industry_is_high_end_manufacturing_in_tongzhou():
    """TZ-INV-1 (S2 L33 节能环保等 … 高端制造业; L53 30亿元): as much as equipment, and all others 20."""
    sums = dict(zip(INDUSTRIES, library().resolve(TZ).levers["target.three_year"][-1], strict=True))
    assert sums["environment"] == sums["equipment"] == 300_000
    assert {value for name, value in sums.items() if name not in ("environment", "equipment")} == {200_000}


# --- one town a sub-industry (E2) ------------------------------------------------------------------------------------


def _most(p: Province) -> int:
    """Towns on a list, of either kind, that share the fullest sub-industry."""
    return int(np.bincount(p.policy.call.cells(p)[p.towns.on_a_list()]).max(initial=0))


def _one_a_cell(made: Any, replicates: int, small: bool) -> np.ndarray:
    """How many were demoted, promoted, removed and listed again, while no sub-industry ever held two."""
    found = np.zeros(4, dtype=np.int64)
    for k in range(replicates):
        p = worlds.make(made, k, small=small)
        for _ in range(made.quarters):
            p.step()
            assert _most(p) <= 1
        s = p.towns
        again = (s.left_at >= 0) & s.on_a_list()
        found += [int(((s.event & EVENTS[name]) > 0).sum()) for name in ("demoted", "promoted", "exited")] + [
            again.sum()
        ]
    return found


STRICT = {"list.exit_after": 1, "list.demote_after": 0, "list.reentry_years": 0, "call.mode": "top_down"}
"""One miss and a town is out, and the list of the next year is drawn up from above: towns come back."""


@pytest.mark.parametrize(
    ("levers", "moves"), [({"call.creation_places": 4}, [0, 1]), (STRICT, [2, 3])], ids=["demoted", "back"]
)
def test_one_town_a_sub_industry_holds_for_both_lists_after_every_move(levers, moves):
    """TZ-ELIG-2 (S2 L31 一个细分产业只能培育创建一个特色小镇), in 20 small provinces with eight sub-industries."""
    made = scenario(TZ, 8, levers={**PLACES, "call.segment_depth": "class", **levers})
    assert (_one_a_cell(made, 20, small=True)[moves] > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("world", ["zhejiang", "tongzhou"])
def test_one_town_a_sub_industry_holds_in_twenty_replicates_of_the_real_worlds(world):
    """TZ-ELIG-2 (S2 L31), the regime as it is, in Zhejiang's world and at home."""
    made = library().resolve(TZ, quarters=24, world=world)
    assert _one_a_cell(made, 20, small=False)[:3].sum() > 0


def test_a_town_demoted_keeps_its_sub_industry_and_one_that_left_frees_it():
    """TZ-ELIG-2 (S2 L31), TZ-LIST-1, -2: what counts is being on a list, whichever."""
    p = make(scenario(TZ, 4, levers={**PLACES, "call.segment_depth": "class"}))
    worlds.play(p, 2)
    call, s = p.policy.call, p.towns
    same = np.flatnonzero(p.places.towns.industry == np.bincount(p.places.towns.industry).argmax())
    site, rival = int(same[0]), int(same[1])
    s.status[same] = Status.SITE
    for status, free in ((Status.CREATION, False), (Status.CULTIVATION, False), (Status.EXITED, True)):
        s.status[rival] = status
        assert call.occupied(p).fits(site) is free and call.occupied(p).fits(rival)


# --- values that no run tells apart ----------------------------------------------------------------------------------


def test_an_exit_with_a_clawback_is_feared_for_what_is_clawed_back_times_its_chance():
    """ZJ-PROC-5 under D-31: what both scopes cost differs by P(miss) · stake at exit where the next miss removes."""
    p = run(ZJ, 6, {"list.exit_scope": "clawback", "list.exit_after": 1})
    both = make(scenario(ZJ, 6, levers={**PLACES, "list.exit_scope": "both", "list.exit_after": 1})).policy.lists
    f = county.forecast(p, p.towns.status == Status.CREATION)
    lists, clawed = p.policy.lists, p.policy.clawback.stake_at_exit(p)
    more = both.stake(p, both.ahead(p.t), f) - lists.stake(p, lists.ahead(p.t), f)
    assert np.allclose(more, f.listed * f.p_miss_again * clawed)
    assert ((more > 0) & (f.p_miss_again > 0.01) & (f.p_miss_again < 0.9)).any()


def test_a_site_with_the_usual_pipeline_is_scored_by_its_merits_alone():
    """ZJ-PROC-1: ln(pipeline/median) is zero at the median, and 0.2·ln 2 at twice as much."""
    p = make(scenario(ZJ, 4, levers=PLACES, exact={"review.noise": 0.0}))
    worlds.play(p, 1)
    p.towns.forecast_base[:] = 999.0
    p.towns.forecast_base[0] = 1999.0
    g, s = p.places.towns, p.policy.call.scores(p)
    merit = g.capability + 0.3 * g.potential
    assert np.allclose(s[1:], merit[1:]) and np.isclose(s[0], merit[0] + 0.2 * np.log(2.0))


def test_a_prefecture_passes_on_the_nominee_whose_sub_industry_is_rarest():
    """PY-LIST-1 (S0 L81 产业特色、人文特色、环境特色等多方面比较): of equal nominees the most distinct one."""
    p = make(scenario(ZJ, 4, levers={**PLACES, "call.nominations": 50, "call.passed_up": 1}))
    worlds.play(p, 2)
    call, g = p.policy.call, p.places.towns
    call.scores = lambda p: -0.5 * p.draws.normals(CALL_NOMINATE, g.key, p.t)
    up = call._ladder(p, np.ones(p.towns.size, dtype=bool))
    rivals = np.bincount(call.cells(p), minlength=256)[call.cells(p)]
    for prefecture in np.unique(g.prefecture):
        mine = g.prefecture == prefecture
        assert rivals[mine & up].tolist() == [rivals[mine].min()] and rivals[mine].max() > rivals[mine].min()


def test_a_score_below_the_mark_is_a_miss_whatever_was_invested():
    """PX-ASSESS-1 (S4 L32 评出年度优秀、合格、不合格): the mark falls among the scores of towns on their schedule."""
    mark = 74.0
    p = run(PX, 4, {"assessment.qualified_score": mark})
    s = p.towns
    on = s.assessed & (s.ratio >= 1.0)
    low = s.score < mark
    assert (on & low).any() and (on & ~low).any()
    assert np.array_equal(event(p, "missed")[on], low[on])
