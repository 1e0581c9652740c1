"""Entry of small firms (step 4): prospects choose a town and register.

Every quarter a fixed number of prospective small firms, ``entry.rate`` a site and year, looks for a place
(:mod:`sim.agents.location`). A share ``entry.operate_share`` of those that register ever operates (F41: 69.6 %), about
three fifths of them at once. Staff at entry is lognormal around ``entry.staff`` (F41), one in eight is an SME.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import FirmColumns
from sim.agents.enterprise import OPENS_AT_ONCE, OPERATING, REGISTERED, SMALL, SME
from sim.agents.location import choose, locate
from sim.compiled import kernel
from sim.draws import Decision, child_key, uniform
from sim.numeric import exp_, log_, normal_quantile

if TYPE_CHECKING:
    from sim.province import Province


@kernel
def enter(
    count: int,
    root: np.uint64,
    knows: np.uint64,
    tastes: np.uint64,
    nest: np.uint64,
    types: np.uint64,
    homes: np.uint64,
    capital: np.uint64,
    staff: np.uint64,
    quality: np.uint64,
    opens: np.uint64,
    industry_mix: NDArray[np.float64],
    home_mix: NDArray[np.float64],
    weight: NDArray[np.float64],
    known: NDArray[np.float64],
    guide: NDArray[np.int16],
    scale: float,
    outside: float,
    seen: NDArray[np.int64],
    minimum: float,
    scope: float,
    operate_share: float,
    log_staff: float,
    staff_sd: float,
    sme_staff: float,
    out_town: NDArray[np.int32],
    out: FirmColumns,
) -> int:
    """Let ``count`` prospective firms choose; fill ``out`` with those that register and return how many did."""
    made = 0
    for k in range(count):
        key = child_key(root, np.uint64(k))
        industry = locate(industry_mix, uniform(types, key))
        home = locate(home_mix, uniform(homes, key))
        u = uniform(capital, key)
        if u < scope and exp_(6.4 + normal_quantile(u / scope)) < minimum:
            continue  # asks for the provincial name but cannot register the capital (ZJ/YW-REG-1)
        town = choose(
            key,
            knows,
            tastes,
            nest,
            weight[industry, 0, home],
            known[industry, home],
            guide[industry, home],
            scale,
            outside,
            seen,
        )
        if town < 0:
            continue
        z = normal_quantile(uniform(staff, key))
        sme = (key >> np.uint64(7)) % np.uint64(100) < np.uint64(12)
        size = exp_((log_(sme_staff) if sme else log_(log_staff)) + staff_sd * z)
        o = uniform(opens, key)
        out_town[made] = town
        out.key[made] = key
        out.industry[made] = industry
        out.kind[made] = SME if sme else SMALL
        out.employees[made] = max(1, int(size + 0.5))
        out.productivity[made] = exp_(0.35 * normal_quantile(uniform(quality, key)) - 0.06)
        out.state[made] = OPERATING if o < operate_share * OPENS_AT_ONCE else REGISTERED
        made += 1
    return made


def prospects(p: Province) -> None:
    """Step 4, small firms: prospects choose a town and register."""
    b, d, t = p.b, p.draws, p.t
    count = int(b["entry.rate"] * p.towns.size / 4.0 * p.cycle_mean + 0.5)
    buffer, towns = p.scratch_firms(count)
    s = d.stream
    made = enter(
        count,
        s(Decision.PROSPECT_TYPE, -1000 - t),
        s(Decision.PROSPECT_KNOWS, t),
        s(Decision.PROSPECT_TOWN),
        s(Decision.PROSPECT_NEST),
        s(Decision.PROSPECT_TYPE),
        s(Decision.PROSPECT_HOME),
        s(Decision.PROSPECT_BUDGET),
        s(Decision.PROSPECT_STAFF),
        s(Decision.PROSPECT_QUALITY),
        s(Decision.PROSPECT_OPERATES),
        p.industry_mix,
        p.home_mix,
        p.choice.weight,
        p.choice.known,
        p.choice.guide,
        p.choice.scale,
        p.choice.outside,
        p.seen,
        p.offer.capital,
        p.offer.capital_scope,
        b["entry.operate_share"],
        b["entry.staff"],
        b["entry.staff_log_sd"],
        b["firm.staff_established"],
        towns,
        buffer,
    )
    p.firms.append(
        key=buffer.key[:made],
        town=towns[:made],
        industry=buffer.industry[:made],
        kind=buffer.kind[:made],
        state=buffer.state[:made],
        employees=buffer.employees[:made],
        productivity=buffer.productivity[:made],
        born=np.full(made, t, dtype=np.int32),
        margin=np.full(made, b["firm.margin"]),
    )
    np.add.at(p.towns.entrants[t], towns[:made], 1)
