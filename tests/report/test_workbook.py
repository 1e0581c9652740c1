"""A store as an Excel workbook."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.store.errors import StoreError
from experiments.store.export import table
from experiments.store.reading import frame
from report.pages import workbook as room
from report.pages.workbook import check_size, workbook
from report.text.errors import told as message_in
from sim.parameters import load_library
from tests.store_tasks import made


@pytest.fixture
def store(tmp_path):
    return made(tmp_path / "s", load_library())


def test_a_workbook_says_what_its_columns_mean(tmp_path, store):
    openpyxl = pytest.importorskip("openpyxl")
    path = workbook(store, tmp_path / "x.xlsx")[0]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明 about", "运行 runs", "逐年 yearly", "批次 cohorts", "情景点 points"]
    about = list(book["说明 about"].values)
    assert about[0][0] == "试验" and about[0][2] == "Trial" and about[1][0] == "xiaozhen sweep trial"
    told = {(row[0], row[1]): row[2:] for row in about[4:]}
    for name, sheet in (("runs", "运行 runs"), ("yearly", "逐年 yearly"), ("points", "情景点 points")):
        rows = list(book[sheet].values)
        expected = table(store, name)
        assert list(rows[0]) == list(expected.columns) and len(rows) - 1 == len(expected)
        assert all(all(told[sheet, column]) for column in expected.columns)
    runs = list(book["运行 runs"].values)
    at = runs[0].index("a")
    # A workbook keeps 16 digits, as Excel shows no more than 15.
    assert [row[at] for row in runs[1:]] == [None if x != x else pytest.approx(x, rel=1e-15) for x in frame(store).a]
    again = workbook(store, tmp_path / "y.xlsx")[0]
    assert again.read_bytes() == path.read_bytes()


def test_beyond_excels_limits_there_is_one_message_and_no_file(tmp_path, store, monkeypatch):
    monkeypatch.setattr(room, "MOST_ROWS", 10)
    with pytest.raises(StoreError) as caught:
        workbook(store, tmp_path / "x.xlsx")
    assert caught.value.message_id == "too_long" and "Parquet" in message_in(caught.value, "zh")
    assert list(tmp_path.iterdir()) == [store.folder]
    monkeypatch.setattr(room, "MOST_ROWS", 11)
    check_size({"runs": frame(store)})
    with pytest.raises(StoreError):
        check_size({"runs": pd.concat([frame(store)] * 2)})
    monkeypatch.setattr(room, "MOST_COLUMNS", 3)
    with pytest.raises(StoreError) as caught:
        check_size({"points": table(store, "points")})
    assert caught.value.message_id == "too_wide"
