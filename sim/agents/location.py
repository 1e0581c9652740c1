"""Where firms, projects and talents go: nested logit over the towns that each of them knows of.

A prospect of industry *i*, class *c* (small firm or investment project) and home region *h* knows a few towns, drawn
with replacement in proportion to how well known they are there. Among those it compares

    V = same·ln(1+n_i) + infra·I + talent·ln(1+talents) + tax·points·(1 − a·n_i/(n_i+100)) + land·ln(price)
        + delay·quarters + reputation·R + capability·K + effort·e + potential + grade + distance·km − crowding

    (projects weigh same-industry firms half as much, and ``choice.congestion``·ln(1 + investment under way/20 亿元) is
    added)

and takes the best with Gumbel tastes of scale λ (the nest's dissimilarity); the nest of known towns competes with an
outside option V0 (anywhere else). Tastes are keyed by (prospect, town), so a policy that changes one town moves only
the prospects who know it. Coefficients: ``choice.*`` (F53f, F53g, F57 and the priors of the behaviour file).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import inline, kernel
from sim.draws import Decision, pair_stream, uniform, uniform_partner
from sim.numeric import exp, exp_, log, log_, log_quick

if TYPE_CHECKING:
    from sim.province import Province

MANUFACTURING = np.array([False, True, False, False, True, False, True, False])
"""Industry classes whose entrants feel the price of land (environment, fashion, equipment)."""


GUIDE = 256


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
        s(Decision.PROSPECT_KNOWS, hears), s(Decision.PROSPECT_TOWN), s(Decision.PROSPECT_NEST),
        s(Decision.PROSPECT_TYPE), s(Decision.PROSPECT_HOME),
    )  # fmt: skip


class Notes(NamedTuple):
    """Scratch of a chooser."""

    seen: NDArray[np.int64]
    """Towns it has heard of; the length is how often it hears of one (``choice.known``)."""
    marks: NDArray[np.uint64]
    """Who heard of each town last, shape (T,): tells repeats at once."""


class Choice(NamedTuple):
    """Tables of one quarter's location choice."""

    weight: NDArray[np.float64]
    """exp(V / λ), shape (industries, classes, homes, towns)."""
    known: NDArray[np.float64]
    """Cumulative share of awareness, shape (industries, homes, towns)."""
    guide: NDArray[np.int16]
    """Starting points in ``known``, shape (industries, homes, GUIDE)."""
    outside: float
    """exp(V0) for small firms."""
    outside_project: float
    """exp(V0) for investment projects."""
    scale: float
    """Dissimilarity of the nest of towns."""


def utilities(p: Province) -> NDArray[np.float64]:
    """Systematic utility of each town, without distance, shape (industries, 2 classes, T)."""
    b, s, towns = p.b, p.towns, p.geography.towns
    same = s.same.T.astype(np.float64)
    price = log(p.geography.counties.land_price[towns.county] / 15.0)
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
    small = near + tax + land + common
    project = 0.5 * near + tax + land + common + b["choice.congestion"] * log(1.0 + under_way(p) / 200_000.0)
    return np.stack([small, project], axis=1)


def under_way(p: Province) -> NDArray[np.float64]:
    """Budgets of the projects that each town is dealing with, 万元, shape (T,)."""
    c = p.projects
    left = c.live("budget") * (1.0 - c.live("progress"))
    return np.bincount(c.live("town"), weights=left, minlength=p.towns.size)


def crowding(p: Province) -> NDArray[np.float64]:
    """Utility lost as the buildable square kilometre fills up (ZJ-SPACE-1) and jobs saturate, shape (T,)."""
    used = (p.towns.built + p.towns.supplied) / p.geography.towns.buildable
    full = np.maximum(0.0, used - 0.7)
    packed = np.maximum(0.0, p.towns.jobs / p.b["growth.saturation_jobs"] - 0.5)
    return 2.0 * full + 1.5 * packed


def awareness(p: Province) -> NDArray[np.float64]:
    """How well each town is known in each home region to each industry, shape (industries, homes, T)."""
    towns = p.geography.towns
    near = 1.0 / (1.0 + p.geography.home_distance * p.offer.search / 60.0)
    fame = 0.3 + 0.5 * p.towns.effort + 0.6 * np.maximum(0.0, p.towns.reputation) + 0.3 * p.towns.on_a_list()
    fame = fame + p.towns.fame
    match = np.where(towns.industry[None, :] == np.arange(8)[:, None], 1.0, 0.12)
    return match[:, None, :] * (near * fame)[None, :, :]


def prepare(p: Province) -> Choice:
    """Tables for the choices of this quarter."""
    scale = p.b["choice.nest"]
    value = exp(utilities(p) / scale)
    reach = exp(p.b["choice.distance"] * p.geography.home_distance / scale)
    known = np.cumsum(awareness(p), axis=2)
    known /= known[:, :, -1:]
    known[:, :, -1] = 1.0
    return Choice(
        value[:, :, None, :] * reach[None, None, :, :],
        known,
        guides(known),
        float(exp_(p.b["choice.outside"])),
        float(exp_(p.b["choice.outside_project"])),
        scale,
    )


@kernel
def _guide(known: NDArray[np.float64], out: NDArray[np.int16]) -> None:
    for row in range(known.shape[0]):
        town = 0
        for k in range(GUIDE):
            while known[row, town] <= k / GUIDE:
                town += 1
            out[row, k] = town


def guides(known: NDArray[np.float64]) -> NDArray[np.int16]:
    """For each k the first town whose cumulative awareness exceeds k/GUIDE: a draw then needs a step or two.

    Args:
        known: Cumulative shares, shape (..., T), the last of each row one.

    Returns:
        Shape (..., GUIDE).
    """
    flat = np.ascontiguousarray(known).reshape(-1, known.shape[-1])
    out = np.empty((flat.shape[0], GUIDE), dtype=np.int16)
    _guide(flat, out)
    return out.reshape(*known.shape[:-1], GUIDE)


@inline
def locate(cumulative: NDArray[np.float64], u: float) -> int:
    """First index whose cumulative share exceeds u."""
    low, high = 0, cumulative.size - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@inline
def choose(
    key: np.uint64,
    streams: Streams,
    choice: Choice,
    i: int,
    c: int,
    h: int,
    notes: Notes,
) -> int:
    """The town that one prospect takes, or -1 for anywhere else.

    Args:
        key: Birth identity of the prospect.
        streams: Keys of its draws.
        choice: Tables of the quarter.
        i: Industry.
        c: Class, 0 small firm or 1 investment project.
        h: Home region.
        notes: Scratch.
    """
    total, kinds = 0.0, 0
    hears = pair_stream(streams.knows, key)
    for k in range(notes.seen.size):
        u = uniform_partner(hears, np.uint64(k))
        town = np.int64(choice.guide[i, h, int(u * GUIDE)])
        while choice.known[i, h, town] <= u:
            town += 1
        if notes.marks[town] != hears:
            notes.marks[town] = hears
            notes.seen[kinds] = town
            kinds += 1
            total += choice.weight[i, c, h, town]
    inside = exp_(choice.scale * log_(total))
    outside = choice.outside if c == 0 else choice.outside_project
    if uniform(streams.nest, key) >= inside / (inside + outside):
        return -1
    best, best_time = -1, 1e300
    likes = pair_stream(streams.tastes, key)
    for j in range(kinds):
        # The first of exponential clocks with rates w is a logit choice, and needs one logarithm a town.
        town = notes.seen[j]
        taste = -log_quick(uniform_partner(likes, np.uint64(town)) + 1e-18)
        time = taste / choice.weight[i, c, h, town]
        if time < best_time:
            best, best_time = town, time
    return best


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
    firms[:] = 0
    jobs[:] = 0
    for i in range(n):
        if state[i] > 0:
            t = town[i]
            same[t, industry[i]] += 1
            firms[t] += 1
            if state[i] == 2:
                jobs[t] += employees[i]
