"""A table of postings is booked row by row, in its order."""

from __future__ import annotations

import numpy as np
import pytest

import sim.model  # noqa: F401 - brings in the declarations
from sim.engine.ledger import REASONS, Chart, Ledger, LedgerError
from sim.engine.step import Posting, book
from sim.state.books import Kind

CHART = Chart(Kind, {Kind.TOWN: 2})
TOWN, NATION = CHART.of(Kind.TOWN), CHART.of(Kind.NATION)
GRANT, BACK = REASONS["grant"], REASONS["grant_return"]


def test_a_table_is_booked_in_one_call():
    ledger = Ledger("money", CHART, 1)
    book(ledger, [Posting(GRANT, NATION, TOWN, np.array([5, 7])), Posting(BACK, TOWN, NATION, np.array([1, 0]), "X")])
    assert ledger.balance[TOWN].tolist() == [4, 7] and ledger.balance[NATION].tolist() == [-11]
    assert ledger.total(GRANT).tolist() == [12] and ledger.total(BACK).tolist() == [1]


def test_a_row_that_is_refused_is_named():
    ledger = Ledger("money", CHART, 1)
    with pytest.raises(LedgerError, match="negative") as stopped:
        book(ledger, [Posting(GRANT, NATION, TOWN, np.array([5, -7]), "PX-GRANT-1")])
    assert stopped.value.entry.clause == "PX-GRANT-1" and stopped.value.entry.amount == -7
