"""A quarter as a list of seventeen named steps; the model runs this list and ``xiaozhen schedule`` prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import numpy as np

from sim.agents import building, closure, county, enterprise, entry, financier, project, talent, treasury, village
from sim.agents.location import prepare
from sim.agents.reporting import report
from sim.engine.draws import decision
from sim.engine.numeric import exp
from sim.instruments.base import MOMENTS, InstrumentError
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import Status

CYCLE = decision("conditions.cycle")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the quarter.

    Attributes:
        name: Id, also the name by which a step can be left out.
        title: Title in Chinese and English.
        what: What happens, in Chinese and English.
        run: The function.
        moments: Moments of the instruments that it calls.
    """

    name: str
    title: dict[str, str]
    what: dict[str, str]
    run: Callable[[Province], None]
    moments: tuple[str, ...]


def conditions(p: Province) -> None:
    """Industry cycles (first-order, yearly s.d. about 8 %), the credit squeeze of 2018-19, and the quarter's policy
    terms.
    """
    z = p.draws.normals(CYCLE, np.arange(8, dtype=np.uint64), p.t)
    p.economy.log_cycle = 0.9 * p.economy.log_cycle + p.constants["conditions.cycle_sd"] * z
    p.economy.cycle = exp(p.economy.log_cycle)
    p.economy.cycle_mean = float(p.economy.cycle.sum() / 8.0)
    tight = (2017, 4) <= (p.clock.quarter.year, p.clock.quarter.q) <= (2019, 2)
    p.economy.credit = p.behaviour["credit.shock_2018"] if tight else 1.0
    p.offer.reset()
    p.offer.firm_rebate[:] = 0.0


def call(p: Province) -> None:
    """Application windows: who applies, who is listed where."""
    if not p.policy.call.open(p):
        return
    applied = county.stands(p) if p.policy.call.assigned(p) else county.applies(p)
    p.towns.applied_history[p.t] = applied
    created, cultivated = p.policy.call.select(p, applied)
    p.enter_creation_list(created)
    p.towns.status[cultivated] = Status.CULTIVATION
    p.towns.cultivated_at[cultivated] = p.t


def prospect(p: Province) -> None:
    """Small firms and investors look for a place."""
    p.scratch.choice = choice = prepare(p)
    entry.prospects(p, choice)
    project.prospects(p, choice)


def land(p: Province) -> None:
    """Quota arrives, idle land is taken back, projects are served."""
    treasury.quotas(p)
    treasury.take_back(p)
    project.land(p)


def build(p: Province) -> None:
    """Projects, public works and housing are built."""
    building.build(p)
    treasury.works(p)


def year_end(p: Province) -> None:
    """Report → assess → veto → demote or exit → pay → promote, in this order; or pay before the lists move (D-69)."""
    if p.clock.quarter.q != 4:
        return
    report(p)
    p.towns.paid_gate[:] = p.towns.on_a_list()
    for moment in ("assess", "veto", "settle"):
        p.policy.moment(moment, p)
    pay_first = p.policy.lists.pays_first(p.t)
    if not pay_first:
        p.policy.moment("move", p)
    treasury.lapse(p)
    p.policy.moment("pay", p)
    p.counties.reward_kept = np.maximum(0, p.land.balance[p.books.chart.of(Kind.COUNTY)])
    if pay_first:
        p.policy.moment("move", p)
    p.policy.moment("promote", p)
    p.towns.listed_last_year[:] = p.towns.listed()


def acceptance(p: Province) -> None:
    """Three years are over: naming, clawback. All of it is the instruments'."""


def bulletin(p: Province) -> None:
    """What everyone learns; beliefs and reputations move; the quarter is written into the histories."""
    p.policy.moment("bulletin", p)
    county.learn(p)
    p.towns.status_history[p.t] = p.towns.status
    p.towns.strategy_history[p.t] = p.towns.strategy


def audit(p: Province) -> None:
    """Both ledgers balance and agree with the agents' own columns, or the run stops."""
    cash = enterprise.cash_of_towns(p)
    p.money.audit({"enterprise cash": (p.books.chart.of(Kind.ENTERPRISE), cash)})
    s = p.towns
    held = s.supplied + s.built + s.idle - p.books.opening_land
    given = -p.rural.land_given
    p.land.audit(
        {
            "land in use": (p.books.chart.of(Kind.ENTERPRISE), held),
            "village land": (p.books.chart.of(Kind.VILLAGE), given),
        }
    )


def _step(
    run: Callable[[Province], None], name: str, zh: str, en: str, what_zh: str, what_en: str, *inside: str
) -> Step:
    """A step that calls the moments ``inside`` itself, or the one of its own name when it is over."""

    @wraps(run)
    def whole(p: Province) -> None:
        run(p)
        p.policy.moment(name, p)

    plain = bool(inside) or name not in MOMENTS
    moments = inside if plain else (name,)
    return Step(name, {"zh": zh, "en": en}, {"zh": what_zh, "en": what_en}, run if plain else whole, moments)


STEPS: tuple[Step, ...] = (
    _step(
        conditions,
        "conditions",
        "环境",
        "Conditions",
        "行业周期、信贷松紧与本季度政策条件",
        "industry cycles, credit, and the quarter's policy terms",
    ),
    _step(
        call, "call", "申报", "Call", "申报窗口、评审、遴选、列名", "application windows, review, selection, listing"
    ),
    _step(
        county.plan,
        "plan",
        "谋划",
        "Plan",
        "县级政府逐镇选择策略:申报或放弃、投入、时序、住宅、上报",
        "each county chooses for each town: apply or not, effort, timing, housing, reporting",
    ),
    _step(
        prospect,
        "prospect",
        "选址",
        "Prospect",
        "企业与投资者在所知小镇间选址(嵌套 Logit)",
        "firms and investors choose among the towns they know (nested logit)",
    ),
    _step(
        project.contract,
        "contract",
        "签约与审批",
        "Contract and approval",
        "项目由洽谈到签约、报批,或中途落空",
        "projects are signed and approved, or fall through",
    ),
    _step(
        land,
        "land",
        "用地",
        "Land",
        "指标到账、供地;无指标则等待",
        "quota arrives and serves projects; without quota a project waits",
    ),
    _step(
        financier.finance,
        "finance",
        "融资",
        "Finance",
        "自有资金、银行、社会资本与政府出资凑齐预算",
        "own funds, banks, matched social capital and the government's share",
    ),
    _step(
        build,
        "build",
        "建设",
        "Build",
        "项目、基础设施与住宅按进度投入",
        "staged spending on projects, works and housing",
    ),
    _step(
        enterprise.operate,
        "operate",
        "经营",
        "Operate",
        "产出、工资、利润、税收与成长",
        "output, wages, profit, tax, growth",
    ),
    _step(closure.leave, "leave", "退出", "Leave", "企业关停与少量迁移", "closures and rare relocations"),
    _step(
        talent.talents,
        "talent",
        "人才",
        "Talent",
        "引进、就业、创业、培育与流失",
        "arrival, hiring, start-ups, cultivation, departure",
    ),
    _step(
        village.villages,
        "village",
        "乡村",
        "Village",
        "1+N 网络六条渠道的双向流动",
        "the 1+N network: six channels, both directions",
    ),
    _step(
        treasury.collect,
        "treasury",
        "财政",
        "Treasury",
        "分税、返还、奖补、专项资金与债务",
        "tax sharing, rebate, grants, funds, debt",
        "treasury",
    ),
    _step(
        year_end,
        "year_end",
        "年终考核",
        "Year end",
        "上报、考核、否决、降格或退出、兑现、递补",
        "report, assess, veto, demote or exit, pay, promote",
        "assess",
        "veto",
        "settle",
        "move",
        "pay",
        "promote",
    ),
    _step(
        acceptance,
        "acceptance",
        "验收命名",
        "Acceptance",
        "三年期满:验收、命名、倒扣",
        "after three years: naming, clawback",
    ),
    _step(
        bulletin,
        "bulletin",
        "通报",
        "Bulletin",
        "通报发布,声誉与预期调整",
        "what everyone learns; beliefs move",
        "bulletin",
    ),
    _step(
        audit,
        "audit",
        "核账",
        "Audit",
        "账目不平则停止运行并指出首笔问题",
        "every ledger balances, or the run stops and names the entry",
    ),
)

_uncalled = set(MOMENTS) - {moment for step in STEPS for moment in step.moments}
if _uncalled:
    raise InstrumentError("schedule", f"no step calls {', '.join(sorted(_uncalled))}")
