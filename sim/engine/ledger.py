"""Double-entry books for money and land: integer, exact, every posting with payer, receiver, reason and clause.

The chart has one account for each government, town platform, village and financier, and one control account for the
enterprises and one for the households of each town; the control account of enterprises must equal the sum of the
firms' own cash columns, which :meth:`Ledger.audit` checks. The sum over all accounts, the outside world included, is
zero after every posting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import kernel

Ints = NDArray[np.int64]


class Kind(IntEnum):
    """Who can own an account."""

    OUTSIDE = 0
    NATION = 1
    PROVINCE = 2
    PREFECTURE = 3
    COUNTY = 4
    TOWN = 5
    ENTERPRISE = 6
    HOUSEHOLD = 7
    VILLAGE = 8
    BANK = 9
    FUND = 10
    DEVELOPER = 11


class Reason(Enum):
    """Why something moves: (code, 中文, English). The first 44 are money, then land; later ones follow as they came."""

    REVENUE = (0, "销售收入", "sales")
    INPUTS = (1, "中间投入", "intermediate inputs")
    WAGES = (2, "工资", "wages")
    TAX_NATION = (3, "税收:中央", "tax, central share")
    TAX_PROVINCE = (4, "税收:省", "tax, provincial share")
    TAX_COUNTY = (5, "税收:县", "tax, county share")
    DIVIDEND = (6, "分红与清算", "dividends and liquidation")
    EQUITY = (7, "自有资金", "owners' funds")
    LOAN = (8, "银行贷款", "bank loans")
    SOCIAL_CAPITAL = (9, "社会资本", "matched social capital")
    GOVERNMENT_SHARE = (10, "政府出资", "government share of projects")
    BUILDING = (11, "项目建设支出", "project building")
    DEBT_SERVICE = (12, "还本付息", "debt service of firms")
    LAND_PRICE = (13, "土地出让金", "land conveyance fee")
    EFFORT = (14, "招商与推进支出", "promotion and facilitation spending")
    INFRASTRUCTURE = (15, "基础设施", "infrastructure")
    COUNTY_LOAN = (16, "政府借款", "county borrowing")
    COUNTY_REPAY = (17, "政府还款", "county repayment")
    HOUSING = (18, "住宅开发", "housing development")
    HOUSING_GAIN = (19, "住宅用地净收益", "net gain on housing land")
    REBATE = (20, "财政返还", "fiscal rebate")
    REBATE_TOWN = (21, "返还下达小镇", "rebate passed to town")
    REBATE_FIRM = (22, "返还下达企业", "rebate passed to firms")
    GRANT = (23, "奖补", "grant")
    GRANT_RETURN = (24, "奖补退回", "grant returned")
    SPECIAL_FUND = (25, "专项资金", "special fund")
    TALENT_SUBSIDY = (26, "人才补贴", "talent subsidy")
    STARTUP_FUND = (27, "创业启动资金", "start-up fund")
    TALENT_HOUSING = (28, "人才安居", "talent housing relief")
    VILLAGE_LABOUR = (29, "村民务工收入", "villagers' wages in towns")
    VILLAGE_PRODUCE = (30, "农产品与体验", "village produce and visits")
    VILLAGE_LINK = (31, "镇带村投入", "1+N support to villages")
    VILLAGE_RETURN = (32, "村向镇回流", "village return flow to town")
    EVENTS = (33, "融资对接会", "matching events")
    QUOTA = (34, "年度用地计划", "ordinary annual quota")
    QUOTA_LAPSE = (35, "指标到期", "quota lapsed")
    LAND_SUPPLY = (36, "供地", "land supplied to projects")
    LAND_RETURN = (37, "收回土地", "land taken back")
    LAND_REWARD = (38, "用地奖励", "land reward")
    LAND_PASS = (39, "奖励指标下达小镇", "rewarded quota passed to town")
    CLAWBACK = (40, "加倍倒扣", "clawback")
    LAND_GUARANTEE = (41, "用地保障", "land guarantee")
    REWARD_POOL = (42, "奖励指标池", "reward pool")
    HOUSING_LAND = (43, "住宅用地", "land for housing")
    VILLAGE_LAND_PRICE = (44, "村整治用地价款", "price of consolidated village land")
    LAND_RENT = (45, "土地流转与基地收入", "land fees and income from the base")
    SHARE_CAPITAL = (46, "村民入股", "villagers' shares paid in")
    SHARE_DIVIDEND = (47, "村股份分红", "dividends on villages' shares")
    SCENIC = (48, "景区与节庆", "scenic standard and festivals")
    VILLAGE_LAND = (49, "村整治腾退用地", "consolidated village land")
    ANNUAL_SUBSIDY = (50, "年度补助", "annual subsidy")
    SETTLEMENT = (51, "市民化转移支付", "transfer for settled farmers")
    INTEREST_SUBSIDY = (52, "贷款贴息", "interest subsidy")
    COUNTY_INTEREST = (53, "政府付息", "interest on county debt")
    FACILITY = (54, "设施补短板项目", "facility programme")
    SUPPORT_FUND = (55, "产业扶持资金", "support fund for enterprises")
    RECLAIM = (56, "宅基地复垦补偿", "compensation for reclaimed homesteads")
    DIRECT_QUOTA = (57, "直供用地指标", "quota supplied directly")
    SETTLEMENT_QUOTA = (58, "人地挂钩指标", "quota for settled farmers")
    LINKED_QUOTA = (59, "增减挂钩指标", "quota from reclaimed homesteads")
    TALENT_TRAINING = (60, "人才培养", "talent training")
    GUARANTEE_CALL = (61, "担保代偿", "guarantee calls")
    PPP_ADVANCE = (62, "社会资本垫付", "advance of private partners")
    PPP_FEE = (63, "政府购买服务付费", "service payments to partners")
    TOWN_STAFF = (64, "镇级承接权限经费", "staff for delegated powers")
    LAND_COMPENSATION = (65, "让地补偿", "compensation to land owners")

    def __init__(self, code: int, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en


POLICY_MONEY = (
    Reason.REBATE, Reason.GRANT, Reason.SPECIAL_FUND, Reason.TALENT_SUBSIDY, Reason.STARTUP_FUND, Reason.TALENT_HOUSING,
    Reason.VILLAGE_LINK, Reason.VILLAGE_LAND_PRICE, Reason.SCENIC, Reason.EVENTS, Reason.ANNUAL_SUBSIDY,
    Reason.SETTLEMENT, Reason.INTEREST_SUBSIDY, Reason.FACILITY, Reason.SUPPORT_FUND, Reason.RECLAIM,
    Reason.TALENT_TRAINING, Reason.GUARANTEE_CALL, Reason.TOWN_STAFF, Reason.LAND_COMPENSATION,
)  # fmt: skip
"""What governments pay under the policy; grants that come back are taken off.

What counties pass on of the rebate, to town platforms or firms, comes out of it and is not counted again.
"""


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
        sizes: How many owners of each kind.
    """

    def __init__(self, sizes: dict[Kind, int]) -> None:
        self._ranges: dict[Kind, Ints] = {}
        start = 0
        for kind in Kind:
            count = sizes.get(kind, 1)
            self._ranges[kind] = np.arange(start, start + count, dtype=np.int64)
            start += count
        self.size = start
        self.kind_of = np.concatenate([np.full(self._ranges[k].size, int(k), dtype=np.int64) for k in Kind])

    def of(self, kind: Kind) -> Ints:
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


class Ledger:
    """Balances, flows and the journal of the current quarter.

    Args:
        name: "money" (万元) or "land" (centi-mu).
        chart: The accounts.
        quarters: Length of the run, for the table of flows.
    """

    def __init__(self, name: str, chart: Chart, quarters: int) -> None:
        self.name, self.chart = name, chart
        self.balance: Ints = np.zeros(chart.size, dtype=np.int64)
        self.flows: Ints = np.zeros((quarters, len(Reason), len(Kind)), dtype=np.int64)
        """Amount by quarter, reason and kind of payer."""
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
            LedgerError: A negative amount, a fraction, rows that do not match, or an account that does not exist.
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
        wrong = _book(
            self.balance, self.flows[self.t, reason.code], self.chart.kind_of, payer, receiver, amount, arrived
        )
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

    def _fault(self, batch: Batch, row: int, why: str) -> None:
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

    def total(self, reason: Reason, payer: Kind | None = None) -> Ints:
        """Amount by quarter for a reason, from all payers or one kind, shape (quarters,)."""
        by_kind = self.flows[:, reason.code, :]
        return by_kind.sum(axis=1) if payer is None else by_kind[:, int(payer)]
