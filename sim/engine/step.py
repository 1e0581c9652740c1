"""How a step of the quarter is written: read, rule, book.

1. **read** gathers the declared columns and the scalars that the step uses into one typed record, a named tuple;
2. **rule** says what happens to *one* town (firm, village, county) as plain scalar code beside its equation; a compiled
   loop applies it to all of them in the order of their rows, so that sums of floats have a fixed order;
3. **book** moves the money and land it decided on: a table of postings (reason, payers, receivers, amounts), one call.

A stranger's next step looks like this (:mod:`sim.agents.housing` and :mod:`sim.agents.reporting` are real ones)::

    class Fields(NamedTuple):                       # what the rule reads
        area: NDArray[np.int64]                     # columns, one element a town
        yield_: float                               # scalars

    def read(p: Province) -> Fields:
        return Fields(p.places.towns.planned_area, p.behaviour["crop.yield"])

    @inline
    def harvest(area: int, yield_: float) -> int:   # the rule for one town
        \"\"\"harvest = area · yield, whole 万元.\"\"\"
        return int(area * yield_ + 0.5)

    @kernel
    def harvests(r: Fields, out: NDArray[np.int64]) -> None:
        for i in range(out.size):
            out[i] = harvest(r.area[i], r.yield_)

    def reap(p: Province) -> None:                  # the step, named in sim.schedule.STEPS
        grain = np.empty(p.towns.size, dtype=np.int64)
        harvests(read(p), grain)
        book(p.money, [Posting(GRAIN, p.books.chart.of(Kind.OUTSIDE), p.books.county_account, grain)])

Kernels have no fast-math: ``+ - * /`` in the written order give the bits of the same NumPy expression. Exponentials and
logarithms are those of :mod:`sim.engine.numeric`. Which instruments act is data in the record, not a branch of Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.ledger import Ledger, Reason

Ints = NDArray[np.int64]


class Posting(NamedTuple):
    """One row of a table of postings: who pays whom how much, and why."""

    reason: Reason
    payer: Ints
    """Accounts, shape (n,) or one for all."""
    receiver: Ints
    """Accounts, shape (n,) or one for all."""
    amount: Ints
    """Not below zero, shape (n,)."""
    clause: str = ""
    """Id of the clause that orders it; empty for ordinary flows."""


def book(ledger: Ledger, table: Iterable[Posting]) -> None:
    """Book a table of postings in its order.

    Raises:
        sim.engine.ledger.LedgerError: A row that the ledger refuses; those before it are booked.
    """
    for row in table:
        ledger.post(*row)
