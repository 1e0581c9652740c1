"""What each mend moved: commits are found by their last line, and differences of a mend in parts are added."""

from __future__ import annotations

import pytest

from experiments.analysis.fidelity import Moved
from tools.mends import MAIN, at_home, commits, differences, plain

SCENARIO = {"regime": "panyu_2019", "world": "panyu"}


def played(*values: float) -> dict[str, list[float]]:
    return {MAIN[0]: list(values)}


def test_commits_are_found_by_their_trailer_oldest_first_and_errors_stand_before_readings():
    log = "aaa\tD7\nbbb\t\nccc\tE5\nddd\tdocuments\neee\tE5,E14\n"
    assert commits(log) == {"E05": ["ccc", "eee"], "E14": ["eee"], "D07": ["aaa"], "documents": ["ddd"]}


def test_an_id_is_written_as_the_rows_have_it():
    assert [plain(name) for name in ("E5", "E05", "D14", "documents")] == ["E05", "E05", "D14", "documents"]


def test_regimes_are_those_of_the_row(tmp_path):
    (tmp_path / "a.toml").write_text('[E05]\nregimes = ["panyu_2019"]\n[D18]\nsource = "S3 L35"\n', encoding="utf-8")
    assert at_home(tmp_path) == {"E05": ("panyu_2019",), "D18": ()}


def test_a_difference_is_paired():
    row, *others = differences("E05", ["abcdef0123"], SCENARIO, [(played(1, 2, 9), played(2, 3, 10))])
    assert (row["before"], row["after"], row["diff"], row["low"], row["high"]) == (4.0, 5.0, 1.0, 1.0, 1.0)
    assert row["outcome"] == MAIN[0] and row["replicates"] == 3 and row["commit"] == "abcdef0" and not others
    assert Moved(**row).stands


def test_differences_of_several_commits_are_added_by_replicate():
    """What happened between the two commits, here a rise to 100, is another mend's."""
    parts = [(played(1, 2), played(2, 3)), (played(100, 100), played(100, 102))]
    (row,) = differences("E05", ["a" * 9, "b" * 9], SCENARIO, parts)
    assert row["diff"] == 2.0 and row["before"] == 1.5 and row["after"] == 3.5 and row["commit"] == "aaaaaaa bbbbbbb"
    assert row["low"] < 2.0 < row["high"]


@pytest.mark.parametrize("side", [0, 1])
def test_a_regime_that_was_not_there_has_no_row(side):
    pair = [played(1, 2), played(1, 2)]
    pair[side] = {}
    assert not list(differences("E05", ["abcdef0"], SCENARIO, [tuple(pair)]))
