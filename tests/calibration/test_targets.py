"""The published figures and the model's side of them."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from calibration import history, moments
from calibration.closeness import band, compare, tally
from calibration.moments import ALSO, MOMENTS, QUARTERS, START, simulate
from calibration.notes import AT_WORK, FOR_MOMENTS, MICRO, TEAMS
from calibration.targets import TRUST, load_targets
from report.pages.targets import rows
from report.text.errors import told as message_in
from sim.model import Simulation
from sim.outcomes.arithmetic import YI
from sim.outcomes.observe import Observer
from sim.parameters import Quarter
from sim.parameters.errors import InputError
from sim.run import RunSpec
from sim.state.town import EVENTS, Status
from tests import worlds

PUBLISHED = Path(__file__).with_name("published.csv")
"""The figures as published, taken down apart from the targets; `fact` in scenarios/facts.toml has the source."""
COLUMNS = [
    "id", "unit", "target", "lo", "hi", "model_median", "model_lo90", "model_hi90", "ratio",
    "within_factor_two", "inside_interval", "also",
]  # fmt: skip


@pytest.fixture(scope="module")
def library():
    return worlds.library()


@pytest.fixture(scope="module")
def finished(library):
    """A province that has run over the whole window, and what was written down."""
    scenario = library.resolve("zhejiang_2015", start=START, quarters=QUARTERS)
    p, seen = Simulation(scenario, 0), Observer(FOR_MOMENTS)
    while p.t + 1 < p.clock.quarters:
        p.step()
        seen.observe(p)
    return p, seen


@pytest.fixture(scope="module")
def frame(library):
    return compare(2, workers=1, library=library)


# --- the file --------------------------------------------------------------------------------------------------------


def test_every_figure_has_a_measure_a_source_and_both_languages(library):
    targets = load_targets()
    assert list(targets) == [name for name in targets if name in MOMENTS] and set(targets) == set(MOMENTS)
    assert {f"{t.id}/{name}" for t in targets.values() for name, _ in t.also} == set(ALSO)
    for target in targets.values():
        assert set(target.fact) <= set(library.facts), target.id
        assert target.unit in library.units and target.trust in TRUST
        for text in (target.title, target.region, target.population, target.window, target.measure, target.note):
            assert text.zh and text.en


def test_what_a_figure_has_set_exists_in_the_model(library):
    world = (library.root / "worlds" / "zhejiang.toml").read_text(encoding="utf-8")
    for target in load_targets().values():
        for key in target.sets:
            assert key in library.uncertainties or key in library.levers or f'[figure."{key}"]' in world, key


def test_counts_give_their_share_and_its_wilson_interval():
    for target in load_targets().values():
        if not target.count:
            continue
        k, n = (int(part) for part in target.count.split("/"))
        z, share = 1.959964, k / n
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        assert (target.value, target.lo, target.hi) == pytest.approx((share, middle - half, middle + half), abs=6e-4)


def test_the_figures_are_those_published():
    rows = list(csv.DictReader(PUBLISHED.open(encoding="utf-8")))
    targets = load_targets()
    assert [row["id"] for row in rows] == list(targets)
    for row in rows:
        target = targets[row["id"]]
        assert (target.value, target.lo, target.hi) == tuple(float(row[name]) for name in ("value", "lo", "hi"))
        assert (target.count, target.period) == (row["count"], row["period"])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[target.C-h1]", "[target.C-h9]", "C-h9"),
        ("value = 0.016", "value = 0.5", "0.012"),
        ("value = 0.016", 'value = "much"', "much"),
        ('trust = "A"', 'trust = "E"', "E"),
        ("self_report = false", "self_report = 0", "0"),
        ('id = "whole_year"', 'id = "half_year"', "half_year"),
        ("value = 0.016\n", "", "value"),
        ('unit = "per_year"', "unit = per_year", "per_year"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path, old, new, told):
    text = Path(moments.__file__).with_name("targets.toml").read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "targets.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_targets(broken)
    for lang in ("zh", "en"):
        assert told in message_in(caught.value, lang) and "targets.toml" in message_in(caught.value, lang)


# --- the measures ----------------------------------------------------------------------------------------------------


def test_every_measure_is_a_plausible_number(finished):
    found = moments.moments_of(*finished)
    assert set(found) == set(MOMENTS) | set(ALSO)
    shares = {t.id for t in load_targets().values() if t.unit in ("ratio", "per_year")}
    for name, value in found.items():
        assert math.isfinite(value) and value >= 0.0, name
        assert value <= 1.0 or name.split("/")[0] not in shares, name


def test_assessed_towns_are_those_on_the_list_before_the_assessment(finished):
    p, seen = finished
    who = history.assessed_creation(p, 2015)
    assert 0 < who.sum() <= (p.towns.event[3] & EVENTS["assessed"] > 0).sum()
    assert (p.towns.status_history[2][who] == Status.CREATION).all()
    off = (p.towns.event[3] & (EVENTS["demoted"] | EVENTS["exited"])) > 0
    assert MOMENTS["C-dem2015"](p, seen) == (off & who).sum() / who.sum()
    assert not (off & (p.towns.event[3] & EVENTS["warned"] > 0)).any()


def test_reported_investment_adds_up_to_the_reports(finished):
    p, _ = finished
    reported = history.reported_flow(p)
    for year in range(4):
        rows = slice(4 * year, 4 * year + 4)
        booked = np.where(history.flow(p)[rows].sum(axis=0) > 0, p.towns.reported[4 * year + 3], 0)
        np.testing.assert_allclose(reported[rows].sum(axis=0), booked, rtol=1e-12)


def test_cumulative_investment_starts_with_the_listing_year(finished):
    p, seen = finished
    date = Quarter(2016, 3)
    town = int(np.flatnonzero(history.on_creation_list(p, date) & (p.towns.listed_at >= 4))[0])
    flow = history.flow(p)
    assert history.since_listing(p, flow, date)[town] == flow[4:7, town].sum()
    part = history.since_listing(p, flow, Quarter(2017, 2), 1 / 3)[town]
    assert part == pytest.approx(flow[4:10, town].sum() + flow[10, town] / 3)
    assert MOMENTS["C-inv16"](p, seen) * YI > 0


def test_closure_rates_turn_quarters_into_years():
    gone, exposed = np.array([[100, 0, 0], [0, 0, 0]]), np.array([[2000, 10, 10], [2000, 10, 10]])
    p = SimpleNamespace(diary=SimpleNamespace(gone=gone, exposed=exposed))
    assert moments.hazard(1, 1)(p, Observer(FOR_MOMENTS)) == pytest.approx(1 - (1 - 0.025) ** 4)
    assert moments.hazard(2, 3)(p, Observer(FOR_MOMENTS)) == 0.0


def test_a_short_run_leaves_later_figures_undefined(library):
    scenario = library.resolve("null", start=START, quarters=3)
    found = simulate(RunSpec(scenario))
    for name in ("C-exc2015", "C-inv15", "C-inv16", "C-firm16", "C-out17", "C-open", "C-dream15", "C-gov15"):
        assert math.isnan(found[name]), name
    assert 0.0 < found["C-h1"] < 0.1


def test_the_window_is_the_start_of_a_longer_run(library, finished):
    """Figures do not depend on how long the run goes on: the first quarters are the same to the bit."""
    scenario = library.resolve("zhejiang_2015", start=START, quarters=20)
    p, seen = Simulation(scenario, 0), Observer(FOR_MOMENTS)
    for _ in range(9):
        p.step()
        seen.observe(p)
    short, noted = finished
    assert np.array_equal(p.towns.core[:9], short.towns.core[:9])
    assert np.array_equal(p.towns.status_history[:9], short.towns.status_history[:9])
    assert (
        np.array_equal(seen[MICRO][2], noted[MICRO][2])
        and np.array_equal(seen[AT_WORK][6], noted[AT_WORK][6])
        and seen[TEAMS] == noted[TEAMS]
    )


# --- side by side ----------------------------------------------------------------------------------------------------


def test_the_frame_has_one_row_a_figure(frame):
    assert list(frame.columns) == COLUMNS
    assert list(frame["id"]) == list(load_targets())
    for row in frame.to_dict("records"):
        assert row["model_lo90"] <= row["model_median"] <= row["model_hi90"]
        assert row["ratio"] == row["model_median"] / row["target"]
        assert row["within_factor_two"] is (0.5 <= row["ratio"] <= 2.0)
        assert row["inside_interval"] is (row["lo"] <= row["model_median"] <= row["hi"])
    assert tally(frame)["rows"] == tally(frame)["defined"] == len(MOMENTS)


def test_undefined_numbers_count_as_neither(library):
    found = compare(1, "null", 1, library, behaviour={"exit.hazard_year1": 0.02})
    row = found.set_index("id").loc["C-exc2015"]
    assert math.isnan(row["model_median"]) and not row["within_factor_two"] and not row["inside_interval"]
    assert rows(found, "zh")[list(found["id"]).index("C-exc2015")]["title"] == load_targets()["C-exc2015"].title.zh
    assert found.set_index("id").loc["C-h1", "model_median"] > 0.018


def test_band_leaves_undefined_runs_out():
    assert band([math.nan, 3.0, 1.0, 2.0])[1] == 2.0
    assert all(math.isnan(value) for value in band([math.nan]))


def test_bad_requests_are_told(library):
    with pytest.raises(InputError):
        compare(0, library=library)
    with pytest.raises(InputError, match="zhejiang_2015"):
        compare(1, "zhejang_2015", library=library)


def test_the_command_prints_json_and_a_table(monkeypatch, capsys, frame):
    import calibration.closeness
    from xiaozhen.cli.main import main

    monkeypatch.setattr(calibration.closeness, "compare", lambda *_, **__: frame)
    for arguments in (["--json"], ["--lang", "zh"]):
        try:
            main(["targets", *arguments])
        except SystemExit as end:
            assert not end.code
        shown = capsys.readouterr().out
        assert "C-dream15" in shown
        if arguments == ["--json"]:
            document = json.loads(shown)
            assert document["tally"]["rows"] == len(document["targets"]) == len(MOMENTS)
