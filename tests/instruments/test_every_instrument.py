"""Every instrument, whatever files there are: inert it is nothing, on it moves its own outcome, and not before it is
announced; every lever moves a run; counties get what they expect. What is particular to one is data in ``test_X.py``.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from types import ModuleType
from typing import Any

import pytest

import scenarios
from sim.instruments import INSTRUMENTS
from sim.parameters import INDUSTRIES, load_library
from sim.state import offer
from sim.state.province import Province
from tests import worlds
from tests.instruments.kit import PX, TZ, ZJ, kept, make, played, small, trail
from tests.worlds import REGIMES, Trail, columns, inert, library, plain, scenario

KINDS = {kind.id: kind for kind in INSTRUMENTS}


def _data(name: str) -> ModuleType:
    """``test_X.py`` of an instrument: beside this file, or in the folder that the instrument came from."""
    for folder in scenarios.extensions():
        if (folder / f"test_{name}.py").is_file():
            spec = importlib.util.spec_from_file_location(f"test_{name}", folder / f"test_{name}.py")
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return importlib.import_module(f"tests.instruments.test_{name}")


DATA = {name: _data(name) for name in KINDS}
CASES = {f"{name}.{lever}": case for name, data in DATA.items() for lever, case in data.CASES.items()}


def without(p: Province, name: str) -> Province:
    """Take an instrument out of a province: it never acts, and who asks it gets the usual answer."""
    gone = next(i for i in p.policy.instruments if i.id == name)
    p.policy.leave_out(name)
    for method, answer in getattr(DATA[name], "ABSENT", {}).items():
        assert hasattr(gone, method)
        setattr(gone, method, answer)
    return p


# --- files -----------------------------------------------------------------------------------------------------------


def test_an_instrument_has_a_file_of_levers_with_the_same_types():
    assert set(KINDS) == set(library().instruments)
    for kind in KINDS.values():
        levers = {key.partition(".")[2]: library().levers[key] for key in library().instruments[kind.id].levers}
        assert list(levers) == list(kind.LEVERS.FIELDS), kind.id
        for name, lever in levers.items():
            said = str(kind.LEVERS.FIELDS[name])
            choices = ", ".join(repr(choice.id) for choice in lever.choices)
            plainly = {"number": float, "integer": int, "flag": bool, "regime": str}
            known = {name: str(type) for name, type in plainly.items()}
            assert said == known.get(lever.type, f"typing.Literal[{choices}]") or "ndarray" in said.lower(), lever.key


def test_every_lever_has_a_case():
    assert set(CASES) == set(library().levers)


# --- switched off ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_an_inert_instrument_is_as_good_as_none(name):
    """Not one bit of any column, history, balance or record differs, with the regime's other instruments at work."""
    made = small(PX if name in ("grant", "land_guarantee") else ZJ, 9, levers=inert(name))
    there, gone = trail(made), Trail(without(make(made), name))
    assert gone.parts_from(there, 9) is None


def test_no_instrument_at_all_is_the_null_regime():
    p = make(small("null", 9))
    for name in KINDS:
        without(p, name)
    assert p.policy.instruments == ()
    assert Trail(p).parts_from(trail(small("null", 9)), 9) is None


def test_null_is_every_lever_at_its_inert_value(tmp_path):
    """A regime that states every inert value, and Zhejiang's with every lever overridden, are the null run."""
    shutil.copytree(scenarios.ROOT, tmp_path / "scenarios", ignore=shutil.ignore_patterns("__pycache__"))
    head = (tmp_path / "scenarios" / "regimes" / "null.toml").read_text(encoding="utf-8").replace('"null"', '"stated"')
    rows = [f'[[value]]\nlever = "{k}"\nvalue = {toml(v)}\nclause = ["G"]\n' for k, v in inert().items()]
    (tmp_path / "scenarios" / "regimes" / "stated.toml").write_text("\n".join([head, *rows]), encoding="utf-8")
    stated = load_library(tmp_path / "scenarios").resolve("stated", quarters=9, effective="2015Q2")
    assert dict(stated.levers) == dict(small("null", 9).levers)
    emptied = scenario(ZJ, 9, levers=inert())
    for made in (stated, emptied):
        assert Trail(make(made)).parts_from(trail(small("null", 9)), 9) is None


def toml(value: Any) -> str:
    """A value in the words of a regime file."""
    if isinstance(value, list):
        if len(value) != len(INDUSTRIES):
            return repr(value)
        return "{ " + ", ".join(f"{n} = {v}" for n, v in zip(INDUSTRIES, value, strict=True)) + " }"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')


def test_usual_terms_are_the_inert_ones():
    levers = library().levers
    assert offer.USUAL_DAYS == levers["approval.days"].inert
    assert offer.USUAL_CAPITAL == levers["registered_capital.minimum"].inert
    assert offer.USUAL_SCOPE == levers["registered_capital.scope"].inert


# --- switched on -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_switching_an_instrument_on_moves_its_own_outcome_the_right_way(name):
    e = DATA[name].EFFECT
    runs = [small(e.regime, e.quarters, levers={**e.common, **x}, behaviour=e.behaviour) for x in (e.off, e.on)]
    pairs = [[e.measure(played(made, k)) for made in runs] for k in range(3)]
    gain = [e.sign * (on - off) for off, on in pairs]
    assert min(gain) >= 0 and sum(gain) > 0, pairs


@pytest.mark.parametrize("name", KINDS)
def test_nothing_moves_before_an_instrument_is_announced(name):
    """Announced in the sixth quarter, the first five are those of a province without any policy."""
    e = DATA[name].EFFECT
    made = small(e.regime, 8, levers={**e.common, **e.on}, effective="2016Q3", behaviour=e.behaviour)
    first = made.announced_index
    assert 4 <= first <= made.effective_index == 6
    moved = Trail(make(made)).parts_from(trail(small("null", 8, behaviour=e.behaviour)), 8)
    assert moved is not None and moved >= first


def test_counties_look_ahead_between_announcement_and_effect():
    """Tongzhou's document precedes its first year: towns prepare, and nothing is paid, listed or assessed yet."""
    made = small(TZ, 8, effective="2016Q1")
    assert (made.announced_index, made.effective_index) == (3, 4)
    p = played(made, 0, 4)
    assert not p.towns.event.any() and not p.towns.status.any()


# --- every lever -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", CASES)
def test_every_lever_moves_something(key):
    case = CASES[key]
    base = small(case.regime, case.quarters, levers=case.context)
    changed = small(case.regime, case.quarters, levers={**case.context, key: case.value})
    assert changed.levers[key] != base.levers[key], "the case gives the regime's own value"
    assert Trail(make(changed)).parts_from(trail(base), case.quarters) is not None


ELSEWHERE = {"call.town_types"}
"""Choices whose options only differ in worlds with two types of town; they are told apart in test_linkage."""
CHOICES = {
    key: [c.id for c in library().levers[key].choices]
    for key in CASES
    if library().levers[key].type == "choice" and key not in ELSEWHERE
}


@pytest.mark.parametrize("key", CHOICES)
def test_options_of_a_choice_differ_from_each_other(key):
    """No two options of one lever give the same run in the regime of its case."""
    case = CASES[key]
    made = {o: small(case.regime, case.quarters, levers={**case.context, key: o}) for o in CHOICES[key]}
    trails = {o: trail(m) for o, m in made.items()}
    same = [(a, b) for a in trails for b in trails if a < b]
    for t in range(case.quarters):
        same = [(a, b) for a, b in same if trails[a][t] == trails[b][t]]
        if not same:
            return
    raise AssertionError(f"the same run: {same}")


@pytest.mark.parametrize("regime", REGIMES[1:])
def test_every_lever_that_a_regime_sets_is_read(regime):
    p = played(small(regime, 16))  # four years: some clauses act at acceptance only
    stated = {s.lever for s in library().regimes[regime].values}
    assert not stated - p.policy.levers_read()


def test_columns_of_a_run_are_all_compared():
    """The hash of these tests sees every array of the towns, both ledgers and all populations."""
    names = set(columns(worlds.play(make(small("null", 1)))))
    assert {"firms.cash", "projects.stage", "talents.town", "villages.income", "towns.event", "money.balance"} <= names
    assert len(names) > 100 and plain((1, 2)) == [1, 2]


# --- what counties expect is what they get ---------------------------------------------------------------------------

WIDEST = 2.0
"""Most by which the bounds of a promise may differ: a formula halved or doubled falls out of them."""
ROUGHLY = (0.4, 1.6)
"""Where payments lie against what counties foresee: their forecasts of land, tax, results and audits err."""
PROMISING = [name for name, kind in KINDS.items() if kind.EXPECTED]


def test_every_expectation_has_a_promise_that_could_be_broken():
    assert PROMISING == [name for name in KINDS if hasattr(DATA[name], "PROMISE")]
    for name in PROMISING:
        promise = DATA[name].PROMISE
        assert 0.0 < promise.low <= promise.high <= WIDEST * promise.low, name
        assert promise.why or 0.9 <= promise.low <= 1.0 <= promise.high <= 1.1, f"{name}: say why it is another"


@pytest.mark.parametrize("name", PROMISING)
def test_counties_get_what_they_expect(name):
    """On a forecast that comes true, what an instrument gives is what counties expected, or a stated part of it; on
    their own forecasts it is so roughly.
    """
    promise = DATA[name].PROMISE
    paid, expected, foreseen = kept(name, promise)
    assert paid != 0.0 and expected != 0.0
    assert promise.low <= paid / expected <= promise.high, (paid, expected, paid / expected)
    assert ROUGHLY[0] <= paid / foreseen <= ROUGHLY[1], (paid, foreseen, paid / foreseen)


@pytest.mark.parametrize(("name", "factor"), [("clawback", -1.0), ("rebate", 0.2), ("grant", 3.0)])
def test_a_wrong_expectation_is_noticed(name, factor, monkeypatch):
    """The sign of the clawback's turned, the rebate's cut to a fifth, the grant's tripled."""
    kind = KINDS[name]
    right = getattr(kind, kind.EXPECTED)

    def wrong(*args: Any) -> Any:
        stake = right(*args)
        return None if stake is None else factor * stake

    monkeypatch.setattr(kind, kind.EXPECTED, wrong)
    with pytest.raises(AssertionError):
        test_counties_get_what_they_expect(name)
