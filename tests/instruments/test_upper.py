"""The upper list: who is recommended and listed above, what the level above pays, and what counties expect of it."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import scenarios
from experiments.store.kept import kept_of, scenario_of
from sim.engine.ledger import REASONS
from sim.instruments.upper import Upper, standing
from sim.model import Simulation
from sim.parameters import load_library
from sim.parameters.errors import CircularExtends, InputErrors, OutOfBounds, UnknownName
from sim.parameters.mix import mixed
from sim.state.town import Grade, Status
from tests.instruments.kit import PX, Case, Effect, Levers, Period, Promise, flow, make, played, small, trail
from tests.worlds import library, play

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
    before = p.land.total(REASONS["upper_land"]).sum()
    play(p, 1)
    used = p.towns.land_used[4:8] * (np.arange(4, 8)[:, None] >= upper(p).above_at)
    paid = p.land.total(REASONS["upper_land"]).sum() - before
    assert paid > 0 and paid == np.floor(0.5 * used.sum(axis=0))[listed & p.towns.on_a_list()].sum()
