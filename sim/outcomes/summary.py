"""From a finished province to its outcomes; definitions in :mod:`sim.outcomes.registry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.agents.building import GOVERNMENT_SHARE
from sim.agents.county import shadow_price
from sim.agents.enterprise import SUPPORT_FUND
from sim.agents.treasury import EFFORT_SPENDING, FACILITY, INFRASTRUCTURE
from sim.instruments.facility import GRANT
from sim.instruments.grant import ANNUAL_SUBSIDY, GRANT_RETURN, SPECIAL_FUND
from sim.instruments.interest import INTEREST_SUBSIDY
from sim.instruments.rebate import REBATE
from sim.instruments.settlement import SETTLEMENT
from sim.outcomes import countryside
from sim.outcomes.layers import layers
from sim.state.town import EVENTS, Status, Strategy

if TYPE_CHECKING:
    from sim.state.province import Province

NAN = float("nan")
YI = 10_000.0
"""万元 in a 亿元."""
YARDSTICK = np.array([300_000, 500_000, 500_000, 300_000, 500_000, 300_000, 500_000, 300_000], dtype=np.float64)
"""Zhejiang's three-year sums by industry class (ZJ-INV-1, ZJ-INV-2), the common yardstick of all regimes, 万元."""


def share(part: float, whole: float) -> float:
    """Part / whole, NaN when there is nothing to divide by."""
    return float(part) / float(whole) if whole else NAN


def public_cost(p: Province) -> NDArray[np.float64]:
    """Money that governments pay under the policy, 万元 by quarter."""
    return p.money.under_policy().astype(np.float64)


def summarise(p: Province) -> dict[str, float]:
    """All summary outcomes of a finished run."""
    return {
        **_completion(p),
        **_lists(p),
        **_firms(p),
        **_investment(p),
        **_land(p),
        **_money(p),
        **_people(p),
        **layers(p),
        **_villages(p),
        **countryside.summarise(p),
    }


def completion_window(p: Province, start: NDArray[np.int64], years: int) -> NDArray[np.float64]:
    """True investment without housing from ``start`` over whole years, 万元 by town; NaN where the run is too short."""
    s = p.towns
    history = s.core + s.other + s.works
    if p.policy.target.rule(p.quarters - 1) == "any":
        history = history + s.housing
    quarter = np.arange(p.quarters)[:, None]
    inside = (quarter >= start[None, :]) & (quarter < start[None, :] + 4 * years)
    total = (history * inside).sum(axis=0).astype(np.float64)
    return np.where(start + 4 * years <= p.quarters, total, NAN)


def own_window(p: Province) -> NDArray[np.float64]:
    """Invested over own target for towns ever created, shape (T,); NaN for the others."""
    s = p.towns
    ever = s.listed_at >= 0
    invested = completion_window(p, np.where(ever, p.window_start(), p.quarters), 3)
    return np.where(ever & (s.promised > 0), invested / np.maximum(1, s.promised), NAN)


def _completion(p: Province) -> dict[str, float]:
    s = p.towns
    start = np.full(s.size, max(0, p.policy.effective - (p.start_index + p.policy.effective) % 4))
    quarter = slice(int(start[0]), int(start[0]) + 12)
    common = s.effective(quarter, "no_housing") / YARDSTICK[p.geography.towns.industry]
    out = {"completion_common": float(np.mean(common >= 1.0)) if start[0] + 12 <= p.quarters else NAN}
    ratio = own_window(p)
    known = ~np.isnan(ratio)
    if not known.any():
        return {
            **out,
            "completion_own": NAN,
            "completion_reported": NAN,
            "completion_ratio_median": NAN,
            "completion_ratio_total": NAN,
        }
    quarters = np.arange(p.quarters)[:, None]
    first = p.window_start()
    reported = (s.reported * ((quarters >= first) & (quarters < first + 12))).sum(axis=0)
    return {
        **out,
        "completion_own": float(np.mean(ratio[known] >= 1.0)),
        "completion_reported": float(np.mean(reported[known] >= s.promised[known])),
        "completion_ratio_median": float(np.median(ratio[known])),
        "completion_ratio_total": share(float((ratio * s.promised)[known].sum()), float(s.promised[known].sum())),
    }


def _lists(p: Province) -> dict[str, float]:
    s = p.towns
    created, ever = s.listed_at >= 0, (s.listed_at >= 0) | (s.cultivated_at >= 0)
    had = {name: (s.event & bit).any(axis=0) for name, bit in EVENTS.items()}
    left = had["exited"] | had["withdrew"] | had["vetoed"]
    on = np.isin(s.status_history, (Status.CREATION, Status.CULTIVATION, Status.NAMED)).sum() / 4.0
    count = int(((s.event & (EVENTS["exited"] | EVENTS["withdrew"] | EVENTS["vetoed"])) > 0).sum())
    n, m = int(created.sum()), int(ever.sum())
    return {
        "town_exit_rate": share(int((left & ever).sum()), m),
        "town_exit_hazard": share(count, on),
        "warned_share": share(int((had["warned"] & created).sum()), n),
        "demoted_share": share(int((had["demoted"] & created).sum()), n),
        "exited_share": share(int((had["exited"] & ever).sum()), m),
        "withdrawn_share": share(int((had["withdrew"] & ever).sum()), m),
        "vetoed_share": share(int((had["vetoed"] & ever).sum()), m),
        "named_share": share(int((had["named"] & created).sum()), n),
    }


def yearly_hazard(gone: NDArray[np.int64], exposed: NDArray[np.int64]) -> NDArray[np.float64]:
    """Yearly hazard from closures and firm-quarters at risk: 1 − (1 − q)⁴."""
    stay = 1.0 - gone / np.maximum(1, exposed)
    return 1.0 - stay * stay * stay * stay


def _firms(p: Province) -> dict[str, float]:
    risk, gone = p.exposed.sum(axis=0), p.gone.sum(axis=0)
    hazard = yearly_hazard(gone, risk)
    survive = np.cumprod(1.0 - np.minimum(0.99, hazard))
    lost = p.fallen.sum() + p.abandoned.sum()
    return {
        "firm_exit_hazard_y1": float(hazard[0]),
        "firm_exit_hazard_y2": float(hazard[1]),
        "firm_exit_hazard_y3": float(hazard[2]),
        "firm_exit_hazard_y4_7": float(yearly_hazard(gone[3:7].sum(), risk[3:7].sum())),
        "entrants_gone_3y": 1.0 - float(survive[2]),
        "entrants_gone_5y": 1.0 - float(survive[4]),
        "projects_fallen_share": share(int(lost), int(p.announced.sum())),
    }


def _investment(p: Province) -> dict[str, float]:
    s = p.towns
    effective = float(s.core.sum() + s.other.sum() + s.works.sum())
    assessed = (s.event & EVENTS["assessed"]) > 0
    offset = p.start_index % 4
    year = (np.arange(p.quarters) + offset) // 4
    rows = [slice(max(0, 4 * y - offset), min(p.quarters, 4 * y + 4 - offset)) for y in range(int(year[-1]) + 1)]
    true = np.stack([s.effective(r, p.policy.target.rule(r.stop - 1)) for r in rows])
    claimed, real = float(s.reported[assessed].sum()), float(true[year][assessed].sum())
    poor = p.geography.counties.poor[p.geography.towns.county]
    each = (s.core + s.other + s.works).sum(axis=0)
    gap = 1.0 - each[poor].mean() / each[~poor].mean() if poor.any() and not poor.all() else NAN
    return {
        "investment_effective": effective / YI,
        "investment_site": effective / YI / s.size,
        "investment_total": (effective + float(s.housing.sum())) / YI,
        "housing_share": share(float(s.housing.sum()), effective + float(s.housing.sum())),
        "core_share": share(float(s.core.sum()), effective),
        "social_share": share(float(s.social.sum()), effective),
        "government_share": share(float(s.government.sum()), effective),
        "homogeneity": homogeneity(p),
        "reporting_gap": share(claimed, real) - 1.0,
        "investment_gap_poor": float(gap),
    }


def homogeneity(p: Province) -> float:
    """Chance that two different towns ever listed share a sub-industry."""
    ever = p.towns.listed_at >= 0
    n = int(ever.sum())
    if n < 2:
        return NAN
    counts = np.bincount(p.geography.towns.segment[ever])
    return float((counts * (counts - 1)).sum()) / (n * (n - 1))


def _land(p: Province) -> dict[str, float]:
    s = p.towns
    rewarded, clawed = float(s.rewarded.sum()) / 100.0, float(s.clawed.sum()) / 100.0
    supplied = float(s.land_used.sum() + s.land_from_reward.sum()) / 100.0
    last = slice(p.quarters - 4, p.quarters)
    used = float((s.built + s.supplied + s.idle + 0.3 * p.geography.towns.buildable).sum()) / 100.0
    value = float(((s.rewarded - s.clawed + s.guaranteed + s.direct) / 100.0 * shadow_price(p)).sum())
    return {
        "land_rewarded": rewarded,
        "land_clawed": clawed,
        "land_net": rewarded - clawed,
        "land_net_site": (rewarded - clawed + float((s.guaranteed + s.direct).sum()) / 100.0) / s.size,
        "land_direct": float(s.direct.sum()) / 100.0,
        "land_guaranteed": float(s.guaranteed.sum()) / 100.0,
        "idle_land": float(s.idle.sum()) / 100.0,
        "land_value": value / YI,
        "investment_per_mu": share(float((s.core + s.other).sum()), supplied),
        "output_per_mu": float(s.output[last].sum()) / used,
        "tax_per_mu": float(s.tax[last].sum()) / used,
    }


def _money(p: Province) -> dict[str, float]:
    m = p.money
    works = m.total(INFRASTRUCTURE) + m.total(EFFORT_SPENDING) + m.total(GOVERNMENT_SHARE)
    last = slice(p.quarters - 4, p.quarters)
    grants = m.total(GRANT) + m.total(SPECIAL_FUND) - m.total(GRANT_RETURN)
    yearly = m.total(ANNUAL_SUBSIDY) + m.total(SETTLEMENT) + m.total(INTEREST_SUBSIDY)
    return {
        "public_cost": float(public_cost(p).sum()) / YI,
        "public_cost_site": float(public_cost(p).sum()) / p.towns.size,
        "cost_rebate": float(m.total(REBATE).sum()) / YI,
        "cost_grants": float(grants.sum()) / YI,
        "cost_subsidies": float((yearly + m.total(SUPPORT_FUND)).sum()) / YI,
        "cost_facilities": float(m.total(FACILITY).sum()) / YI,
        "cost_infrastructure": float(works.sum()) / YI,
        "debt_end": float(p.counties.debt.sum()) / YI,
        "debt_ratio_end": share(float(p.counties.debt.sum()), float(p.geography.counties.revenue.sum())),
        "output_end": float(p.towns.output[last].sum()) / YI,
        "tax_end": float(p.towns.tax[last].sum()) / YI,
    }


def _people(p: Province) -> dict[str, float]:
    arrived = p.talents.live("arrived")
    cut = p.quarters - 12
    came = float(p.talents_in[: max(0, cut)].sum())
    stayed = float(np.count_nonzero((arrived >= 0) & (arrived < cut)))
    return {
        "jobs_end": float(p.towns.jobs.sum()),
        "talents_end": float(p.talents.n),
        "talents_kept_3y": share(stayed, came),
    }


def _villages(p: Province) -> dict[str, float]:
    v, first = p.villages, p.geography.villages.population
    people = np.maximum(1, v.population)
    return {
        "village_income_end": float((v.income * people).sum() / people.sum()),
        "village_migrants": float(v.migrants.sum()),
        "settled_farmers": float(v.settled.sum()),
        "urbanisation": share(float((v.commuters + v.settled).sum()), float(first.sum())),
        "town_to_village": float(p.to_village.sum()) / YI,
        "village_to_town": float(p.to_town.sum()),
    }


def strategy_share(p: Province, t: int, *strategies: Strategy) -> float:
    """Share of sites whose county has chosen one of the strategies in quarter ``t``."""
    return float(np.isin(p.towns.strategy_history[t], [int(x) for x in strategies]).mean())
