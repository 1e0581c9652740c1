"""Tables and numbers as they are written."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from experiments.analysis.tables import cohorts_table, outcomes_table, records_table, runs_table, yearly_table
from experiments.store.disk import replace_file
from experiments.store.tables import write_table
from report.text.language import joined
from report.text.quantity import decimals, interval, number, quantity, unit_text
from tests import fakes


@pytest.fixture(scope="module")
def study():
    return fakes.study(4)


def test_runs_have_a_row_each_and_undefined_values_are_missing(study):
    frame = runs_table(study.groups).to_pandas()
    assert len(frame) == 16
    assert list(frame.columns[:6]) == ["scenario", "regime", "world", "replicate", "root", "fingerprint"]
    assert frame.loc[frame.scenario == "null", "completion_own"].isna().all()
    assert frame.loc[frame.scenario == "zhejiang_2015", "completion_own"].notna().all()
    run = study.group("tongzhou_2017").runs[2]
    row = frame[(frame.scenario == "tongzhou_2017") & (frame.replicate == 2)].iloc[0]
    assert row.investment_effective == run.summary["investment_effective"]


def test_yearly_is_long_and_exact(study):
    frame = yearly_table(study.groups).to_pandas()
    assert len(frame) == 16 * 31 * 10
    run = study.group("pingxiang_2017").runs[3]
    chosen = frame[(frame.scenario == "pingxiang_2017") & (frame.replicate == 3) & (frame.outcome == "jobs")]
    assert chosen.year.tolist() == list(run.years)
    assert np.array_equal(chosen.value.to_numpy(), run.yearly["jobs"])


def test_cohorts_and_definitions(study):
    cohorts = cohorts_table(study.groups).to_pandas()
    assert set(cohorts.measure) == {"towns", "completion_common"}
    assert len(cohorts) == 32
    meanings = outcomes_table(study.outcomes).to_pandas()
    assert {"title_zh", "title_en", "unit", "definition_zh"} <= set(meanings.columns)


def test_csv_opens_in_a_spreadsheet_and_parquet_returns_the_same(tmp_path, study):
    table = records_table(study.estimate_records())
    csv, stored = write_table(table, tmp_path / "estimates")
    content = csv.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "有效投资" in content.decode("utf-8-sig")
    assert parquet.read_table(stored).equals(table)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["estimates.csv", "estimates.parquet"]


def test_a_write_that_breaks_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")

    def broken(half):
        half.write_bytes(b"new")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_file(path, broken)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_records_make_an_empty_table():
    assert records_table([]).num_rows == 0
    assert isinstance(yearly_table([]), pa.Table)


def test_numbers_are_printed_to_three_digits():
    assert number(0.62149, "ratio", "en") == "62.1"
    assert number(1234.5, "yi_yuan", "zh") == "1,234"
    assert number(1234.5, "yi_yuan", "en") == "123"
    assert number(-0.004, "ratio", "zh", sign=True) == "−0.400"
    assert number(0.0, "mu", "zh", sign=True) == "0"
    assert number(83.4, "town", "zh") == "83"
    assert number(math.nan, "mu", "zh") == "–"
    assert number(math.inf, "mu", "en") == "∞"


def test_quantities_carry_their_unit():
    assert quantity(0.5, "ratio", "en") == "50.0%"
    assert quantity(12.0, "yi_yuan", "zh") == "12.0 亿元"
    assert quantity(12.0, "yi_yuan", "en") == "1.20 billion yuan"
    assert quantity(7.0, "town", "zh") == "7个"
    assert unit_text("towns", "zh") == unit_text("town", "zh")
    assert unit_text("something_new", "en") == "something new"


def test_an_interval_decides_its_decimals():
    assert decimals(0.6, 0.7, "ratio", "zh") == 1
    assert decimals(100.0, 300.0, "mu", "zh") == 0
    assert decimals(1.0, 1.0, "mu", "zh") is None
    assert interval(0.601, 0.7012, "ratio", "en", places=1) == "60.1 to 70.1"
    assert interval(math.nan, 1.0, "mu", "zh") == "–"


def test_lists_in_a_sentence():
    assert joined(["a", "b", "c"], "en") == "a, b and c"
    assert joined(["甲", "乙"], "zh") == "甲和乙"
    assert joined(["x"], "en") == "x"
