"""Entry of small firms (step 4): prospects choose a town and register.

Every quarter a fixed number of prospective small firms, ``entry.rate`` a site and year, looks for a place
(:mod:`sim.agents.location`). A share ``entry.operate_share`` of those that register ever operates (F41: 69.6 %), about
three fifths of them at once. Staff at entry is lognormal around ``entry.staff`` (F41), one in eight is an SME.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.enterprise import OPENS_AT_ONCE, PROSPECT_OPERATES
from sim.agents.location import PROSPECT_TYPE, Streams, choose, locate, prospect_streams
from sim.agents.project import PROSPECT_BUDGET
from sim.engine.draws import child_key, decision, uniform
from sim.engine.kernel import inline, kernel
from sim.engine.numeric import exp_, log_, normal_quantile
from sim.state.choice import Choice, Notes
from sim.state.people import OPERATING, REGISTERED, SMALL, SME
from sim.state.populations import FirmColumns
from sim.state.province import Province

PROSPECT_STAFF = decision("prospect.staff")
PROSPECT_QUALITY = decision("prospect.quality")


class Terms(NamedTuple):
    """What decides about the firms that register."""

    capital: NDArray[np.float64]
    """Registered capital asked in each town of those who want the provincial name, 万元, shape (T,)."""
    capital_scope: float
    operate_share: float
    log_staff: float
    staff_sd: float
    log_sme_staff: float


class Traits(NamedTuple):
    """Keys of the draws of a prospective firm's own traits."""

    capital: np.uint64
    staff: np.uint64
    quality: np.uint64
    opens: np.uint64


@inline
def barred(terms: Terms, u: float, town: int) -> bool:
    """Asks for the provincial name but cannot register the capital of its town (YW-REG-1); capital lognormal around 600
    万元.
    """
    return u < terms.capital_scope and exp_(6.4 + normal_quantile(u / terms.capital_scope)) < terms.capital[town]


@inline
def register(key: np.uint64, traits: Traits, terms: Terms) -> tuple[int, int, float, int]:
    """Draw kind, staff, productivity and state of a firm that registers."""
    sme = (key >> np.uint64(7)) % np.uint64(100) < np.uint64(12)
    usual = terms.log_sme_staff if sme else terms.log_staff
    size = exp_(usual + terms.staff_sd * normal_quantile(uniform(traits.staff, key)))
    quality = exp_(0.35 * normal_quantile(uniform(traits.quality, key)) - 0.06)
    at_once = uniform(traits.opens, key) < terms.operate_share * OPENS_AT_ONCE
    return SME if sme else SMALL, max(1, int(size + 0.5)), quality, OPERATING if at_once else REGISTERED


@kernel
def enter(
    count: int,
    root: np.uint64,
    streams: Streams,
    traits: Traits,
    terms: Terms,
    industries: NDArray[np.float64],
    homes: NDArray[np.float64],
    choice: Choice,
    notes: Notes,
    out: FirmColumns,
) -> int:
    """Let ``count`` prospective firms choose; fill ``out`` with those that register and return how many did."""
    made = 0
    home = np.empty(count, dtype=np.int16)
    for k in range(count):
        key = child_key(root, np.uint64(k))
        out.key[k] = key
        out.industry[k] = locate(industries, uniform(streams.industry, key))
        home[k] = locate(homes, uniform(streams.home, key))
    choose(out.key[:count], out.industry, home, 0, streams, choice, notes, out.town)
    for k in range(count):
        if out.town[k] >= 0 and not barred(terms, uniform(traits.capital, out.key[k]), out.town[k]):
            kind, staff, quality, state = register(out.key[k], traits, terms)
            out.key[made] = out.key[k]
            out.town[made] = out.town[k]
            out.industry[made] = out.industry[k]
            out.kind[made] = kind
            out.employees[made] = staff
            out.productivity[made] = quality
            out.state[made] = state
            made += 1
    return made


def prospects(p: Province, choice: Choice) -> None:
    """Step 4, small firms: prospects choose a town and register."""
    b, s, t = p.behaviour, p.draws.stream, p.t
    count = int(b["entry.rate"] * p.places.activity[1] * p.towns.size / 4.0 * p.economy.cycle_mean + 0.5)
    out = p.scratch.firms(count)
    streams = prospect_streams(p, t)
    traits = Traits(
        s(PROSPECT_BUDGET), s(PROSPECT_STAFF), s(PROSPECT_QUALITY),
        s(PROSPECT_OPERATES),
    )  # fmt: skip
    terms = Terms(
        p.offer.capital, p.offer.capital_scope, b["entry.operate_share"], log_(b["entry.staff"]),
        b["entry.staff_log_sd"], log_(b["firm.staff_established"]),
    )  # fmt: skip
    root = s(PROSPECT_TYPE, -1000 - t)
    made = enter(
        count,
        root,
        streams,
        traits,
        terms,
        p.places.industry_mix,
        p.places.home_mix,
        choice,
        p.scratch.notes,
        out,
    )
    names = ("key", "town", "industry", "kind", "state", "employees", "productivity")
    p.firms.append(
        **{name: getattr(out, name)[:made] for name in names},
        born=np.full(made, t, dtype=np.int32),
        margin=np.full(made, b["firm.margin"]),
    )
    p.towns.entrants[t] += np.bincount(out.town[:made], minlength=p.towns.size)
