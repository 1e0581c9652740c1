"""Readings of the law: each is complete, stands where it should, does what it says, and can be swept and ranked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.analysis.readings.sweep import RANKED, REPORTED, Sweep, own_regimes, sweep, variants
from report.pages.readings import NAMES, page, ranking, write_sweep
from report.render.markdown import markdown
from report.text.catalogue import say
from sim.engine.ledger import REASONS
from sim.parameters.errors import UnknownName
from sim.parameters.readings import standing, standings
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import EVENTS, Status
from tests import worlds
from tests.worlds import PLACES, Trail, library, scenario

ZJ, TZ, PX = "zhejiang_2015", "tongzhou_2017", "pingxiang_2017"
make, played = (partial(f, small=True) for f in (worlds.make, worlds.played))
SETTLED = {"clawback.after": 4, "land_reward.gate": "always"}
STRICT = {"target.first_year": 400_000, "target.three_year": 1_000_000}


def run(regime: str, quarters: int, levers: dict[str, Any], exact: dict[str, float] | None = None) -> Province:
    """A played small province with some levers at other values."""
    return played(scenario(regime, quarters, levers={**PLACES, **levers}, exact=exact))


# --- what the files say ----------------------------------------------------------------------------------------------


def test_the_seventy_of_the_analysis_are_there_and_those_that_came_later() -> None:
    assert set(library().readings) >= {f"D-{i:02d}" for i in range(1, 71)}


@pytest.mark.parametrize("name", list(library().readings))
def test_a_reading_acts_or_says_why_not(name: str) -> None:
    reading = library().readings[name]
    assert len(reading.alternatives) >= 2
    if reading.idle is not None:
        assert not reading.acts and reading.idle.zh and reading.idle.en
        return
    for one in reading.alternatives:
        assert bool(one.set) + one.as_stated + (one.unrun is not None) == 1, one.id
    assert reading.acts or any(one.unrun is not None for one in reading.alternatives)


def test_where_readings_matter() -> None:
    found = {name: {s.regime: s.taken for s in standings(library(), name)} for name in ("D-06", "D-16", "D-19", "D-37")}
    assert set(found["D-06"]) >= {ZJ} and TZ not in found["D-06"] and found["D-06"][ZJ] == ("granted",)
    assert found["D-16"] == {}
    assert set(found["D-19"]) == {TZ} and found["D-19"][TZ] == ("threshold",)
    assert set(found["D-37"]) == {PX}
    assert standing(library(), "D-31", PX) is not None
    by_regime = {r: [v.alternative for v in library().reading_variants("D-31", r)] for r in (ZJ, PX)}
    assert by_regime == {ZJ: ["list", "clawback"], PX: ["list"]}, "a clawback at exit needs a clawback"
    assert library().reading_variants("D-06", "null") == ()


def test_unknown_names_are_told() -> None:
    with pytest.raises(UnknownName, match="D-06"):
        library().reading_variants("D-6", ZJ)
    with pytest.raises(UnknownName, match="zhejiang_2015"):
        library().reading_variants("D-06", "zhejiang_2016")


def test_a_default_is_what_some_regime_takes() -> None:
    for reading in library().readings.values():
        stands = standings(library(), reading.id)
        if stands:
            assert any(reading.default in s.taken for s in stands), reading.id


# --- what the meanings do --------------------------------------------------------------------------------------------

SILENT = {
    (name, one.id, regime)
    for name, reading in library().readings.items()
    for one in reading.alternatives
    for regime in one.silent
}
"""Meanings that change no run in the regime, with the reason, as ``scenarios/readings.toml`` says."""
WIDE = {
    ("D-14", "keep", ZJ), ("D-25", "whole", ZJ),
    ("D-25", "whole", TZ), ("D-26", "first_year", TZ),
    ("D-26", "free_place", TZ), ("D-60", "fixed_pool", ZJ), ("D-67", "rolling", TZ),
}  # fmt: skip
"""Meanings that need more towns than the small province has."""
LONG = {("D-14", "keep", ZJ): 25}
"""Meanings that come to matter later than others."""
RARE = {("D-26", "first_year", TZ): 1, ("D-27", "keep", TZ): 1, ("D-67", "rolling", ZJ): 1}
"""Meanings that do not matter in every replicate, and one in which they do."""
OWN = frozenset(f"D-{i:02d}" for i in (*range(1, 11), *range(12, 29), *range(31, 34), *range(36, 40), *range(60, 70)))
VARIANTS = [
    (v.reading, v.alternative, regime)
    for regime in (ZJ, TZ, PX)
    for name in sorted(OWN)
    for v in library().reading_variants(name, regime)
]


SAMPLED = [pytest.param(*v, marks=[pytest.mark.slow] if place % 2 else []) for place, v in enumerate(VARIANTS)]
"""Every other meaning waits for ``--slow``."""


@pytest.mark.parametrize(("reading", "alternative", "regime"), SAMPLED)
def test_every_meaning_moves_something(reading: str, alternative: str, regime: str) -> None:
    levers = next(v.levers for v in library().reading_variants(reading, regime) if v.alternative == alternative)
    case = (reading, alternative, regime)
    quarters, small = LONG.get(case, 22), case not in WIDE
    places = PLACES if small else {}
    base, changed = (scenario(regime, quarters, levers={**places, **x}) for x in ({}, levers))
    k = RARE.get(case, 0)
    moved = Trail(worlds.make(changed, k, small=small)).parts_from(worlds.trail(base, k, small=small), quarters)
    assert (moved is None) == (case in SILENT)


def test_when_a_demoted_town_s_rebate_stops_matters_only_where_pay_does_not_hang_on_the_target() -> None:
    """ZJ-FISC-1, readings D-13 and D-14: at once and from next year are one where a missed year is not paid anyway."""
    for gate, same in (("annual_target", True), ("listed", False)):
        levers = {"rebate.gate": gate, "target.first_year": 150_000}
        paid = {
            when: run(ZJ, 12, {**levers, "rebate.after_demotion": when}).money.total(REASONS["rebate"])
            for when in ("stop_now", "stop_next_year")
        }
        assert paid["stop_next_year"].any()
        assert np.array_equal(paid["stop_now"], paid["stop_next_year"]) == same


def test_land_bases_are_ordered() -> None:
    """Net new land is at most what was used, and reward land comes on top."""
    levers = {"land_reward.gate": "always", "land_reward.supplement": 0, "land_reward.cap": 7500}
    at = {b: run(ZJ, 8, {**levers, "land_reward.base": b}).towns for b in ("this_year", "new_land", "with_reward")}
    first = {b: s.rewarded.sum() for b, s in at.items()}
    assert first["new_land"] <= first["this_year"] <= first["with_reward"]
    assert first["new_land"] < first["with_reward"]


def test_two_accounts_take_the_same_from_two_places() -> None:
    certain = {"enforcement.clawback": 1.0}
    one, two = (run(ZJ, 6, {**SETTLED, "clawback.booking": b}, certain) for b in ("one_account", "two_accounts"))
    assert one.towns.clawed.sum() == two.towns.clawed.sum() > 0
    assert np.array_equal(one.towns.clawed, two.towns.clawed)
    paid = [p.land.balance[p.books.chart.of(Kind.TOWN)].sum() for p in (one, two)]
    assert paid[1] < paid[0]


def test_a_minimum_falls_on_towns_that_were_never_rewarded() -> None:
    certain = {"enforcement.clawback": 1.0}
    levers = {**STRICT, "clawback.after": 4}
    free = run(ZJ, 6, levers, certain).towns
    hit = run(ZJ, 6, {**levers, "clawback.minimum": 50}, certain).towns
    never = (hit.rewarded == 0) & (hit.listed_at == 1)
    assert never.any() and (hit.clawed[never] == 5000).all() and not free.clawed[never].any()


def test_a_cure_at_a_lower_multiple_lies_between() -> None:
    certain = {"enforcement.clawback": 1.0}
    levers = {**SETTLED, "target.first_year": 0, "target.three_year": 150_000}
    runs = {c: run(ZJ, 11, {**levers, "clawback.cure": c}, certain) for c in ("none", "one_year", "factor")}
    at, late = {c: p.towns for c, p in runs.items()}, runs["factor"].policy.clawback.late
    assert late.any()
    cured = late & (at["factor"].clawed > 0) & (at["one_year"].clawed == 0)
    assert cured.any() and np.array_equal(at["factor"].clawed[cured], at["factor"].rewarded[cured])


def test_the_clock_of_the_opinion_settles_at_the_earliest_a_year_after_listing() -> None:
    p = make(scenario(ZJ, 2, levers={**PLACES, "clawback.clock": "opinion"}))
    p.towns.listed_at[:3] = [1, 12, 20]
    assert p.policy.clawback.window(p, 12)[1][:3].tolist() == [p.policy.announced + 12, 16, 24]


def test_both_faults_together_are_fewer_misses_than_either() -> None:
    hard = {"target.first_year_share": 0.5, "target.core_share_min": 0.9}
    count = {
        r: int((run(TZ, 4, {**hard, "assessment.miss_rule": r}).towns.event[3] & EVENTS["missed"] > 0).sum())
        for r in ("or", "and", "separate")
    }
    assert count["and"] < count["separate"] <= count["or"]
    apart = run(TZ, 4, {**hard, "assessment.miss_rule": "separate"})
    held = apart.towns.unmet & apart.towns.assessed
    assert held.any() and not apart.towns.passed[held].any()


def test_a_lower_pay_mark_pays_more_towns_and_removes_as_many() -> None:
    full, lower = (run(ZJ, 4, {"target.first_year": 200_000, "assessment.pay_share": x}) for x in (1, 0.5))
    assert lower.towns.passed.sum() > full.towns.passed.sum()
    missed = lower.towns.event[3] & EVENTS["missed"] > 0
    assert (lower.towns.passed & missed).any()


def test_what_exit_takes_away() -> None:
    levers = {**STRICT, "list.exit_after": 1, "list.demote_score": 0}
    both, kept, bare = (run(ZJ, 4, {**levers, "list.exit_scope": s}).towns for s in ("both", "list", "support"))
    gone = (both.status == Status.EXITED) & (both.listed_at >= 0)
    assert gone.any() and not both.paid()[gone].any()
    assert (kept.status[gone] == Status.EXITED).all() and kept.paid()[gone].all()
    assert (bare.status[gone] == Status.CREATION).all() and not bare.paid()[gone].any()
    assert bare.unsupported[gone].all() and not bare.supported()[gone].any()
    rich = {**SETTLED, "clawback.after": 12, "list.exit_after": 2, "list.demote_score": 0, **STRICT}
    struck = run(ZJ, 8, {**rich, "list.exit_scope": "clawback"}, {"enforcement.clawback": 1.0})
    out = (struck.towns.event[7] & EVENTS["exited"] > 0) & (struck.towns.rewarded > 0)
    assert out.any() and (struck.towns.clawed[out] > 0).all()
    assert int(struck.land.total(REASONS["clawback"]).sum()) == int(struck.towns.clawed.sum())


def test_later_misses_may_have_no_consequence() -> None:
    """With nobody demoted after the first year, demotions are those of the first year alone."""
    levers = {"target.first_year_share": 0, "target.core_share_min": 0, "target.annual_rule": "third"}
    told = {r: run(TZ, 13, {**levers, "list.later_misses": r}).towns for r in ("demote", "nothing", "warn")}
    down = {r: int((s.event & EVENTS["demoted"] > 0).sum()) for r, s in told.items()}
    assert down["demote"] > down["nothing"]
    warned = {r: (s.event & EVENTS["warned"] > 0).any() for r, s in told.items()}
    assert warned["warn"] and not warned["nothing"]


def test_failing_for_good_may_end_in_exit() -> None:
    levers = {"target.three_year": 1_000_000, "acceptance.after": 4, "acceptance.extension": 0}
    stays, leaves = (run(ZJ, 6, {**levers, "acceptance.on_failure": x}).towns for x in ("stays", "exit"))
    failed = stays.accepted == 3
    assert failed.any() and (stays.status[failed] == Status.CREATION).all()
    gone = leaves.accepted == 3
    assert gone.any() and (leaves.status[gone] == Status.EXITED).all()
    assert (leaves.event[:, gone] & EVENTS["exited"]).any()


def test_depth_of_classes_sets_how_many_fit() -> None:
    """One town for each class is eight at most; finer cells leave more room than listed ones."""
    many = {"call.creation_places": 26, "call.cultivation_places": 0}
    count = {
        d: int(run(TZ, 2, {**many, "call.segment_depth": d}).towns.listed().sum()) for d in ("class", "listed", "fine")
    }
    assert count["class"] <= 8 and count["class"] < count["listed"] <= count["fine"]


def test_a_later_first_batch_moves_only_that_batch() -> None:
    stated, later = (make(scenario(PX, 8, levers={"call.first_shift": s})) for s in (0, 1))
    places = [[p.policy.call.places("creation_places", t) for t in range(8)] for p in (stated, later)]
    assert places[0] == [0, 40, 0, 0, 0, 40, 0, 0] and places[1] == [0, 0, 40, 0, 0, 40, 0, 0]


def test_real_targets_grow_with_prices() -> None:
    nominal, real = (run(ZJ, 10, {"target.price_basis": b}) for b in ("nominal", "real"))
    grown = real.policy.target.three_year(real) / nominal.policy.target.three_year(nominal)
    assert grown == pytest.approx(np.full(grown.size, 1.025**2), rel=1e-9)


def test_the_second_grant_is_tested_once_at_the_end() -> None:
    at = {
        x: run(PX, 10, {"grant.test": x, "grant.listing": 0, "grant.sponge_fund": 0}) for x in ("first_pass", "at_end")
    }
    paid = {x: np.flatnonzero(p.money.total(REASONS["grant"])).tolist() for x, p in at.items()}
    assert paid["first_pass"][0] == 3 and min(paid["at_end"]) >= 7


# --- the study -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_sweep() -> Sweep:
    """Two readings in two regimes, two short replicates."""
    return sweep(library(), 2, 1, regimes=(ZJ, TZ), readings=("D-06", "D-22", "D-66"), quarters=16)


def test_the_plan_of_the_study() -> None:
    assert set(own_regimes(library())) >= {ZJ, TZ, PX} and "zhejiang_2015_yiwu" not in own_regimes(library())
    rows = variants(library(), (ZJ, TZ))
    assert [r.point.regime for r in rows if not r.reading] == [ZJ, TZ]
    marks = {r.point.resolve(library()).fingerprint for r in rows if not r.reading}
    assert all(r.point.resolve(library()).fingerprint not in marks for r in rows if r.reading)


def test_the_study_ranks_readings(small_sweep: Sweep) -> None:
    assert {(s.reading, s.regime) for s in small_sweep.swept} == {("D-06", ZJ), ("D-22", TZ), ("D-66", ZJ)}
    for name in RANKED:
        ranking = small_sweep.ranking(name)
        assert [x.swept.reading for x in ranking].count("D-06") == 1 and len(ranking) == 3
        assert [x.size for x in ranking] == sorted((x.size for x in ranking), reverse=True)
        widened = next(x for x in ranking if x.swept.reading == "D-06")
        assert widened.among == 7 and widened.contrast.difference.level == pytest.approx(1 - 0.05 / 7)
        assert not any(x.stands for x in ranking), "two replicates show nothing"
    records = small_sweep.records()
    assert len(records) == len(REPORTED) * len(small_sweep.swept) and len({tuple(r) for r in records}) == 1


def test_the_study_is_written_in_both_languages(small_sweep: Sweep, tmp_path: Path) -> None:
    files = {p.name for p in write_sweep(small_sweep, tmp_path)}
    assert files >= {"readings.csv", "readings.parquet", "readings.en.png", "readings.zh.svg", *NAMES.values()}
    for lang in ("zh", "en"):
        told = markdown(page(small_sweep), lang)
        assert say("readings.title", lang) in told and "D-06" in told and "D-16" in told
    (table,) = ranking(small_sweep, RANKED[0]).blocks
    assert {len(row) for row in table.rows} == {len(table.head)} == {len(say("readings.head", "en").split("|"))}


def test_regimes_for_small_towns_are_laid_over_the_common_world_without_their_type() -> None:
    rows = variants(library(), ["national_2016", "pingxiang_2017"], ["D-52", "D-53"], 8)
    types = {row.point.resolve(library()).levers["call.town_types"][-1] for row in rows}
    assert "small_town" not in types, "nobody could be listed"
    assert any(row.reading == "D-52" for row in rows), "the other meanings are tried"
