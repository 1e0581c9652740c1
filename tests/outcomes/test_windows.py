"""Calendar years of a run, also of one that starts or ends within a year."""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes.arithmetic import NAN, mean, share
from sim.outcomes.windows import by_year, last_year, year_rows, years
from tests.outcomes.hand_made import hand_made


@pytest.mark.parametrize(
    ("start", "quarters", "calendar", "rows"),
    [
        ("2015Q1", 8, (2015, 2016), [(0, 4), (4, 8)]),
        ("2015Q3", 8, (2015, 2016, 2017), [(0, 2), (2, 6), (6, 8)]),
        ("2016Q4", 2, (2016, 2017), [(0, 1), (1, 2)]),
        ("2015Q2", 3, (2015,), [(0, 3)]),
    ],
)
def test_a_year_has_the_quarters_that_the_run_has(start, quarters, calendar, rows) -> None:
    p = hand_made({"start": start, "quarters": quarters}).province
    assert years(p) == calendar
    assert [(r.start, r.stop) for r in year_rows(p)] == rows
    assert by_year(p, np.ones((quarters, 2), dtype=np.int64)).tolist() == [2 * (b - a) for a, b in rows]
    assert last_year(p) == slice(quarters - 4, quarters)


def test_nothing_divides_by_nothing() -> None:
    assert share(3, 4) == 0.75 and share(0, 4) == 0.0
    assert np.isnan([share(3, 0), mean(np.array([])), NAN]).all()
