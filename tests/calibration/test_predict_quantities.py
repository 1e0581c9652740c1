"""Predicted quantities on provinces made by hand, quantiles, and the definitions in the file."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import quantities
from calibration.moments import QUARTERS, START, simulate
from calibration.notes import GRADES, LAND
from calibration.predict import (
    BOUNDS,
    COLUMNS,
    TAILS,
    Prediction,
    PredictionError,
    _column,
    behaviour_hash,
    check_place,
    manifest_path,
    measure_run,
    point,
    predict,
    quantiles,
    table_text,
    write,
)
from calibration.predictands import FITTED_RUN, document, row_by_id, rows, runs
from calibration.validate import PREDICTIONS
from calibration.windows import last_year, window
from experiments.store.record import record_of
from report.pages.prediction import page
from report.render.markdown import markdown
from report.text.errors import told
from sim.parameters import Quarter
from sim.run import RunSpec
from sim.state.town import EVENTS, Status
from tests import worlds

CREATION, CULTIVATION, NAMED, EXITED, SITE = (
    int(s) for s in (Status.CREATION, Status.CULTIVATION, Status.NAMED, Status.EXITED, Status.SITE)
)


def province(years=2, towns=6, start="2015Q1", prefectures=None):
    """A finished province of towns that never did anything; tests write what happened."""
    quarters = 4 * years
    blank = np.zeros((quarters, towns), dtype=np.int64)
    t = SimpleNamespace(
        size=towns, status_history=blank.copy(), event=blank.copy(), listed_at=np.full(towns, -1), core=blank.copy(),
        named_at=np.full(towns, -1), reported=blank.copy(), entrants=blank.copy(), government=blank.copy(),
        output=blank.copy(), tax=blank.copy(), other=blank.copy(),
    )  # fmt: skip
    t.effective = lambda part, rule: t.core[part].sum(axis=0) + t.other[part].sum(axis=0)
    names = ("Hangzhou", "Quzhou", "Lishui")
    places = SimpleNamespace(
        towns=SimpleNamespace(prefecture=np.array(prefectures if prefectures is not None else [0] * towns)),
        prefectures=SimpleNamespace(name_en=names),
    )
    policy = SimpleNamespace(target=SimpleNamespace(rule=lambda t: "no_housing"))
    first = Quarter(int(start[:4]), int(start[5]))
    return SimpleNamespace(
        towns=t,
        places=places,
        policy=policy,
        t=quarters - 1,
        clock=SimpleNamespace(start_index=first.index, quarters=quarters),
    )


def seen(**grades):
    """What an observer noted, in a run from 2015Q1 on: grades by year."""
    return {GRADES: {year_end(int(y[1:])): np.array(g) for y, g in grades.items()}, LAND: {}}


def year_end(year):
    return 4 * (year - 2015) + 3


def everyone(p):
    return np.ones(p.towns.size, dtype=bool)


def assessed_2015(p, status=CREATION):
    """All towns on a list since the second quarter, all assessed."""
    p.towns.listed_at[:] = 1
    p.towns.status_history[1:] = status
    p.towns.event[3] |= EVENTS["assessed"]
    p.towns.event[7] |= EVENTS["assessed"]
    return p


# --- windows ---------------------------------------------------------------------------------------------------------


def test_windows_by_name():
    assert list(window("2016-2018").years()) == [2016, 2017, 2018]
    half = window("2018H2")
    assert (str(half.first), str(half.last)) == ("2018Q3", "2018Q4")
    assert str(window("to 2020Q2").last) == "2020Q2"
    for wrong in ("2018H3", "20180", "to 2018", "", "2018Q1"):
        with pytest.raises(ValueError):
            window(wrong)
    assert last_year("to 2016-09") == 2016 and last_year("2015Q3, 2016Q2 cohorts") == 2016 and last_year("ever") is None


# --- assessments -----------------------------------------------------------------------------------------------------


def test_grades_count_assessed_creation_towns_only():
    p = assessed_2015(province())
    p.towns.status_history[1:, 5] = CULTIVATION
    p.towns.listed_at[5] = -1
    noted = seen(y2015=[4, 4, 3, 2, 1, 4], y2016=[1] * 6)
    shares = [
        quantities.graded(p, noted, window("2015"), everyone(p), grade=grade) for grade in (4, 3, 2, 1)
    ]  # the town on the cultivation list is no creation town, whatever its grade
    assert shares == [2 / 5, 1 / 5, 1 / 5, 1 / 5]
    assert quantities.graded(p, noted, window("2015-2016"), everyone(p), grade=1) == 6 / 10


def test_groups_split_the_towns_by_prefecture():
    p = assessed_2015(province(prefectures=[0, 0, 1, 1, 2, 0]))
    assert quantities.group(p, "poor").tolist() == [False, False, True, True, True, False]
    assert (quantities.group(p, "rest") == ~quantities.group(p, "poor")).all() and quantities.group(p, "all").all()
    p.towns.event[3, [0, 2, 3]] |= EVENTS["warned"]
    warned = [
        quantities.treated(p, seen(), window("2015"), quantities.group(p, g), events=("warned",))
        for g in ("all", "poor", "rest")
    ]
    assert warned == [3 / 6, 2 / 3, 1 / 3]


def test_nobody_assessed_is_undefined_and_not_zero():
    p = province()
    assert math.isnan(quantities.treated(p, seen(), window("2015"), everyone(p), events=("warned",)))
    assert math.isnan(quantities.eliminated(p, seen(), window("2015-2016"), everyone(p)))
    assert math.isnan(quantities.certified(p, seen(), window("to 2016Q4"), everyone(p)))
    assert math.isnan(quantities.first_list_cancelled(p, seen(), window("to 2016Q4"), everyone(p)))


def test_elimination_is_of_cultivation_towns():
    p = assessed_2015(province())
    p.towns.status_history[1:7, :4] = CULTIVATION
    p.towns.event[7, [0, 4]] |= EVENTS["exited"]
    assert quantities.eliminated(p, seen(), window("2016"), everyone(p)) == 1 / 4
    assert quantities.treated(p, seen(), window("2016"), everyone(p), events=("demoted", "exited")) == 1 / 2


def test_taken_off_the_year_after_a_warning():
    p = assessed_2015(province())
    p.towns.event[3, [0, 1, 2]] |= EVENTS["warned"]
    p.towns.event[7, [0, 5]] |= EVENTS["demoted"]
    p.towns.event[7, 1] |= EVENTS["exited"]
    p.towns.status_history[4:, 2] = EXITED  # warned, then withdrew: not assessed on the list again
    assert quantities.taken_off_after_warning(p, seen(), window("2016"), everyone(p)) == 1.0
    p.towns.status_history[4:, 2] = CREATION
    assert quantities.taken_off_after_warning(p, seen(), window("2016"), everyone(p)) == 2 / 3


def test_first_assessments_of_any_list():
    p = assessed_2015(province(years=3))
    p.towns.event[11] |= EVENTS["assessed"]
    p.towns.event[3] = 0
    noted = seen(y2015=[1] * 6, y2016=[1, 1, 2, 2, 2, 2], y2017=[1, 2, 2, 2, 2, 2])
    over = window("2015-2017")
    assert quantities.assessed_since_start(p, noted, over, everyone(p), grade=1, years=1) == 2 / 6
    assert quantities.assessed_since_start(p, noted, over, everyone(p), grade=1, years=3) == 3 / 12


# --- certification, money, land --------------------------------------------------------------------------------------


def test_certified_counts_the_first_batch_by_a_date():
    p = assessed_2015(province(years=4))
    p.towns.listed_at[5] = 4
    p.towns.named_at[[0, 1, 5]] = [9, 13, 9]
    assert quantities.certified(p, seen(), window("to 2017Q3"), everyone(p)) == 1 / 5
    assert quantities.certified(p, seen(), window("to 2018Q3"), everyone(p)) == 2 / 5
    assert quantities.first_list_certified(p, seen(), window("to 2018Q3"), everyone(p)) == 2 / 5
    p.towns.status_history[10:, 2] = EXITED
    p.towns.status_history[10:, 3] = CULTIVATION  # demoted is not cancelled
    assert quantities.first_list_cancelled(p, seen(), window("to 2018Q3"), everyone(p)) == 1 / 5


def test_amounts_are_per_listed_town_in_yi():
    p = assessed_2015(province())
    p.towns.status_history[:, 5] = SITE
    p.towns.status_history[4:, 4] = NAMED
    p.towns.core[4:8], p.towns.other[4:8] = 6_000, 4_000
    p.towns.reported[7] = 60_000  # over a true 40,000: every quarter carries the ratio
    p.towns.government[4:8] = 2_500
    p.towns.entrants[4], p.towns.entrants[6] = 3, 7
    p.towns.output[4:8], p.towns.tax[4:8] = 25_000, 2_000
    noted = seen()
    noted[LAND][year_end(2016)] = np.full(6, 400.0)
    year, half = window("2016"), window("2016H1")
    assert quantities.investment(p, noted, year, everyone(p)) == pytest.approx(6.0)
    assert quantities.investment(p, noted, half, everyone(p)) == pytest.approx(3.0)
    assert quantities.new_firms(p, noted, half, everyone(p)) == 3.0
    assert quantities.new_firms(p, noted, window("2016H2"), everyone(p)) == 7.0
    assert quantities.featured_share(p, noted, year, everyone(p)) == pytest.approx(0.6)
    assert quantities.private_share(p, noted, year, everyone(p)) == pytest.approx(0.75)
    assert quantities.output(p, noted, year, everyone(p)) == pytest.approx(10.0)
    assert quantities.tax(p, noted, year, everyone(p)) == pytest.approx(0.8)
    assert quantities.tax_per_mu(p, noted, year, everyone(p)) == pytest.approx(20.0)


# --- the definitions -------------------------------------------------------------------------------------------------


def test_every_row_has_a_quantity_a_unit_words_and_a_run():
    known = worlds.library().units
    assert len({row.id for row in rows()}) == len(rows())
    for row in rows():
        assert row.run in runs() and row.unit in known, row.id
        assert row.fitted or (row.measure in quantities.QUANTITIES and row.over is not None)
        for text in (row.title, row.definition, row.population, row.span, row.region):
            assert text.zh and text.en, row.id
    for one in document()["left_out"].values():
        assert all(one[key][lang] for key in ("title", "why") for lang in ("zh", "en"))


def test_what_the_issue_asks_for_is_there():
    known = row_by_id()
    for year in range(2015, 2023):
        for family in ("exc", "good", "qual", "warn", "dem", "elim"):
            for tail in ("", "-poor", "-rest"):
                assert f"P-{family}{year}{tail}" in known
        for name in (f"P-inv{year}H1", f"P-firms{year}H2", f"P-spec{year}", f"P-priv{year}", f"P-tax{year}"):
            assert name in known
        assert {f"P-out{year}", f"P-taxmu{year}"} <= set(known)
    for name in ("P-cert2.2y", "P-cert3.3y", "P-cert5y", "P-demwarn2018", "P-js-unq2017", "P-sd-cert", "P-sd-canc"):
        assert name in known
    assert "national_kept" in document()["left_out"]


@pytest.mark.parametrize("name", list(runs()))
def test_every_run_reaches_its_rows_and_can_be_resolved(name):
    resolved = point(name).resolve(worlds.library())
    end = resolved.start + (resolved.quarters - 1)
    for row in rows():
        if row.run == name and row.over is not None:
            assert row.over.last <= end, row.id


def test_no_figure_after_2017_is_in_the_files():
    for name, one in document()["series"].items():
        assert all(int(year) <= 2017 for part in ("counts", "values") for year in one.get(part, {})), name


def test_the_page_names_every_family_and_what_is_left_out():
    for lang in ("zh", "en"):
        text = markdown(page(), lang)
        for name in document()["family"]:
            assert f"`{next(r.id for r in rows() if r.family == name)}`" in text
        for one in document()["left_out"].values():
            assert one["why"][lang] in text


MADE_WITH = {"en": "> *Made with model 0.3.*", "zh": "> *用 0.3 版模型得到。*"}
"""How a page of figures that were not made again begins."""


def test_the_pages_in_docs_are_those_of_the_command():
    docs = Path(__file__).resolve().parents[2] / "docs"
    shown = PREDICTIONS if PREDICTIONS.is_file() else None
    for lang, name in (("en", "prediction.md"), ("zh", "prediction.zh.md")):
        title, mark, rest = (docs / name).read_text(encoding="utf-8").split("\n\n", 2)
        assert mark.startswith(MADE_WITH[lang]), "made before the mends, and says so"
        assert f"{title}\n\n{rest}" == markdown(page(shown), lang), "xiaozhen predict --page docs"


# --- quantiles -------------------------------------------------------------------------------------------------------

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(NUMBERS | st.just(math.nan), min_size=1, max_size=60))
def test_quantiles_rise_outward_from_the_median(values):
    found = dict(zip(("median", *BOUNDS), quantiles(values), strict=True))
    if not any(math.isfinite(v) for v in values):
        assert all(math.isnan(v) for v in found.values())
        return
    outward = [*BOUNDS[-2::-2], "median", *BOUNDS[1::2]]
    assert all(found[a] <= found[b] for a, b in pairwise(outward))
    known = [v for v in values if math.isfinite(v)]
    assert min(known) <= found["lo95"] and found["hi95"] <= max(known)


def test_quantiles_are_order_statistics_at_p_of_n_plus_one():
    values = [float(i) for i in range(1, 40)]  # 39 draws: p (n + 1) is p * 40
    found = dict(zip(("median", *BOUNDS), quantiles(values), strict=True))
    wanted = {"median": 20, "lo95": 1, "hi95": 39, "lo50": 10, "hi50": 30, "lo80": 4, "hi80": 36, "lo90": 2, "hi90": 38}
    assert found == pytest.approx(wanted)
    assert len(TAILS) == len(BOUNDS) + 1


# --- the file --------------------------------------------------------------------------------------------------------


def made(values):
    blank = {row.id: np.full(3, math.nan) for row in rows()}
    return Prediction("prior", 3, "0" * 64, blank | {k: np.array(v) for k, v in values.items()}, {FITTED_RUN: "f"})


def test_rows_that_no_draw_defines_are_left_out_and_told(tmp_path):
    one = made({"P-exc2018": [0.1, 0.2, math.nan], "C-inv15": [10.0, 11.0, 12.0]})
    lines = table_text(one.records()).splitlines()
    assert lines[0] == ",".join(COLUMNS) and len(lines) == 3
    assert lines[1].startswith("C-inv15,") and lines[2].startswith("P-exc2018,")
    assert one.undefined()["P-exc2018"] == 2 and "C-inv15" not in one.undefined()
    mark = write(one, tmp_path / "p.csv", "xiaozhen predict")
    beside = json.loads(manifest_path(tmp_path / "p.csv").read_text("utf-8"))
    assert beside["sha256"] == mark and beside["behaviour"]["draws"] == 3
    assert set(beside["definitions"]) == {"predictions.toml", "targets.toml"} and all(beside["definitions"].values())
    assert write(one, tmp_path / "p.csv", "xiaozhen predict") == mark  # an earlier prediction may be replaced


def test_other_files_are_not_touched(tmp_path):
    file = tmp_path / "notes.csv"
    file.write_text("mine", encoding="utf-8")
    for place in (file, tmp_path, tmp_path / "none" / "p.csv"):
        with pytest.raises(PredictionError) as caught:
            check_place(place)
        assert all(told(caught.value, lang) for lang in ("zh", "en"))
    assert file.read_text(encoding="utf-8") == "mine" and [f.name for f in tmp_path.iterdir()] == ["notes.csv"]


def test_the_behaviour_hash_sees_the_last_bit():
    assert behaviour_hash([{"a": 0.1}]) != behaviour_hash([{"a": math.nextafter(0.1, 1)}])
    assert behaviour_hash([{"a": 1.0, "b": 2.0}]) == behaviour_hash([{"b": 2.0, "a": 1.0}])


# --- the model -------------------------------------------------------------------------------------------------------


def test_the_fitted_figures_are_those_that_the_fit_sees():
    """A longer run changes nothing about the figures of its first quarters."""
    library = worlds.library()
    short = simulate(RunSpec(library.resolve("zhejiang_2015", start=START, quarters=QUARTERS)))
    longer = library.resolve("zhejiang_2015", start=START, quarters=QUARTERS + 1)
    found = measure_run(FITTED_RUN, RunSpec(longer))
    for row in rows():
        if row.fitted:
            assert found[row.id] == short[row.id], row.id
    assert found["P-warn2016"] == short["C-warn2016"] and found["P-dem2017"] == short["C-dem2017"]
    assert math.isnan(found["P-exc2022"])


def test_draws_are_replicates_and_predictions_repeat():
    library = worlds.library()
    draws = [{"exit.hazard_year1": 0.012}, {"exit.hazard_year1": 0.02}]
    first, again = (predict(behaviours=draws, library=library, workers=1, only=["jiangsu"]) for _ in range(2))
    assert table_text(first.records()) == table_text(again.records())
    assert first.draws == 2 and {r["id"][:4] for r in first.records()} == {"P-js"}
    with pytest.raises(PredictionError):
        predict("central", 0)


def test_every_row_of_a_run_is_a_column_of_its_store():
    kept = record_of("key", {_column(row.id): 1.0 for row in rows()}, ()).summary
    assert len(kept) == len(rows())
