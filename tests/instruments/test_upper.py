"""The upper list: who is recommended and listed above, what the level above pays, and what counties expect of it."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import scenarios
from experiments.store.kept import kept_of, scenario_of
from sim.agents import county
from sim.engine.ledger import REASONS
from sim.instruments.upper import Upper, standing
from sim.model import Simulation
from sim.parameters import load_library
from sim.parameters.errors import CircularExtends, InputErrors, OutOfBounds, UnknownName
from sim.parameters.mix import mixed
from sim.state.books import Kind
from sim.state.town import Grade, Status, Strategy
from tests.instruments.kit import PX, Case, Effect, Levers, Period, Promise, flow, make, played, small, trail
from tests.worlds import different, library, play

JX: Levers = {"upper.regime": "jiangxi_2017"}
MANY: Levers = {**JX, "upper.recommend": "listed", "upper.nominations": 0}
EFFECT = Effect(PX, {"upper.regime": "none"}, {**MANY, "upper.honoured": 500}, 8, flow(REASONS["upper_honoured"]), +1)
CASES = {
    "regime": Case(PX, "national_2016", MANY),
    "recommend": Case(PX, "listed", {**JX, "upper.nominations": 0}),
    "nominations": Case(PX, 1, {**JX, "upper.recommend": "listed"}),
    "grade_worth": Case(PX, 5, {**MANY, "upper.recommend": "passed"}),
    "honoured": Case(PX, 800, MANY),
    "honoured_land": Case(PX, 50, MANY),
}


def _paid(it: Period) -> float:
    return it.total("upper_honoured", "upper_grant")


PROMISE = Promise(
    PX,
    {**MANY, "upper.honoured": 5000},
    _paid,
    0.7,
    1.3,
    "chances come true in whole towns, and the number of places limits them",
)


def upper(p: Simulation) -> Upper:
    """The instrument in a province."""
    return next(one for one in p.policy.everyone if isinstance(one, Upper))


def own_files(folder: Path, name: str, rows: str) -> Path:
    """The product's scenario files with further values in one regime."""
    shutil.copytree(scenarios.ROOT, folder / "scenarios", ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "scenarios" / "regimes" / f"{name}.toml"
    file.write_text(file.read_text(encoding="utf-8") + rows, encoding="utf-8")
    return folder / "scenarios"


def stated(lever: str, value: str) -> str:
    """A value as a regime file has it."""
    return f'\n[[value]]\nlever = "{lever}"\nvalue = {value}\nclause = ["JX-FUND-1"]\n'


# --- which regime stands above ----------------------------------------------------------------------------------------


def test_a_regime_that_lists_nobody_is_no_regime_above_to_the_bit():
    one, two = (trail(small(PX, 9, levers={"upper.regime": name})) for name in ("null", "none"))
    assert [one[t] for t in range(9)] == [two[t] for t in range(9)]


def test_without_a_regime_above_nothing_of_it_is_in_the_scenario():
    none = small(PX, 9, levers={"upper.regime": "none"})
    assert not none.above
    with_one = small(PX, 9, levers=JX)
    assert set(with_one.above) == {"jiangxi_2017"} and with_one.fingerprint != none.fingerprint


@pytest.mark.parametrize(
    ("name", "error"),
    [("jianxi_2017", UnknownName), ("tongzhou_2017", OutOfBounds), ("pingxiang_2017", CircularExtends)],
)
def test_an_unknown_lower_or_own_regime_above_is_refused(name, error):
    with pytest.raises(error) as caught:
        small(PX, 9, levers={"upper.regime": name})
    told = "\n".join(str(line) for line in caught.value.lines())
    assert "upper.regime" in told and "jiangxi_2017" in told


def test_a_circle_of_files_is_told_with_its_line(tmp_path):
    folder = own_files(tmp_path, "jiangxi_2017", stated("upper.regime", '"pingxiang_2017"'))
    with pytest.raises(InputErrors) as caught:
        load_library(folder)
    problem = caught.value.problems[0]
    assert problem.key == "upper.regime" and problem.file.endswith("jiangxi_2017.toml") and problem.line


def test_what_is_paid_and_the_fingerprint_change_with_the_file_above(tmp_path):
    """The same override of the same regime pays twice as much when the file above says twice as much."""
    paid, marks = [], set()
    for k, sum_ in enumerate((300, 600)):
        rows = stated("grant.annual", str(sum_)) + stated("grant.annual_years", "5")
        files = load_library(own_files(tmp_path / str(k), "jiangxi_2017", rows))
        places = {"call.creation_places": 10, "call.cultivation_places": 6}
        made = files.resolve(PX, quarters=8, effective="2015Q2", levers={**places, **MANY})
        p = play(make(made))
        paid.append(upper(p).paid[7].sum())
        marks.add(made.fingerprint)
    assert len(marks) == 2 and paid[0] > 0
    assert paid[1] == 2 * paid[0]


def test_a_stored_scenario_and_a_mixture_keep_what_stands_above():
    with_one, none = small(PX, 9, levers=JX), small(PX, 9, levers={"upper.regime": "none"})
    assert scenario_of(kept_of(with_one, library()), library()).above == with_one.above
    assert mixed(library(), none, with_one, ["upper.regime"]) == with_one
    assert mixed(library(), with_one, none, ["upper.regime"]) == none


# --- who is listed there ----------------------------------------------------------------------------------------------


def test_an_excellent_grade_raises_the_chance_above():
    """Two towns of the same merit: the excellent one is likelier to be listed than the qualified one."""
    p = played(small(PX, 8, levers=MANY), 0, 5)
    rules = upper(p)._rules["jiangxi_2017"]
    plain, best = (rules.chance(p, 5, np.full(p.towns.size, x)) for x in (0.0, 1.0))
    assert (best > plain).all() and (best - plain).mean() > 0.1


def test_only_towns_of_the_grade_asked_for_are_recommended():
    for recommend, fits in (("excellent", Grade.EXCELLENT), ("passed", Grade.QUALIFIED), ("listed", Grade.NONE)):
        p = make(small(PX, 8, levers={**MANY, "upper.recommend": recommend}))
        play(p, 5)
        before = p.towns.grade.copy()
        play(p, 1)
        above = upper(p).above_at == 5
        assert above.any() and (before[above] >= fits).all()


def test_no_more_are_recommended_than_each_prefecture_may():
    p = played(small(PX, 8, levers={**MANY, "upper.nominations": 1}), 0, 8)
    for quarter in np.unique(upper(p).first_above[upper(p).first_above >= 0]):
        new = upper(p).first_above == quarter
        assert np.bincount(p.places.towns.prefecture[new]).max() <= 1


def test_a_town_off_the_lists_below_is_off_the_list_above():
    p = make(small(PX, 8, levers=MANY))
    play(p, 6)
    town = int(np.flatnonzero(upper(p).listed(p))[0])
    p.towns.status[town], p.towns.barred_until[town] = Status.EXITED, 99
    play(p, 1)
    assert upper(p).above_at[town] == -1 and not upper(p).listed(p)[town]


def test_acceptance_counts_like_an_excellent_grade_and_good_half():
    s = SimpleNamespace(
        grade=np.array([Grade.NONE, Grade.QUALIFIED, Grade.GOOD, Grade.EXCELLENT]),
        status=np.array([Status.NAMED, Status.CREATION, Status.CREATION, Status.CREATION]),
    )
    assert standing(SimpleNamespace(towns=s)).tolist() == [1.0, 0.0, 0.5, 1.0]  # type: ignore[arg-type]


# --- what it pays there -----------------------------------------------------------------------------------------------

LAND: Levers = {**MANY, "upper.regime": "zhejiang_2015"}


@pytest.mark.parametrize("lever", ["land_guarantee.priority", "land_guarantee.full"])
def test_land_is_guaranteed_from_above(tmp_path, lever):
    files = load_library(own_files(tmp_path, "jiangxi_2017", stated(lever, "true")))
    off = {"land_guarantee.priority": False, "land_guarantee.full": False}
    made = files.resolve(PX, quarters=8, effective="2015Q2", levers={"call.creation_places": 10, **MANY, **off})
    p = play(make(made))
    marked = p.offer.land_priority > 0 if lever.endswith("priority") else p.offer.land_guaranteed
    on = (upper(p).above_at >= 0) & (upper(p).above_at < 7)
    assert on.any() and (marked == (on & (p.towns.grade != Grade.UNQUALIFIED))).all()


def test_rewarded_land_comes_from_above_by_the_share_of_its_file(tmp_path):
    """Half of the quota used this year since the town was listed above, under the clause of that file."""
    rows = stated("land_reward.share", "0.5") + stated("land_reward.gate", '"always"')
    files = load_library(own_files(tmp_path, "jiangxi_2017", rows))
    made = files.resolve(PX, quarters=8, effective="2015Q2", levers={"call.creation_places": 10, **MANY})
    p = make(made)
    play(p, 7)
    listed = upper(p).listed(p).copy()
    before, counted = p.land.total(REASONS["upper_land"]).sum(), p.towns.direct.sum()
    play(p, 1)
    used = p.towns.land_used[4:8] * (np.arange(4, 8)[:, None] >= upper(p).above_at)
    paid = p.land.total(REASONS["upper_land"]).sum() - before
    assert paid > 0 and paid == np.floor(0.5 * used.sum(axis=0))[listed & p.towns.on_a_list()].sum()
    assert p.towns.direct.sum() - counted >= paid, "it is worth what other quota is worth in the outcomes"


# --- the sentences ----------------------------------------------------------------------------------------------------

PAIRS = {"pingxiang_2017": "jiangxi_2017", "tongzhou_2017": "jiangsu_2017", "panyu_2019": "guangdong_2018"}


def at_home(regime: str, replicate: int = 0, **levers: object) -> Simulation:
    """A whole run of a regime at home, journals kept."""
    made = library().resolve(regime, world=library().regimes[regime].home, quarters=20, levers=levers)
    p = Simulation(made, replicate)
    p.money.keep_journal()
    return play(p)


def entries(p: Simulation, *reasons: str) -> dict[str, set[int]]:
    """Clauses under which some reasons were booked, and the accounts that paid."""
    found: dict[str, set[int]] = {}
    for _, batch in p.money.kept or []:
        if batch.reason.name in reasons and batch.amount.any():
            payer = np.broadcast_to(batch.payer, batch.amount.shape)[batch.amount > 0]
            found.setdefault(batch.clause, set()).update(int(i) for i in payer)
    return found


@pytest.mark.parametrize("regime", PAIRS)
def test_each_pair_lists_pays_and_leaves_nothing_when_it_is_off(regime):
    """S4 L15, S2 L69, S0 L81: towns get onto the list above and what is paid for it reaches them; without a list above
    every number is that of the null list above.
    """
    runs = [at_home(regime, k) for k in range(3)]
    assert set(runs[0].inputs.above) == {PAIRS[regime]}
    assert sum(int((upper(p).first_above >= 0).sum()) for p in runs) > 0
    got = sum(int(p.money.total(REASONS[name]).sum()) for p in runs for name in ("upper_grant", "upper_honoured"))
    assert got == sum(int(upper(p).paid.sum()) for p in runs) > 0
    off, null = (at_home(regime, 0, **{"upper.regime": name}) for name in ("none", "null"))
    assert not upper(off).paid.any() and not different(off, null)


def test_excellent_towns_of_pingxiang_and_no_others_are_recommended_to_the_province():
    """PX-ASSESS-2, S4 L32: 对年度考核优秀的特色小镇,落实土地扶持政策并推荐上报全省特色小镇."""
    seen = 0
    for k in range(3):
        made = library().resolve("pingxiang_2017", world="pingxiang", quarters=12)
        p = Simulation(made, k)
        while p.t + 1 < 12:
            before, grade = upper(p).recommended.copy(), p.towns.grade.copy()
            play(p, 1)
            new = upper(p).recommended > before
            assert (grade[new] == Grade.EXCELLENT).all()
            seen += int(new.sum())
    assert seen > 0


def test_pingxiang_recommends_at_most_as_many_as_it_strives_for():
    """PX-TGT-3, S4 L15: 争取推荐3-5个示范小镇列入省级特色小镇,享受省有关扶持政策: four over two rounds, and what
    Jiangxi's file says is paid by the province under Jiangxi's clause.
    """
    for k in range(4):
        p = at_home("pingxiang_2017", k)
        assert (upper(p).first_above >= 0).sum() <= 5 and upper(p).recommended.sum() <= 4
        booked = entries(p, "upper_grant")
        assert set(booked) <= {"JX-FUND-1"}
        assert all(payers == {int(p.books.chart.of(Kind.PROVINCE)[0])} for payers in booked.values())
        assert upper(p).paid.sum() == 200 * (upper(p).first_above >= 0).sum()


def test_tongzhou_honours_its_support_when_a_town_is_listed_above_and_not_before():
    """TZ-ACC-2, S2 L69: 通过验收并列入省、市特色小镇培育创建名单的,区兑现相关扶持政策: by the district, that day."""
    p = at_home("tongzhou_2017")
    listed = upper(p).first_above
    assert (listed >= 0).any()
    assert entries(p, "upper_honoured") == {"TZ-ACC-2": {int(p.books.chart.of(Kind.PREFECTURE)[0])}}
    for t in range(20):
        assert upper(p).paid[t].tolist() == np.where(listed == t, 500, 0).tolist()
    nothing = at_home("tongzhou_2017", **{"upper.regime": "none"})
    assert not nothing.money.total(REASONS["upper_honoured"]).any()


def test_tongzhou_puts_better_grades_forward_first():
    """TZ-ACC-2, S2 L69: 达到省、市培育创建标准的,优先向省、市联席会议办公室推荐: with one place for the district the
    excellent go before the merely qualified.
    """
    seen = 0
    for k in range(4):
        p = Simulation(
            library().resolve("tongzhou_2017", world="tongzhou", quarters=16, levers={"upper.nominations": 1}), k
        )
        while p.t + 1 < 16:
            before, grade = upper(p).recommended.copy(), p.towns.grade.copy()
            could = upper(p).above_at < 0
            play(p, 1)
            new = upper(p).recommended > before
            if new.any() and (grade[could & p.towns.on_a_list()] == Grade.EXCELLENT).any():
                assert (grade[new] == Grade.EXCELLENT).all()
                seen += 1
    assert seen > 0


def test_one_town_a_year_comes_from_panyu_and_its_merit_decides():
    """PY-LIST-1, -2, S0 L81-85: 综合产业特色、人文特色、环境特色等多方面比较: one each year, and the better site is
    likelier to be listed.
    """
    for k in range(3):
        p = at_home("panyu_2019", k)
        for t in {int(t) for t in upper(p).first_above if t >= 0}:
            assert (upper(p).first_above == t).sum() == 1
    rules = upper(p)._rules["guangdong_2018"]
    merit, chance = rules.call.merit(p), rules.chance(p, 7, np.zeros(p.towns.size))
    assert (np.diff(chance[np.argsort(merit)]) >= 0).all() and chance.max() - chance.min() > 0.5


@pytest.mark.parametrize("regime", ["pingxiang_2017", "tongzhou_2017"])
def test_counties_see_that_a_good_grade_is_worth_a_chance_above(regime):
    """S4 L32, S2 L69: what counties expect of building is more than of coasting, because the grade counts above."""
    p = Simulation(library().resolve(regime, world=library().regimes[regime].home, quarters=16), 1)
    while not (p.towns.status == Status.CREATION).any():
        play(p, 1)
    county.foresee(p)
    f = county.forecast(p, p.towns.status == Status.CREATION)
    stake = upper(p).expect(p, f)
    assert stake is not None
    on = (p.towns.status == Status.CREATION) & (upper(p).above_at < 0)
    gain = (stake[Strategy.PUSH] - stake[Strategy.COAST])[on]
    assert (gain >= 0).all() and gain.max() > 0
