"""Land: rewarded, clawed back, supplied, idle, what it is worth and what it yields; mu."""

from __future__ import annotations

from sim.agents.county import shadow_price
from sim.outcomes.arithmetic import CENTI, YI, share
from sim.outcomes.registry import outcome
from sim.outcomes.windows import last_year
from sim.state.province import Province

BUILT_BEFORE = 0.3
"""Part of a site's buildable land that was built up before the programme."""


@outcome
def land_rewarded(p: Province) -> float:
    """Quota rewarded."""
    return float(p.towns.rewarded.sum()) / CENTI


@outcome
def land_clawed(p: Province) -> float:
    """Quota clawed back."""
    return float(p.towns.clawed.sum()) / CENTI


@outcome
def land_net(p: Province) -> float:
    """Quota rewarded less clawed back."""
    return land_rewarded(p) - land_clawed(p)


@outcome
def land_net_site(p: Province) -> float:
    """The same with guaranteed and direct supply, a site."""
    s = p.towns
    return (land_net(p) + float((s.guaranteed + s.direct).sum()) / CENTI) / s.size


@outcome
def land_direct(p: Province) -> float:
    """Quota supplied directly, for settled farmers or from reclaimed homesteads."""
    return float(p.towns.direct.sum()) / CENTI


@outcome
def land_guaranteed(p: Province) -> float:
    """Land supplied under a guarantee."""
    return float(p.towns.guaranteed.sum()) / CENTI


@outcome
def idle_land(p: Province) -> float:
    """Land of abandoned projects not yet taken back, at the end."""
    return float(p.towns.idle.sum()) / CENTI


@outcome
def land_value(p: Province) -> float:
    """Net reward and extra supply at the shadow price, 亿元."""
    s = p.towns
    mu = (s.rewarded - s.clawed + s.guaranteed + s.direct) / CENTI
    return float((mu * shadow_price(p)).sum()) / YI


@outcome
def investment_per_mu(p: Province) -> float:
    """Project investment over land supplied to projects, 万元 a mu, whole run."""
    s = p.towns
    supplied = float(s.land_used.sum() + s.land_from_reward.sum()) / CENTI
    return share(float((s.core + s.other).sum()), supplied)


def _in_use(p: Province) -> float:
    """Land built, under construction, idle, or built up before, at the end, mu."""
    s = p.towns
    return float((s.built + s.supplied + s.idle + BUILT_BEFORE * p.places.towns.buildable).sum()) / CENTI


@outcome
def output_per_mu(p: Province) -> float:
    """Output of the last four quarters over land in use, 万元 a mu."""
    return float(p.towns.output[last_year(p)].sum()) / _in_use(p)


@outcome
def tax_per_mu(p: Province) -> float:
    """Tax of the last four quarters over land in use, 万元 a mu."""
    return float(p.towns.tax[last_year(p)].sum()) / _in_use(p)
