"""Where firms, projects and talents go: nested logit over the towns that each of them knows of.

A prospect of industry *i*, class *c* (small firm or investment project) and home region *h* knows a few towns, drawn
with replacement in proportion to how well known they are there. Among those it compares

    V = same·ln(1+n_i) + infra·I + talent·ln(1+talents) + tax·points·(1 − a·n_i/(n_i+100)) + land·ln(price)
        + delay·quarters + reputation·R + capability·K + effort·e + potential + grade + distance·km·way − crowding

    (projects weigh same-industry firms half as much, and ``choice.congestion``·ln(1 + investment under way/20 亿元) is
    added)

and takes the best with Gumbel tastes of scale λ (the nest's dissimilarity); the nest of known towns competes with an
outside option V0 (anywhere else). Tastes are keyed by (prospect, town), so a policy that changes one town moves only
the prospects who know it. Coefficients: ``choice.*`` (F53f, F53g, F57 and the priors of the behaviour file).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision, pair_stream, uniform, uniform_partner
from sim.engine.kernel import inline, kernel
from sim.engine.numeric import exp, exp_, log, log_, log_quick
from sim.state.choice import BATCH, GUIDE, Choice, Notes
from sim.state.people import GONE, OPERATING
from sim.state.populations import ProjectColumns
from sim.state.province import Province

PROSPECT_TYPE = decision("prospect.type")
PROSPECT_HOME = decision("prospect.home")
PROSPECT_KNOWS = decision("prospect.knows")
PROSPECT_NEST = decision("prospect.nest")
PROSPECT_TOWN = decision("prospect.town")

MANUFACTURING = np.array([False, True, False, False, True, False, True, False])
"""Industry classes whose entrants feel the price of land (environment, fashion, equipment)."""


class Streams(NamedTuple):
    """Keys of the draws of one kind of chooser in one quarter."""

    knows: np.uint64
    """Which towns it hears of."""
    tastes: np.uint64
    """Its taste for each town, keyed with the town."""
    nest: np.uint64
    """Towns or elsewhere."""
    industry: np.uint64
    home: np.uint64


def prospect_streams(p: Province, hears: int) -> Streams:
    """Streams of a prospective firm or investor; only what it hears of is drawn anew for each quarter and kind."""
    s = p.draws.stream
    return Streams(
        s(PROSPECT_KNOWS, hears), s(PROSPECT_TOWN), s(PROSPECT_NEST),
        s(PROSPECT_TYPE), s(PROSPECT_HOME),
    )  # fmt: skip


def utilities(p: Province) -> NDArray[np.float64]:
    """Systematic utility of each town, without distance, shape (industries, 2 classes, T)."""
    b, s, towns = p.behaviour, p.towns, p.places.towns
    same = s.same.T.astype(np.float64)
    price = log(p.places.counties.land_price[towns.county] / 15.0)
    land = np.where(MANUFACTURING[:, None], b["choice.land_cost_manufacturing"], b["choice.land_cost_service"]) * price
    points = 25.0 - p.offer.tax_points
    tax = b["choice.tax"] * points * (1.0 - b["choice.tax_agglomeration"] * same / (same + 100.0))
    common = (
        b["choice.infrastructure"] * s.infra
        + b["choice.talent"] * log(1.0 + s.talents)
        + b["choice.approval_delay"] * p.offer.delay
        + b["choice.reputation"] * s.reputation
        + b["choice.capability"] * towns.capability
        + b["choice.effort"] * s.effort
        + 0.2 * towns.potential
        + p.offer.grade
        - crowding(p)
    )
    near = b["choice.same_industry"] * log(1.0 + same)
    small = near + tax + land + common - b["choice.approval_delay"] * p.offer.registration
    project = 0.5 * near + tax + land + common + b["choice.congestion"] * log(1.0 + under_way(p) / 200_000.0)
    return np.stack([small, project], axis=1)


def under_way(p: Province) -> NDArray[np.float64]:
    """Budgets of the projects that each town is dealing with, 万元, shape (T,)."""
    out = np.zeros(p.towns.size)
    _under_way(p.projects.columns, p.projects.n, out)
    return out


@kernel
def _under_way(c: ProjectColumns, n: int, out: NDArray[np.float64]) -> None:
    for i in range(n):
        out[c.town[i]] += c.budget[i] * (1.0 - c.progress[i])


def staff_limit(p: Province) -> NDArray[np.float64]:
    """Jobs at which growth stops, by town: the usual limit, villagers whom the linkage brings, and 30 % of the people
    of an administrative small town (assumption).
    """
    return p.behaviour["growth.saturation_jobs"] + p.rural.labour + 0.3 * p.places.towns.residents


def crowding(p: Province) -> NDArray[np.float64]:
    """Utility lost as the buildable square kilometre fills up (ZJ-SPACE-1) and jobs saturate, shape (T,)."""
    used = (p.towns.built + p.towns.supplied) / p.places.towns.buildable
    full = np.maximum(0.0, used - 0.7)
    packed = np.maximum(0.0, p.towns.jobs / staff_limit(p) - 0.5)
    return 2.0 * full + 1.5 * packed


def awareness(p: Province) -> NDArray[np.float64]:
    """How well each town is known in each home region to each industry, shape (industries, homes, T)."""
    towns = p.places.towns
    near = 1.0 / (1.0 + p.places.home_distance * p.offer.search / 60.0)
    fame = 0.3 + 0.5 * p.towns.effort + 0.6 * np.maximum(0.0, p.towns.reputation) + 0.3 * p.towns.on_a_list()
    fame = fame + p.towns.fame
    match = np.where(towns.industry[None, :] == np.arange(8)[:, None], 1.0, 0.12)
    known: NDArray[np.float64] = match[:, None, :] * (near * fame)[None, :, :]
    return known


def prepare(p: Province) -> Choice:
    """Tables for the choices of this quarter."""
    scale = p.behaviour["choice.nest"]
    value = exp(utilities(p) / scale)
    reach = exp(p.behaviour["choice.distance"] * (p.places.home_distance * p.offer.way) / scale)
    known, guide = shares(awareness(p))
    outside, project = p.behaviour["choice.outside"], p.behaviour["choice.outside_project"]
    weight = value[:, :, None, :] * reach[None, None, :, :]
    return Choice(weight, known, guide, outside, project, scale)


@kernel
def _shares(known: NDArray[np.float64], guide: NDArray[np.int16]) -> None:
    # Towns with a share of at most k/GUIDE are those whose share, in steps of the guide and rounded up, is k or less.
    steps = np.empty(GUIDE + 1, dtype=np.int64)
    for row in range(known.shape[0]):
        total = 0.0
        for town in range(known.shape[1]):
            total += known[row, town]
            known[row, town] = total
        for town in range(known.shape[1]):
            known[row, town] /= total
        known[row, known.shape[1] - 1] = 1.0
        steps[:] = 0
        for town in range(known.shape[1]):
            steps[min(GUIDE, max(0, math.ceil(known[row, town] * GUIDE)))] += 1
        passed = 0
        for k in range(GUIDE):
            passed += steps[k]
            guide[row, k] = passed


def shares(awareness: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Cumulative shares of awareness, and for each k the first town whose share exceeds k/GUIDE.

    With the guide, a draw needs a step or two.

    Args:
        awareness: How well each town is known, shape (..., T).

    Returns:
        Shares, shape (..., T), the last of each row one, and guide, shape (..., GUIDE).
    """
    known = awareness.reshape(-1, awareness.shape[-1]).copy()
    guide = np.empty((known.shape[0], GUIDE), dtype=np.int16)
    _shares(known, guide)
    return known.reshape(awareness.shape), guide.reshape(*awareness.shape[:-1], GUIDE)


@inline
def locate(cumulative: NDArray[np.float64], u: float) -> int:
    """First index whose cumulative share exceeds u."""
    place = 0
    for k in range(cumulative.size - 1):
        place += 1 if cumulative[k] <= u else 0
    return place


@inline
def elsewhere(total: float, scale: float, outside: float, u: float) -> bool:
    """Whether the outside option wins: u ≥ I/(I + exp(V0)) with I = total^λ, ``total`` the sum of exp(V/λ).

    The same inequality in logarithms is settled by quick ones wherever its sides differ by more than their error.

    Args:
        total: Sum of exp(V/λ) over the towns heard of.
        scale: λ.
        outside: V0.
        u: Uniform of the prospect.
    """
    gap = scale * log_quick(total) - outside - log_quick(u / (1.0 - u))
    if u < 0.999999 and abs(gap) > 1e-5:
        return gap < 0.0
    inside = exp_(scale * log_(total))
    return u >= inside / (inside + exp_(outside))


@inline
def hear(
    key: np.uint64,
    i: np.uint8,
    h: np.uint16,
    c: int,
    knows: np.uint64,
    choice: Choice,
    notes: Notes,
    row: int,
    kinds: NDArray[np.int64],
    total: NDArray[np.float64],
) -> None:
    """Note the different towns that one prospect hears of, with exp(V/λ), their number and the sum of those."""
    hears = pair_stream(knows, key)
    luck = notes.luck
    for k in range(luck.size):
        luck[k] = uniform_partner(hears, np.uint64(k))
    rates, count = 0.0, 0
    for k in range(luck.size):
        u = luck[k]
        town = np.uint64(choice.guide[i, h, np.uint64(np.int64(u * GUIDE))])
        # One step without a branch, for it is needed every other time; further ones are rare.
        town += np.uint64(choice.known[i, h, town] <= u)
        while choice.known[i, h, town] <= u:
            town += np.uint64(1)
        rate, new = choice.weight[i, c, h, town], notes.marks[town] != hears
        notes.marks[town] = hears
        notes.seen[row, count] = town
        notes.rate[row, count] = rate
        count += int(new)
        rates += rate if new else 0.0
    kinds[row], total[row] = count, rates


@inline
def favourite(key: np.uint64, tastes: np.uint64, notes: Notes, row: int, kinds: int) -> int:
    """The town whose clock rings first among those noted in a row."""
    likes, best, least = pair_stream(tastes, key), 0, 1e300
    seen, rate, luck, bounds = notes.seen[row], notes.rate[row], notes.luck, notes.bound
    for j in range(kinds):
        u = uniform_partner(likes, np.uint64(seen[j]))
        luck[j] = u
        bounds[j] = 0.999999 * (1.0 - u) / rate[j]
    for j in range(kinds):
        best = j if bounds[j] < least else best
        least = min(least, bounds[j])
    first, time = best, -log_quick(luck[best] + 1e-18) / rate[best]
    for j in range(kinds):
        if (bounds[j] < time) & (j != first):
            other = -log_quick(luck[j] + 1e-18) / rate[j]
            if other < time or (other == time and j < best):
                best, time = j, other
    return int(seen[best])


@kernel
def choose(
    key: NDArray[np.uint64],
    industry: NDArray[np.int8],
    home: NDArray[np.int16],
    c: int,
    streams: Streams,
    choice: Choice,
    notes: Notes,
    out: NDArray[np.int32],
) -> None:
    """The town that each prospect takes, or -1 for anywhere else; all in one, for calls with arrays are dear.

    The first of exponential clocks with rates exp(V/λ) is a logit choice. A clock −ln(u)/rate cannot ring before
    (1 − u)/rate, so the one that may ring first is read first, and of the others only those that may ring before it.

    Args:
        key: Birth identities of the prospects.
        industry: Their industries.
        home: Their home regions.
        c: Their class, 0 small firms or 1 investment projects.
        streams: Keys of their draws.
        choice: Tables of the quarter.
        notes: Scratch.
        out: Receives the towns.
    """
    outside = choice.outside if c == 0 else choice.outside_project
    total, fate, gap = np.empty(BATCH), np.empty(BATCH), np.empty(BATCH)
    kinds, stay = np.empty(BATCH, dtype=np.int64), np.empty(BATCH, dtype=np.int64)
    for lo in range(0, key.size, BATCH):
        hi = min(key.size, lo + BATCH)
        for n in range(lo, hi):
            hear(
                key[n], np.uint8(industry[n]), np.uint16(home[n]), c, streams.knows, choice, notes, n - lo, kinds, total
            )
        for j in range(hi - lo):
            u = uniform(streams.nest, key[lo + j])
            fate[j] = u
            gap[j] = choice.scale * log_quick(total[j]) - outside - log_quick(u / (1.0 - u))
        count = 0
        for j in range(hi - lo):
            goes = gap[j] < 0.0
            if (fate[j] >= 0.999999) | (abs(gap[j]) <= 1e-5):
                goes = elsewhere(total[j], choice.scale, outside, fate[j])
            out[lo + j] = -1
            stay[count] = j
            count += int(not goes)
        for k in stay[:count]:
            out[lo + k] = favourite(key[lo + k], streams.tastes, notes, k, kinds[k])


@kernel
def industry_counts(
    town: NDArray[np.int32],
    industry: NDArray[np.int8],
    state: NDArray[np.int8],
    employees: NDArray[np.int32],
    n: int,
    same: NDArray[np.int64],
    firms: NDArray[np.int64],
    jobs: NDArray[np.int64],
) -> None:
    """Firms by industry, firms and jobs of each town."""
    same[:] = 0
    jobs[:] = 0
    for i in range(n):
        # Products, not choices: the compiler would make branches of them that are taken at random.
        t = np.uint32(town[i])
        same[t, np.uint8(industry[i])] += np.int64(state[i] != GONE)
        jobs[t] += np.int64(employees[i]) * np.int64(state[i] == OPERATING)
    for row in range(firms.size):
        firms[row] = same[row].sum()
