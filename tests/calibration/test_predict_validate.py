"""Scores against closed forms, baselines against hand computation, tables of observations good and bad."""

from __future__ import annotations

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from calibration import baselines, validate
from calibration.baselines import Past, beta_binomial, history
from calibration.observations import ObservationError, read_observations, read_predictions
from calibration.predict import BOUNDS, COLUMNS, LEVELS
from calibration.predictands import row_by_id, rows
from calibration.scores import compare, inside, interval_score, skill, weighted_interval_score, wilson
from calibration.targets import load_targets
from report.text.errors import told as message_in

PUBLISHED = Path(__file__).with_name("published.csv")
HEAD = "id,quantity,region,period,count,value,lo,hi,unit"


def normal(mean=0.0, sd=1.0):
    ends = {f"lo{lev}": mean - sd * stats.norm.ppf(0.5 + lev / 200) for lev in LEVELS}
    return {"median": mean, **ends, **{f"hi{lev}": 2 * mean - ends[f"lo{lev}"] for lev in LEVELS}}


def observed(tmp_path, *lines, head=HEAD, name="o.csv"):
    file = tmp_path / name
    file.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return file


def predicted(tmp_path, spread=0.2, only=None):
    """A file of predictions for every row: around 0.2 for shares, 10 otherwise."""
    file = tmp_path / "p.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for row in rows():
            if only is None or row.id in only:
                q = normal(0.2 if row.unit in ("ratio", "per_year") else 10.0, spread)
                words = [row.id, row.quantity, row.region.en, row.period, row.unit]
                writer.writerow([*words, q["median"], *(q[b] for b in BOUNDS)])
    return file


# --- scores ----------------------------------------------------------------------------------------------------------


def test_interval_score_in_closed_form():
    assert interval_score(0.5, 0.0, 1.0, 0.9) == 1.0
    assert interval_score(-0.1, 0.0, 1.0, 0.9) == pytest.approx(1.0 + 20 * 0.1)
    assert interval_score(1.3, 0.0, 1.0, 0.5) == pytest.approx(1.0 + 4 * 0.3)


def test_weighted_score_of_one_point_is_the_distance():
    """A prediction without width: every interval score is 2/a |y - m|, so all parts weigh the same."""
    q = {"median": 3.0, **dict.fromkeys(BOUNDS, 3.0)}
    assert weighted_interval_score(5.0, q) == pytest.approx((0.5 * 2 + len(LEVELS) * 2) / (len(LEVELS) + 0.5))
    assert weighted_interval_score(3.0, q) == 0.0


def test_weighted_score_by_hand():
    q = {"median": 2.0, "lo50": 1.0, "hi50": 3.0, "lo80": 0.0, "hi80": 4.0, "lo90": 0.0, "hi90": 5.0,
         "lo95": -1.0, "hi95": 6.0}  # fmt: skip
    parts = 0.5 * 2.0 + 0.25 * (2 + 4 * 1) + 0.1 * 4 + 0.05 * 5 + 0.025 * 7  # at y = 4
    assert weighted_interval_score(4.0, q) == pytest.approx(parts / 4.5)


def test_the_true_spread_scores_best_on_average():
    y = stats.norm.ppf((np.arange(400) + 0.5) / 400)
    scores = {sd: np.mean([weighted_interval_score(v, normal(0.0, sd)) for v in y]) for sd in (0.5, 1.0, 2.0)}
    assert scores[1.0] < scores[0.5] and scores[1.0] < scores[2.0]
    shares = {level: np.mean([inside(v, normal(), level) for v in y]) for level in LEVELS}
    assert shares == pytest.approx({level: level / 100 for level in LEVELS}, abs=0.006)


@given(st.floats(-50, 50), st.floats(-5, 5), st.floats(0.01, 9))
def test_scores_are_never_negative_and_shift_with_the_numbers(y, mean, sd):
    score = weighted_interval_score(y, normal(mean, sd))
    assert score >= 0.0
    assert weighted_interval_score(y + 7, normal(mean + 7, sd)) == pytest.approx(score, abs=1e-9)


def test_wilson_and_skill():
    assert wilson(7, 37) == pytest.approx((0.0948, 0.3421), abs=1e-4)
    assert all(math.isnan(end) for end in wilson(0, 0))
    assert (skill(1.0, 3.0), skill(3.0, 1.0), skill(0.0, 0.0), skill(0.0, 2.0)) == (0.5, -0.5, 0.0, 1.0)


def test_verdicts_are_given_only_where_they_can_be():
    better = compare([1.0, 1.1, 0.9, 1.0, 1.2, 0.8], [3.0, 2.9, 3.3, 3.1, 2.8, 3.0], list("abcdef"))
    assert better.verdict == "better" and (better.better, better.worse) == (6, 0) and better.low > 0.0
    worse = compare([3.0] * 6, [1.0] * 6, list("abcdef"))
    assert worse.verdict == "worse" and worse.mean == -0.5
    assert compare([1.0, 3.0] * 5, [3.0, 1.0] * 5, list(range(10))).verdict == "untold"
    assert compare([1.0] * 4, [3.0] * 4, list("abcd")).verdict == "few"
    nothing = compare([], [], [])
    assert nothing.rows == 0 and math.isnan(nothing.mean) and nothing.verdict == "few"


def test_one_family_of_many_rows_does_not_make_a_verdict_by_itself():
    """Twelve rows of one quantity favour the model, three other quantities do not: rows alone would call it better."""
    model, base = [1.0] * 12 + [1.2] * 3, [2.0] * 12 + [1.0] * 3
    families = ["same"] * 12 + ["x", "y", "z"]
    found = compare(model, base, families)
    assert found.low > 0.0 and found.family_low < 0.0 and found.verdict == "untold"
    assert compare(model, base, families) == found


# --- baselines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "total", "towns"), [(0, 5, 7), (14, 108, 108), (1, 1, 1), (37, 37, 40)])
def test_beta_binomial_equals_the_known_distribution(count, total, towns):
    found = beta_binomial(count, total, towns)
    known = stats.betabinom(towns, count + 0.5, total - count + 0.5)
    for level in LEVELS:
        assert found[f"lo{level}"] * towns == pytest.approx(known.ppf(0.5 - level / 200))
        assert found[f"hi{level}"] * towns == pytest.approx(known.ppf(0.5 + level / 200))
    assert found["median"] * towns == pytest.approx(known.ppf(0.5))


def test_histories_hold_the_published_counts_to_2017():
    assert [(p.year, p.count, p.total) for p in history("warned")] == [(2015, 3, 37), (2016, 6, 78), (2017, 14, 108)]
    assert [(p.count, p.total) for p in history("unqualified")] == [(4, 37), (11, 78), (21, 108)]
    private = history("private")[0]
    assert (private.value, private.low, private.high) == pytest.approx((0.828, 0.78, 0.87))


def test_last_and_pooled_use_earlier_years_only():
    known = row_by_id()
    assert baselines.last(known["P-warn2015"]) is None and baselines.pooled(known["P-warn2015"]) is None
    assert baselines.last(known["P-warn2017"]) == beta_binomial(6, 78, 78)
    assert baselines.last(known["P-warn2020"], 95) == beta_binomial(14, 108, 95)
    assert baselines.pooled(known["P-warn2020"], 95) == beta_binomial(23, 223, 95)
    assert baselines.pooled(known["P-warn2016-poor"], 9) == beta_binomial(3, 37, 9)
    assert baselines.last(known["C-warn2017"]) == baselines.last(known["P-warn2017"])
    assert baselines.last(known["P-good2018"]) is None and baselines.pooled(known["P-inv2018"]) is None
    assert baselines.last(known["P-js-unq2017"], 25) == beta_binomial(21, 108, 25)  # elsewhere all of it is known


def test_a_figure_without_a_count_walks_on_the_log_scale():
    row = row_by_id()["P-tax2019"]
    known = [Past(2017, value=3.0, low=2.0, high=4.5)]
    found = baselines.last(row, pasts=known)
    spread = math.log(4.5 / 2.0) / (2 * 1.959963984540054)
    sd = spread * math.sqrt(1 + 2)  # one value: a year's change as large as the interval, two years ahead
    assert found["median"] == pytest.approx(3.0)
    assert found["hi95"] == pytest.approx(3.0 * math.exp(1.959963984540054 * sd))
    more = [Past(2015, value=2.0, low=1.9, high=2.1), *known]
    growth = math.log(1.5) ** 2 / 2
    assert baselines.last(row, pasts=more)["lo50"] == pytest.approx(
        3.0 * math.exp(stats.norm.ppf(0.25) * math.sqrt(spread**2 + 2 * growth))
    )


def test_a_half_year_is_half_of_a_year():
    year, half = (baselines.last(row_by_id()[name]) for name in ("P-inv2018", "P-inv2018H1"))
    assert half == pytest.approx({name: value / 2 for name, value in year.items()})
    assert year["median"] == pytest.approx(12.0)


@settings(deadline=None)
@given(st.sampled_from([row for row in rows() if row.series]), st.integers(1, 150) | st.none())
def test_baselines_rise_and_shares_stay_shares(row, total):
    for baseline in baselines.BASELINES.values():
        q = baseline(row, total)
        if q is not None:
            outward = [q[name] for name in (*BOUNDS[-2::-2], "median", *BOUNDS[1::2])]
            assert all(a <= b for a, b in pairwise(outward))
            assert row.unit != "ratio" or (outward[0] >= 0.0 and outward[-1] <= 1.0)


# --- tables ----------------------------------------------------------------------------------------------------------


def test_the_table_of_published_figures_can_be_scored(tmp_path):
    found = validate.validate(PUBLISHED, predicted(tmp_path))
    assert [one.match.observation.id for one in found.scored] == list(load_targets()) and not found.unmatched
    assert all(one.kind == "fitted" and one.match.by == "id" for one in found.scored)
    assert found.coverage["blind"][0].rows == 0 and found.coverage["fitted"][0].rows == 24
    assert found.verdicts["fitted"]["pooled"].rows == 5 and found.verdicts["fitted"]["last"].rows == 6
    json.dumps(validate.document(found))


def test_rows_match_by_names_in_either_language_and_keep_their_kind(tmp_path):
    file = observed(
        tmp_path,
        "V-1,share warned,Zhejiang (97 towns),2018,10/97,0.1031,0.057,0.18,share (Wilson 95%)",
        "V-2,被降格的比例（创建小镇）,浙江,2018,,5,,,%",
        "V-3,Fixed investment per town-year,Zhejiang,2018,,1.25,,,billion yuan",
        "P-exc2018,,,,,0.2,,,",
        "V-5,share unqualified,Hubei,2016-2020,,0.05,,,share",
        "V-6,每镇新增企业,浙江省,2019年上半年,,60,,,家",
        "V-7,share of first batch certified by 5 years,Zhejiang Province,2015-2020,20/37,0.54,,,share",
    )
    found = validate.validate(file, predicted(tmp_path))
    assert [one.match.predicted.id for one in found.scored] == [
        "P-warn2018", "P-dem2018", "P-inv2018", "P-exc2018", "P-unq1-hubei", "P-firms2019H1", "P-cert5y",
    ]  # fmt: skip
    assert [one.match.by for one in found.scored] == ["name", "name", "name", "id", "name", "name", "quantity"]
    assert {one.kind for one in found.scored} == {"blind"}
    assert found.scored[1].match.observation.value == pytest.approx(0.05)
    assert found.scored[2].match.observation.value == pytest.approx(12.5)
    assert found.scored[0].quantiles["last"] == beta_binomial(14, 108, 97)


def test_rows_that_match_nothing_are_told_with_the_reason(tmp_path):
    file = observed(
        tmp_path,
        "V-1,number of ducks,Zhejiang,2018,,3,,,",
        "V-2,share warned,Tibet,2018,,0.1,,,",
        "V-3,share warned,Zhejiang,2031,,0.1,,,",
        "P-wran2018,,,,,0.1,,,",
        "P-warn2018,,,,,0.1,,,",
        "V-6,share warned,Zhejiang,2018,,0.1,,,",
    )
    found = validate.validate(file, predicted(tmp_path))
    assert [u.reason for u in found.unmatched] == ["quantity", "region", "period", "names", "taken"]
    assert found.unmatched[3].near == "P-warn2018" and len(found.scored) == 1


def test_a_model_that_is_right_beats_baselines_that_are_not(tmp_path):
    """Shares near 0.2 in every year: the prediction says so, the history of warnings says 0.13."""
    lines = [f"P-warn{y}{g},,,,,0.2,,," for y in range(2018, 2023) for g in ("", "-poor", "-rest")]
    sharp = validate.validate(observed(tmp_path, *lines), predicted(tmp_path, spread=0.005))
    assert sharp.verdicts["blind"]["last"].verdict == "better"
    assert sharp.coverage["blind"][2].held == 15
    vague = validate.validate(observed(tmp_path, *lines), predicted(tmp_path, spread=5.0))
    assert vague.verdicts["blind"]["last"].verdict == "worse"


@pytest.mark.parametrize(
    ("lines", "head", "told"),
    [
        (["a,1"], "id,number", "value"),
        (["a,1,2"], "id,value,value", "value"),
        (["a,1"], "id,value,unit", "2"),
        ([], "id,value", "o.csv"),
        (["a,one"], "id,value", "one"),
        (["a,nan"], "id,value", "nan"),
        (["a,1e999"], "id,value", "1e999"),
        (["a,"], "id,value", "value"),
        ([",1"], "id,value", "2"),
        (["a,1", "a,2"], "id,value", "a"),
        (["a,1,3,2"], "id,value,lo,hi", "lo = 3"),
        (["a,1,x,2"], "id,value,lo,hi", "x"),
        (["a,1,9/7"], "id,value,count", "9/7"),
        (["a,1,many"], "id,value,count", "many"),
        (["a,1,furlongs"], "id,value,unit", "furlongs"),
        (["P-exc2018,1,firms"], "id,value,unit", "ratio"),
        (['a,"1'], "id,value", "o.csv"),
    ],
)
def test_a_bad_table_is_one_clear_message(tmp_path, lines, head, told):
    file, before = observed(tmp_path, *lines, head=head), predicted(tmp_path, only={"P-exc2018"})
    held = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(ObservationError) as caught:
        validate.validate(file, before)
    for lang in ("zh", "en"):
        assert told in message_in(caught.value, lang), message_in(caught.value, lang)
    assert sorted(path.name for path in tmp_path.iterdir()) == held


def test_files_that_are_none(tmp_path):
    wrong = tmp_path / "gbk.csv"
    wrong.write_bytes("id,value\n优秀,1\n".encode("gbk"))
    for place in (wrong, tmp_path, tmp_path / "none.csv", tmp_path / "none\0.csv"):
        with pytest.raises(ObservationError) as caught:
            read_observations(place)
        assert all(message_in(caught.value, lang) for lang in ("zh", "en"))
    with pytest.raises(ObservationError, match="run xiaozhen predict"):
        read_predictions(tmp_path / "none.csv")
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbfid,value\r\na,1\r\n")
    assert read_observations(tmp_path / "bom.csv")[0].value == 1.0


def test_predictions_whose_quantiles_fall_are_refused(tmp_path):
    file = predicted(tmp_path, only={"P-exc2018"})
    text = file.read_text(encoding="utf-8").splitlines()
    cells = text[1].split(",")
    cells[COLUMNS.index("lo90") + 1] = "9"  # the quantity holds a comma
    file.write_text("\n".join((text[0], ",".join(cells))), encoding="utf-8")
    with pytest.raises(ObservationError, match="do not rise"):
        read_predictions(file)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("fuzz") / "x.csv"
    for start in (b"", b"id,value,lo,hi,count,unit\n"):
        file.write_bytes(start + content)
        try:
            read_observations(file)
        except ObservationError as error:
            assert message_in(error, "zh") and str(error)


# --- the command -----------------------------------------------------------------------------------------------------


def called(*arguments):
    from xiaozhen.cli.main import main

    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return end.value.code


def test_the_command_prints_a_table_and_json(tmp_path, capsys):
    file = observed(tmp_path, "P-warn2018,,,,10/97,0.1031,,,", "V-9,number of ducks,Zhejiang,2018,,3,,,")
    before = str(predicted(tmp_path))
    for lang, words in (("en", "nothing is predicted"), ("zh", "没有对应预测")):
        assert called("validate", "--observations", str(file), "--predictions", before, "--lang", lang) == 0
        shown = capsys.readouterr().out
        assert words in shown and "P-warn2018" in shown
    assert called("validate", "--observations", str(file), "--predictions", before, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["kind"] == "blind" and found["unmatched"][0]["reason"] == "quantity"
    assert found["verdicts"]["blind"]["pooled"]["verdict"] == "few"


def test_the_commands_refuse_what_they_cannot_do(tmp_path, capsys):
    assert called("predict") == 2 and "--out" in capsys.readouterr().err
    assert called("validate") == 2 and "--observations" in capsys.readouterr().err
    assert called("predict", "--out", str(tmp_path), "--draws", "2") == 2
    assert called("predict", "--out", str(tmp_path / "p.csv"), "--behaviour", "mine") == 2
    assert called("validate", "--observations", str(tmp_path / "no.csv")) == 2
    assert "Traceback" not in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_the_page_is_written_without_a_run(tmp_path, capsys):
    assert called("predict", "--page", str(tmp_path), "--lang", "zh") == 0
    assert {path.name for path in tmp_path.iterdir()} == {"prediction.md", "prediction.zh.md"}
