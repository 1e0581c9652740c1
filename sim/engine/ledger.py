"""Double-entry books: integer, exact, every posting with payer, receiver, reason and clause.

The chart has one account for each owner of each kind. A control account stands for agents who keep their own columns;
it must equal their sum, which :meth:`Ledger.audit` checks. The sum over all accounts, the outside world included, is
zero after every posting. A reason is declared by its owner, with the book it belongs to::

    CLAWBACK = reason("land", "clawback", "加倍倒扣", "clawback")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import State, column
from sim.engine.kernel import kernel
from sim.engine.registry import Registry, declaring_module

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reason:
    """Why something moves; made by :func:`reason`.

    Attributes:
        name: Id.
        book: Name of the ledger it is booked in.
        zh: Title in Chinese.
        en: Title in English.
        policy: 1 for what is paid under a policy, -1 for what comes back of it, 0 for ordinary flows.
        owner: Module that declares it.
    """

    name: str
    book: str
    zh: str
    en: str
    policy: int
    owner: str


REASONS: Registry[Reason] = Registry("reason")
"""Every reason declared so far, by name."""


def reason(book: str, name: str, zh: str, en: str, *, policy: int = 0) -> Reason:
    """Declare a reason at the top of the module that owns it.

    Args:
        book: Name of the ledger, such as "money".
        name: Id, unique over all books.
        zh: Title in Chinese.
        en: Title in English.
        policy: True (1) for what is paid under a policy, -1 for what comes back of it.

    Raises:
        sim.engine.registry.DoubleDeclaration: Another place declares that name.
    """
    owner, place = declaring_module()
    return REASONS.add(name, Reason(name, book, zh, en, int(policy), owner), place)


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting of a journal (a batch has one entry a row)."""

    step: str
    reason: Reason
    clause: str
    payer: int
    receiver: int
    amount: float
    received: float


class LedgerError(Exception):
    """A posting or an audit that does not balance; ``entry`` names the first posting at fault when there is one."""

    def __init__(self, ledger: str, quarter: str, why: str, entry: Entry | None = None) -> None:
        self.ledger, self.quarter, self.why, self.entry = ledger, quarter, why, entry
        where = ""
        if entry is not None:
            where = (
                f": step {entry.step}, reason {entry.reason.name} ({entry.reason.zh}), "
                f"clause {entry.clause or 'none'}, payer account {entry.payer}, receiver account {entry.receiver}, "
                f"paid {entry.amount}, received {entry.received}"
            )
        super().__init__(f"{ledger} ledger, {quarter}: {why}{where}")


BOOKED, EMPTY = -1, -2


@kernel
def _book(balance: Ints, flows: Ints, kind_of: Ints, payer: Ints, receiver: Ints, amount: Ints, arrived: Ints) -> int:
    """Check every row, then book them all; the first wrong row, ``BOOKED``, or ``EMPTY`` when nothing moves.

    One payer or receiver may serve all rows.
    """
    last, moves = balance.size - 1, False
    from_step, to_step = 1 if payer.size > 1 else 0, 1 if receiver.size > 1 else 0
    wrong = -1
    for i in range(amount.size):
        a, b = payer[i * from_step], receiver[i * to_step]
        if wrong < 0 and (amount[i] < 0 or a < 0 or b < 0 or a > last or b > last):
            wrong = i
        moves |= amount[i] != 0 or arrived[i] != 0
    if not moves or wrong >= 0:
        return wrong if moves else EMPTY
    for i in range(amount.size):
        a, b = payer[i * from_step], receiver[i * to_step]
        balance[a] -= amount[i]
        balance[b] += arrived[i]
        flows[kind_of[a]] += amount[i]
    return BOOKED


class Chart:
    """Account numbers: ``chart.of(Kind.COUNTY)`` gives the accounts of all counties in order.

    Args:
        kinds: Who can own an account, numbered from 0.
        sizes: How many owners of each kind; one where nothing is said.
    """

    def __init__(self, kinds: Iterable[IntEnum], sizes: Mapping[Any, int]) -> None:
        self.kinds = tuple(kinds)
        counts = [sizes.get(kind, 1) for kind in self.kinds]
        ends = np.cumsum(counts)
        self.size = int(ends[-1])
        self._ranges: dict[IntEnum, Ints] = {
            kind: np.arange(end - count, end, dtype=np.int64)
            for kind, count, end in zip(self.kinds, counts, ends, strict=True)
        }
        self.kind_of: Ints = np.repeat(np.array(self.kinds, dtype=np.int64), counts)

    def of(self, kind: IntEnum) -> Ints:
        """Accounts of one kind, in the order of their owners."""
        return self._ranges[kind]


class Batch(NamedTuple):
    """Postings made together for one reason."""

    step: str
    reason: Reason
    clause: str
    payer: Ints
    receiver: Ints
    amount: Ints
    received: Ints


class Ledger(State):
    """Balances, flows and the journal of the current quarter.

    Args:
        name: Name of the book; its reasons are those declared with that name.
        chart: The accounts.
        quarters: Length of the run, for the table of flows.
    """

    balance = column("account", np.int64)
    flows = column(("quarter", "reason", "kind"), np.int64)
    """Amount by quarter, reason of :attr:`reasons` and kind of payer."""

    def __init__(self, name: str, chart: Chart, quarters: int) -> None:
        self.name, self.chart = name, chart
        self.reasons = tuple(one for one in REASONS.values() if one.book == name)
        self._index = {one: row for row, one in enumerate(self.reasons)}
        sizes = {"account": chart.size, "quarter": quarters, "reason": len(self.reasons), "kind": len(chart.kinds)}
        super().__init__(sizes)
        self.t = 0
        self.step = "start"
        self.label = "start"
        self._journal: list[Batch] = []
        self._stated: list[Batch] = []
        """Batches whose receipts were stated apart from the amounts; only these can fail to balance."""
        self.kept: list[tuple[int, Batch]] | None = None
        """All batches of the run, when asked for; see :meth:`keep_journal`."""

    def keep_journal(self) -> None:
        """Keep every batch of the run for agent-level tables."""
        self.kept = []

    def open_quarter(self, t: int, label: str) -> None:
        """Start the journal of a quarter."""
        self.t, self.label = t, label
        self._journal.clear()
        self._stated.clear()

    def post(
        self, reason: Reason, payer: Ints, receiver: Ints, amount: Ints, clause: str = "", received: Ints | None = None
    ) -> None:
        """Move amounts from payers to receivers, row by row.

        Args:
            reason: Why.
            payer: Accounts that pay, shape (n,) or one account.
            receiver: Accounts that receive, shape (n,) or one account.
            amount: Non-negative integers, shape (n,).
            clause: Id of the clause that orders it; empty for ordinary economic flows.
            received: What arrives, when it is stated separately; the audit insists that it equals ``amount``.

        Raises:
            LedgerError: A negative amount, a fraction, rows that do not match, an account that does not exist, or a
                reason of another book.
        """
        arrived = amount if received is None else received
        n = amount.size
        if not (
            amount.dtype == arrived.dtype == np.int64
            and arrived.size == n
            and (payer.size == n or payer.size == 1)
            and (receiver.size == n or receiver.size == 1)
        ):
            if received is None and not amount.any():
                return
            self._check_form(Batch(self.step, reason, clause, payer, receiver, amount, arrived))
        row = self._index.get(reason)
        if row is None:
            self._fault(
                Batch(self.step, reason, clause, payer, receiver, amount, arrived),
                0,
                f"reason {reason.name} is of the {reason.book} ledger, or was declared after the books were opened",
            )
        wrong = _book(self.balance, self.flows[self.t, row], self.chart.kind_of, payer, receiver, amount, arrived)
        if wrong == EMPTY and received is None:
            return
        amount = amount.copy()
        batch = Batch(self.step, reason, clause, payer, receiver, amount, amount if received is None else received)
        if wrong >= 0:
            negative = amount[wrong] < 0
            self._fault(
                batch,
                wrong,
                f"a posting {'has a negative amount' if negative else 'names an account that does not exist'}",
            )
        self._journal.append(batch)
        if received is not None:
            self._stated.append(batch)
        if self.kept is not None:
            self.kept.append((self.t, batch))

    def _check_form(self, batch: Batch) -> None:
        n = batch.amount.size
        if batch.amount.dtype != np.int64 or batch.received.dtype != np.int64:
            kinds = f"{batch.amount.dtype}" if batch.amount.dtype != np.int64 else f"{batch.received.dtype}"
            self._fault(batch, 0, f"a posting has amounts of type {kinds}, not whole numbers (int64)")
        if batch.received.size != n or batch.payer.size not in (1, n) or batch.receiver.size not in (1, n):
            sizes = f"{batch.payer.size} payers, {batch.receiver.size} receivers and {batch.received.size} receipts"
            self._fault(batch, 0, f"a posting of {n} amounts has {sizes}")

    def _fault(self, batch: Batch, row: int, why: str) -> NoReturn:
        entry = Entry(
            batch.step,
            batch.reason,
            batch.clause,
            int(batch.payer[row % batch.payer.size]),
            int(batch.receiver[row % batch.receiver.size]),
            batch.amount[row].item(),
            batch.received[row].item(),
        )
        raise LedgerError(self.name, self.label, why, entry)

    def audit(self, controls: dict[str, tuple[Ints, Ints]]) -> None:
        """Check that the books balance and that control accounts equal the columns they control.

        Args:
            controls: For each control: accounts and the amounts that the agents' own columns add up to.

        Raises:
            LedgerError: Naming the first posting of the quarter that does not balance, or the control that differs.
        """
        for batch in self._stated:
            wrong = batch.amount != batch.received
            if wrong.any():
                self._fault(batch, int(np.argmax(wrong)), "a posting pays and receives different amounts")
        if int(self.balance.sum()) != 0:
            raise LedgerError(
                self.name, self.label, f"accounts sum to {int(self.balance.sum())}, not zero, without a posting"
            )
        for name, (accounts, expected) in controls.items():
            different = self.balance[accounts] != expected
            if different.any():
                row = int(np.argmax(different))
                self._name_control(name, int(accounts[row]), int(expected[row]))

    def _name_control(self, name: str, account: int, expected: int) -> None:
        why = f"control '{name}': account {account} holds {int(self.balance[account])}, its agents hold {expected}"
        for batch in reversed(self._journal):
            touched = np.broadcast_to((batch.payer == account) | (batch.receiver == account), batch.amount.shape)
            if touched.any():
                self._fault(batch, int(np.argmax(touched)), why + "; last posting on it")
        raise LedgerError(self.name, self.label, why)

    def by_kind(self, reason: Reason) -> Ints:
        """Amount by quarter and kind of payer for a reason, shape (quarters, kinds)."""
        return self.flows[:, self._index[reason]]

    def total(self, reason: Reason, payer: IntEnum | None = None) -> Ints:
        """Amount by quarter for a reason, from all payers or one kind, shape (quarters,)."""
        by_kind = self.by_kind(reason)
        return by_kind.sum(axis=1) if payer is None else by_kind[:, int(payer)]

    def under_policy(self) -> Ints:
        """What is paid for the reasons declared with ``policy``, less what came back, by quarter, shape (quarters,)."""
        signs = np.array([one.policy for one in self.reasons], dtype=np.int64)
        paid: Ints = (self.flows.sum(axis=2) * signs).sum(axis=1)
        return paid
