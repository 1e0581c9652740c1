"""A stand-in for the model: plausible results with the right names and shapes in a millisecond.

The tests of ``experiments`` are about running, estimating and telling, so they need many results, not true ones. Noise
is shared between scenarios of one replicate, as in the model.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from sim.outcomes.records import as_stored

QUARTERS = 40
YEARS = tuple(range(2015, 2025))

_SUMMARY = """
completion_common|ratio|达标率(共同目标)|Towns completing a common target|1
completion_own|ratio|达标率(本地目标)|Towns completing their own target|1
completion_reported|ratio|达标率(按上报数)|Towns completing on reported figures|1
completion_ratio_median|ratio|投资完成比(中位数)|Invested over target, median|1
completion_ratio_total|ratio|投资完成比(合计)|Invested over target, total|1
town_exit_rate|ratio|小镇退出率|Listed towns that left|-1
town_exit_hazard|per_year|小镇年退出率|Town exits per town-year|-1
warned_share|ratio|被警告的小镇占比|Towns warned|0
demoted_share|ratio|被降格的小镇占比|Towns demoted|0
exited_share|ratio|退出占比|Towns removed from the list|0
withdrawn_share|ratio|主动退出占比|Towns withdrawn|0
vetoed_share|ratio|一票否决占比|Towns vetoed|0
named_share|ratio|命名占比|Towns named|1
firm_exit_hazard_y1|per_year|企业退出率(第1年)|Firm exits, year 1|-1
firm_exit_hazard_y2|per_year|企业退出率(第2年)|Firm exits, year 2|-1
firm_exit_hazard_y3|per_year|企业退出率(第3年)|Firm exits, year 3|-1
firm_exit_hazard_y4_7|per_year|企业退出率(第4-7年)|Firm exits, years 4-7|-1
entrants_gone_3y|ratio|入驻企业三年内离开占比|Entrants gone within 3 years|-1
entrants_gone_5y|ratio|入驻企业五年内离开占比|Entrants gone within 5 years|-1
projects_fallen_share|ratio|未投产即落空的项目占比|Projects that fell through|-1
investment_effective|yi_yuan|有效投资|Effective investment|1
investment_total|yi_yuan|全部投资|Total investment|1
land_rewarded|mu|奖励用地指标|Land quota rewarded|0
land_clawed|mu|倒扣用地指标|Land quota clawed back|0
land_net|mu|净奖励用地指标|Net land quota rewarded|0
idle_land|mu|闲置土地|Idle land|-1
investment_per_mu|wan_yuan_per_mu|亩均投资|Investment per mu|1
output_per_mu|wan_yuan_per_mu|亩均产出|Output per mu|1
tax_per_mu|wan_yuan_per_mu|亩均税收|Tax per mu|1
public_cost|yi_yuan|公共支出|Public cost|-1
cost_rebate|yi_yuan|财政返还|Fiscal rebate|0
cost_grants|yi_yuan|奖补|Grants|0
cost_infrastructure|yi_yuan|基础设施|Infrastructure|0
debt_end|yi_yuan|期末债务|Debt at the end|-1
land_value|yi_yuan|净奖励用地的影子价值|Value of net rewarded land|0
jobs_end|person|期末就业|Jobs at the end|1
talents_end|person|期末人才|Talents at the end|1
talents_kept_3y|ratio|人才三年留存率|Talents kept 3 years|1
output_end|yi_yuan|期末产出|Output at the end|1
tax_end|yi_yuan|期末税收|Tax at the end|1
housing_share|ratio|住宅投资占比|Share of housing in investment|-1
core_share|ratio|主导产业投资占比|Share of core industry in investment|1
social_share|ratio|社会资本占比|Share of social capital|1
government_share|ratio|政府出资占比|Share paid by government|-1
homogeneity|ratio|产业同质化|Homogeneity|-1
reporting_gap|ratio|上报虚高幅度|Reported over true investment|-1
village_income_end|wan_yuan_per_person|期末村民人均收入|Village income at the end|1
village_migrants|person|外出村民|Village migrants|0
settled_farmers|person|进镇落户农民|Settled farmers|1
urbanisation|ratio|城镇化率|Urbanisation|1
town_to_village|yi_yuan|镇到村资金|Town-to-village flow|1
village_to_town|yi_yuan|村到镇资金|Village-to-town flow|0
investment_gap_poor|ratio|山区县投资差距|Investment gap of poor counties|-1
""".strip()

_YEARLY = """
listed|town|在册小镇|Towns listed|0
creation|town|创建名单小镇|Towns on the creation list|0
cultivation|town|培育名单小镇|Towns on the cultivation list|0
warned|town|受警告小镇|Towns warned|-1
demoted|town|降格小镇|Towns demoted|-1
exited_total|town|累计退出小镇|Towns that left, cumulative|-1
named|town|累计命名小镇|Towns named, cumulative|1
investment_effective|yi_yuan|有效投资|Effective investment|1
investment_total|yi_yuan|全部投资|Total investment|1
investment_reported|yi_yuan|上报投资|Reported investment|0
completion_annual|ratio|年度目标完成率|Towns meeting the annual target|1
housing_share|ratio|住宅投资占比|Share of housing in investment|-1
core_share|ratio|主导产业投资占比|Share of core industry in investment|1
public_cost|yi_yuan|公共支出|Public cost|-1
land_rewarded|mu|奖励用地指标|Land quota rewarded|0
land_clawed|mu|倒扣用地指标|Land quota clawed back|0
idle_land|mu|闲置土地|Idle land|-1
debt|yi_yuan|债务余额|Debt|-1
firms|firm|企业数|Firms|1
entrants|firm|新入驻企业|Entrants|1
exits|firm|退出企业|Firms that left|-1
jobs|person|就业|Jobs|1
talents|person|人才|Talents|1
output|yi_yuan|产出|Output|1
tax|yi_yuan|税收|Tax|1
village_income|wan_yuan_per_person|村民人均收入|Village income a head|1
applied|ratio|选择申报的占比|Sites that applied|0
pushed|ratio|选择推进的占比|Sites whose county pushed|0
inflated|ratio|选择虚报的占比|Sites whose county inflated reports|0
drifted|ratio|转向房地产的占比|Sites that drifted into housing|0
coasted|ratio|选择观望的占比|Sites whose county coasted|0
""".strip()


def _outcomes() -> dict:
    made = {}
    for kind, block in (("summary", _SUMMARY), ("yearly", _YEARLY)):
        for line in block.splitlines():
            name, unit, zh, en, better = line.split("|")
            words = {"zh": zh, "en": en}
            made[f"{kind}.{name}"] = as_stored(
                kind,
                name,
                title=words,
                unit=unit,
                population={"zh": "小镇", "en": "towns"},
                window={"zh": "全期", "en": "whole run"},
                better=int(better),
                definition=words,
            )
    return made


OUTCOMES = _outcomes()


@dataclass(frozen=True)
class Quarter:
    year: int
    q: int

    def __add__(self, n: int) -> Quarter:
        index = self.year * 4 + self.q - 1 + n
        return Quarter(index // 4, index % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.q}"


@dataclass(frozen=True)
class Resolved:
    regime: str
    world: str
    start: Quarter
    quarters: int
    effective_index: int
    announced_index: int
    levers: dict
    behaviour: dict
    constants: dict
    fingerprint: str
    overridden: dict = field(default_factory=dict)
    filled: dict = field(default_factory=dict)
    above: dict = field(default_factory=dict)


@dataclass(frozen=True)
class RunSpec:
    scenario: Resolved
    replicate: int = 0
    root: int = 20150422
    tables: tuple = ()
    counties: str | None = None


@dataclass(frozen=True)
class RunResult:
    spec_key: str
    years: tuple
    yearly: dict
    summary: dict
    cohorts: dict
    tables: dict
    guards: dict


INERT = {"clawback.multiple": 0.0, "land_reward.share": 0.0, "rebate.active": False, "grant.listing": 0.0}
REGIMES = {
    "null": {},
    "zhejiang_2015": {"clawback.multiple": 2.0, "land_reward.share": 0.5, "rebate.active": True},
    "tongzhou_2017": {"rebate.active": True},
    "pingxiang_2017": {"grant.listing": 100.0},
}
TITLES = {
    "null": {"zh": "无政策", "en": "No programme"},
    "zhejiang_2015": {"zh": "浙江2015", "en": "Zhejiang 2015"},
    "tongzhou_2017": {"zh": "通州2017", "en": "Tongzhou 2017"},
    "pingxiang_2017": {"zh": "萍乡2017", "en": "Pingxiang 2017"},
}
STRENGTH = {"null": 0.0, "zhejiang_2015": 1.0, "tongzhou_2017": 0.65, "pingxiang_2017": 0.35}


def resolved(regime: str, effective: int = 1, **levers: object) -> Resolved:
    """A scenario in which each lever keeps one value from the effective quarter on."""
    values = {**INERT, **REGIMES[regime], **levers}
    dated = {k: tuple(INERT[k] if t < effective else v for t in range(QUARTERS)) for k, v in values.items()}
    mark = hashlib.sha256(f"{regime}{effective}{sorted(values.items())}".encode()).hexdigest()
    return Resolved(
        regime,
        "zhejiang",
        Quarter(2015, 1),
        QUARTERS,
        effective,
        effective,
        dated,
        {"exit.hazard_year1": 0.016},
        {},
        mark,
    )


def _strength(scenario: Resolved) -> np.ndarray:
    """How strongly the policy acts in each year."""
    base = STRENGTH[scenario.regime]
    year = np.arange(len(YEARS))
    started = scenario.effective_index // 4
    return np.where(year >= started, base * np.minimum(1.0, (year - started + 1) / 3.0), 0.0)


def _level(unit: str, s: np.ndarray, noise: np.ndarray, listed_only: bool) -> np.ndarray:
    if unit in ("ratio", "per_year"):
        return np.clip(0.16 + 0.35 * s + 0.06 * noise, 0.0, 1.0) * (1.0 if not listed_only else np.minimum(1.0, 9 * s))
    size = {"yi_yuan": 900.0, "mu": 5200.0, "town": 70.0, "firm": 4200.0, "person": 60000.0}.get(unit, 3.0)
    value = size * (0.45 + s) * np.exp(0.12 * noise)
    return value * np.minimum(1.0, 6 * s) if listed_only else value


_POLICY_ONLY = (
    "land_rewarded",
    "land_clawed",
    "land_net",
    "land_value",
    "cost_rebate",
    "cost_grants",
    "listed",
    "creation",
    "cultivation",
    "warned",
    "demoted",
    "exited",
    "exited_total",
    "named",
    "vetoed",
    "withdrawn",
    "completion_annual",
    "applied",
    "pushed",
    "inflated",
)


def fake_run(spec: RunSpec) -> RunResult:
    """One run; a pure function of the spec."""
    rng = np.random.default_rng([spec.root, spec.replicate])
    strength = _strength(spec.scenario)
    yearly, summary = {}, {}
    for outcome in OUTCOMES.values():
        only = outcome.id.startswith(_POLICY_ONLY)
        common = rng.normal() + 0.4 * rng.normal(size=len(YEARS)).cumsum()
        salt = int(hashlib.sha256(outcome.id.encode()).hexdigest()[:4], 16) / 65535.0
        twist = strength * (0.35 + 1.2 * salt) * (-1 if salt > 0.8 else 1)
        series = _level(outcome.unit, twist, common + 0.3 * strength * rng.normal(size=len(YEARS)), only)
        series = np.abs(series)
        if outcome.kind == "yearly":
            yearly[outcome.id] = np.round(series) if outcome.unit in ("town", "firm", "person") else series
        else:
            summary[outcome.id] = float(series[-1])
    summary["public_cost"] = summary["cost_rebate"] + summary["cost_grants"] + summary["cost_infrastructure"]
    if spec.scenario.regime == "null":
        summary["completion_own"] = summary["completion_reported"] = float("nan")
    tables = {"towns": town_table(spec)} if "towns" in spec.tables else {}
    cohorts = {"2015": {"towns": 37.0, "completion_common": summary["completion_common"]}}
    return RunResult(spec.scenario.fingerprint, YEARS, yearly, summary, cohorts, tables, {})


def failing_run(spec: RunSpec) -> RunResult:
    """Replicate 3 fails in a named stage."""
    if spec.replicate == 3:
        error = ValueError("account 7 does not balance")
        error.stage = "audit"
        raise error
    return fake_run(spec)


def dying_run(spec: RunSpec) -> RunResult:
    """Replicate 5 takes its process with it."""
    if spec.replicate == 5:
        os._exit(9)
    return fake_run(spec)


def specs(regimes: tuple = tuple(REGIMES), replicates: int = 6, **options: object) -> list[RunSpec]:
    """Paired specs of several regimes."""
    return [RunSpec(resolved(r), k, **options) for r in regimes for k in range(replicates)]


TOWNS, VILLAGES_PER_TOWN, COUNTIES = 150, 10, 90


def town_table(spec: RunSpec) -> dict[str, np.ndarray]:
    """Final status and investment by town."""
    rng = np.random.default_rng([spec.root, spec.replicate, 7])
    s = STRENGTH[spec.scenario.regime]
    draw = rng.random(TOWNS)
    status = np.where(draw < 0.2 * s, 3, np.where(draw < 0.55 * s, 2, np.where(draw < 0.7 * s, 1, 0)))
    status = np.where((draw > 0.97) & (s > 0), 4, status)
    names = np.array(["site", "cultivation", "creation", "named", "exited"])
    return {"status": names[status], "investment": (rng.lognormal(11.8, 0.9, TOWNS) * (0.4 + s)).astype(np.int64)}


def geography() -> object:
    """Places with the fields that the map uses."""
    from types import SimpleNamespace

    rng = np.random.default_rng(5)
    cx, cy = rng.uniform(-200, 200, COUNTIES), rng.uniform(-190, 190, COUNTIES)
    gap = np.hypot(cx[:, None] - cx, cy[:, None] - cy)
    near = np.argsort(gap, axis=1)[:, 1:6]
    county = rng.integers(0, COUNTIES, TOWNS)
    x, y = cx[county] + rng.normal(0, 8, TOWNS), cy[county] + rng.normal(0, 8, TOWNS)
    town = np.repeat(np.arange(TOWNS), VILLAGES_PER_TOWN)
    turn, far = rng.uniform(0, 6.28, town.size), rng.uniform(2, 9, town.size)
    return SimpleNamespace(
        name="zhejiang",
        counties=SimpleNamespace(
            x=cx, y=cy, neighbours_start=np.arange(0, 5 * COUNTIES + 1, 5), neighbours=near.ravel()
        ),
        towns=SimpleNamespace(x=x, y=y, county=county),
        villages=SimpleNamespace(x=x[town] + far * np.cos(turn), y=y[town] + far * np.sin(turn), town=town),
    )


def study(replicates: int = 100, effective: int = 1):
    """A finished fake study of four regimes."""
    from experiments.analysis.study import ScenarioRuns, Study
    from experiments.plan.baselines import baselines

    groups = []
    for regime in REGIMES:
        batch = tuple(
            replace(s, tables=("towns",) if s.replicate == 0 else ())
            for s in (RunSpec(resolved(regime, effective), k) for k in range(replicates))
        )
        groups.append(ScenarioRuns(regime, TITLES[regime], batch[0].scenario, batch, tuple(map(fake_run, batch))))
    base = baselines([(g.id, g.resolved.regime, "zhejiang") for g in groups])
    return Study(
        "three_regimes",
        {"zh": "四种政策体系在浙江的比较", "en": "Four regimes compared in Zhejiang"},
        tuple(groups),
        OUTCOMES,
        base,
    )


def keep(study, folder: Path, command: str = "xiaozhen compare fake"):
    """Write a fake study into a store, as a comparison leaves it before its pages are written."""
    from experiments.plan.plan import Plan, Point, crossed
    from experiments.store.folder import Store, clear
    from experiments.store.kept import kept_of
    from experiments.store.keys import identity
    from experiments.store.merge import finish
    from experiments.store.plan_file import PlanFile, dump_plan
    from experiments.store.record import record_of
    from experiments.store.shards import ShardWriter
    from experiments.store.versions import versions

    parts = ("summary", "yearly", "cohorts")
    scenarios = [g.resolved for g in study.groups]
    points = tuple(
        Point(g.id, r.regime, r.world, str(r.start), r.quarters, title=g.title)
        for g, r in zip(study.groups, scenarios, strict=True)
    )
    plan = Plan(
        study.id, study.title, points, crossed(len(points), study.replicates), parts=parts, maps=("towns",),
        design={"method": "study", "replicates": study.replicates}, baselines=study.baseline_of,
    )  # fmt: skip
    common = identity(task=plan.task, parts=parts, root=plan.root, counties=None)
    levers = SimpleNamespace(levers={key: SimpleNamespace(inert=value) for key, value in INERT.items()})
    kept = tuple(kept_of(r, levers) for r in scenarios)
    file = PlanFile(plan, common, tuple(r.fingerprint for r in scenarios), versions(), command, kept=kept)
    clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(dump_plan(file), encoding="utf-8")
    runs = [run for g in study.groups for run in g.runs]
    with ShardWriter(folder, "w") as writer:
        for key, run in zip(file.keys(), runs, strict=True):
            writer.add(record_of(key, run, parts))
    finish(Store.open(folder))
    return Store.open(folder)
