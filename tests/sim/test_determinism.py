"""Same spec, same bits: run twice, in other processes, with other hash seeds, workers, threads, in another Python.

And one more agent changes only those it meets.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.run.runner import run_many
from sim.run import RunSpec, run
from sim.state.province import Province
from tests.bits import bits, parts, specs
from tests.worlds import PLACES, Trail, columns, different, make, play, scenario, trail

HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def expected() -> list[str]:
    """The bits of the specs run one after another in this process."""
    return [bits(run(spec)) for spec in specs()]


# --- once more -------------------------------------------------------------------------------------------------------


def test_a_spec_run_twice_gives_the_same_bytes(expected):
    assert [bits(run(spec)) for spec in specs()] == expected
    assert len(set(expected)) == len(expected)


def test_runs_do_not_depend_on_what_ran_before(expected):
    """In the opposite order, with another run begun and left half-way in between."""
    for spec, mark in reversed(list(zip(specs(), expected, strict=True))):
        play(make(scenario("zhejiang_2015", 6, levers=PLACES), 9, small=True), 2)
        assert bits(run(spec)) == mark


def test_two_provinces_stepped_in_turn_do_not_disturb_each_other():
    one, two = (make(scenario(r, 5, levers=PLACES), small=True) for r in ("zhejiang_2015", "pingxiang_2017"))
    for _ in range(5):
        one.step()
        two.step()
    for p, regime in ((one, "zhejiang_2015"), (two, "pingxiang_2017")):
        assert not different(p, play(make(scenario(regime, 5, levers=PLACES), small=True)))


def test_a_longer_run_begins_like_a_shorter_one():
    """The horizon is not known to anybody: the first quarters of a longer run are those of the shorter one."""
    short, long = (play(make(scenario("zhejiang_2015", q, levers=PLACES), small=True), 5) for q in (5, 12))
    a, b = columns(short), columns(long)
    histories = different(short, long)
    assert {"towns.core", "towns.event", "money.flows", "land.flows", "rural.visits"} <= histories
    for name in histories:
        assert len(a[name]) < len(b[name]), f"{name}: only histories, which are longer"
        assert np.array_equal(a[name], b[name][: len(a[name])]), name


def test_replicates_and_roots_differ_and_scenarios_share_their_luck():
    made = scenario("zhejiang_2015", 3, levers=PLACES)
    base = play(make(made, small=True))
    assert different(base, play(make(made, 1, small=True)))
    assert different(base, play(make(made, small=True, root=7)))
    null = play(make(scenario("null", 3), small=True), 1)
    assert not different(null, play(make(made, small=True), 1)), "before the policy they are one run"


def test_runs_through_threads_give_the_same_bits(expected):
    for threads in (1, 2):
        assert [bits(r) for r in run_many(specs(), threads=threads)] == expected


def test_threads_racing_on_one_spec_give_the_same_bits(expected):
    with ThreadPoolExecutor(2) as pool:
        assert {bits(r) for r in pool.map(run, [specs()[1]] * 4)} == {expected[1]}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_runs_through_workers_give_the_same_bits(expected, workers):
    assert [bits(r) for r in run_many(specs(), workers=workers)] == expected


# --- elsewhere -------------------------------------------------------------------------------------------------------


def elsewhere(python: str, **environment: str) -> tuple[str, list[str]]:
    """Run the specs in a new process.

    Returns:
        Versions of Python and NumPy, and the bits of each run.
    """
    path = os.pathsep.join((str(HERE.parent), str(HERE)))
    env = {**os.environ, "PYTHONPATH": path, **environment}
    done = subprocess.run([python, str(HERE / "bits.py")], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    head, *rows = done.stdout.splitlines()
    return head, [row.split()[1] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_with_another_hash_seed_gives_the_same_bits(expected, seed):
    assert elsewhere(sys.executable, PYTHONHASHSEED=seed)[1] == expected


@pytest.mark.slow
def test_without_compiled_code_from_before_the_bits_are_the_same(expected, tmp_path):
    """Compiled afresh into an empty folder."""
    assert elsewhere(sys.executable, NUMBA_CACHE_DIR=str(tmp_path))[1] == expected


def other_python() -> str:
    """A Python of another version with the libraries: ``XIAOZHEN_OTHER_PYTHON``, else ``venv313`` among the temporary
    files.
    """
    found = os.environ.get("XIAOZHEN_OTHER_PYTHON")
    if found:
        return found
    usual = Path(tempfile.gettempdir()) / "venv313" / "bin" / "python"
    if not usual.exists():
        pytest.skip("no other Python: set XIAOZHEN_OTHER_PYTHON to one that has the libraries")
    return str(usual)


@pytest.mark.slow
def test_another_python_with_other_libraries_gives_the_same_bits(expected):
    versions, found = elsewhere(other_python())
    mine = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert versions.split()[0] != mine, f"XIAOZHEN_OTHER_PYTHON is a {mine} as well"
    assert found == expected, f"Python and NumPy {versions} against {mine} and {np.__version__}"


def test_parts_name_every_number_of_a_result():
    result = run(specs()[0])
    names = set(parts(result))
    assert {"yearly.jobs", "summary.debt_end", "firms.cash", "towns.status", "talents.town"} <= names
    changed = RunSpec(specs()[0].scenario, 5, tables=specs()[0].tables, counties=specs()[0].counties)
    assert bits(run(changed)) != bits(result)


# --- one more agent --------------------------------------------------------------------------------------------------


def rows(p: Province, population: str) -> dict[int, dict[str, Any]]:
    """Every agent of a population by key."""
    table = getattr(p, population)
    fields = {f: table.live(f).tolist() for f in table.columns._fields}
    return {key: {f: v[i] for f, v in fields.items()} for i, key in enumerate(fields["key"])}


class Company:
    """Two runs side by side, the second with more firms in one town, and what came of it so far.

    Attributes:
        touched: Towns whose company has differed: an agent there in one run and not in the other, or the new firms.
        changed: Towns of the firms that are in both runs and differ in any column now.
    """

    def __init__(self, regime: str, town: int, extra: int, quarters: int, small: bool = True) -> None:
        levers = PLACES if small and regime != "null" else None
        made = scenario(regime, quarters, levers=levers)
        self.few = make(made, small=small)
        self.many = make(made, small=small, extra_firms=(town, extra))
        self.town = town
        self.touched = {town}
        self.changed: list[int] = []

    def step(self) -> None:
        """One quarter of both."""
        for p in (self.few, self.many):
            p.step()
        for population in ("firms", "projects", "talents"):
            one, two = rows(self.few, population), rows(self.many, population)
            for key in one.keys() | two.keys():
                places = {side[key]["town"] for side in (one, two) if key in side}
                if len(places) > 1 or (key in one) != (key in two):
                    self.touched |= places
            if population == "firms":
                self.changed = [one[k]["town"] for k in one.keys() & two.keys() if one[k] != two[k]]


@pytest.mark.parametrize("regime", ["null", "zhejiang_2015"])
def test_one_more_firm_changes_nobody_whom_it_does_not_meet(regime):
    """A year later every firm, project and talent of every other town is the same to the bit."""
    both = Company(regime, 3, 1, 4)
    for _ in range(4):
        both.step()
        assert both.many.firms.n >= both.few.firms.n
        assert both.touched == {3} and set(both.changed) <= {3}
        assert 0 < len(both.changed) < 0.01 * both.few.firms.n, "neighbours feel it, and hardly"
    elsewhere = np.arange(both.few.towns.size) != 3
    for name in ("jobs", "firms", "talents", "infra", "reputation", "strategy", "status"):
        assert np.array_equal(getattr(both.few.towns, name)[elsewhere], getattr(both.many.towns, name)[elsewhere]), name


def test_many_more_firms_spread_only_through_those_who_choose_otherwise():
    """Two hundred more firms in one town make some prospects choose otherwise; whoever differs shares a town with one.

    Land is shared by the towns of a county, so a project that comes elsewhere can delay one in the next town.
    """
    both = Company("null", 3, 200, 6)
    county = both.few.places.towns.county
    for _ in range(6):
        both.step()
        reached = {t for t in range(both.few.towns.size) if county[t] in {county[i] for i in both.touched}}
        assert set(both.changed) <= reached
        assert set(both.changed) - {3} <= both.touched | reached
    assert len(both.touched) > 1, "somebody chose otherwise"
    outside = [t for t in both.changed if t != 3]
    assert len(outside) < 0.1 * both.few.firms.n


def test_the_newcomer_is_born_with_luck_of_its_own():
    """The firms of the start have the same draws whether or not another one is there."""
    made = scenario("null", 2)
    few, many = make(made, small=True), make(made, small=True, extra_firms=(0, 3))
    assert many.firms.n == few.firms.n + 3
    one, two = rows(few, "firms"), rows(many, "firms")
    assert all(two[key] == row for key, row in one.items())


def test_a_lever_that_changes_nothing_yet_moves_nobody():
    """Two regimes that differ from the sixth quarter on are one run until then."""
    early, late = (scenario("zhejiang_2015", 8, levers=PLACES, effective=q) for q in ("2016Q2", "2016Q3"))
    assert Trail(make(early, small=True)).parts_from(trail(late, small=True), 8) == 5
