"""The call: who may apply, how applications are reviewed, and how many are listed (ZJ-PROC-1, -2, TZ-ELIG-2,
PX-PROC-2).

A window is open in the quarters in which ``creation_places`` or ``cultivation_places`` is above zero. Sites whose
county decides to apply (:func:`sim.agents.county.applies`) are scored::

    score = capability + 0.3·potential + 0.2·ln(pipeline/median) − penalty·manufacturing + advantage·key town
            + review noise

The noise has s.d. ``review.noise``, times ``review.defence_ratio`` under competitive defence. Listing goes down the
ranking subject to one town per sub-industry (D-28) and the cap per county; the next best enter the cultivation list. A
sub-industry is held by whoever is on a list, creation or cultivation (TZ-ELIG-2: 培育创建): it is free again when its
town has left both.

A nomination ladder (PY-LIST-1, NAT-PROC-1, M-19) comes first where there is one: each county puts forward its best
``nominations``, and each prefecture passes on ``passed_up`` of them, comparing also how distinct their industry is::

    at a prefecture: score + DISTINCT/(1 + nominees and listed towns of the same sub-industry)

A list may also be fixed from above after a survey (GS-PROC-1): then every eligible site stands, whether or not its
county would have applied. Applicants may be looked back upon for misses, and for incidents (NAT-VETO-1, D-53).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.agents.county import CALL_APPLY
from sim.agents.location import MANUFACTURING
from sim.engine.draws import decision
from sim.engine.numeric import log
from sim.instruments._incidents import incidents_since
from sim.instruments.base import Bools, Floats, Instrument, LeverSet
from sim.state.province import Province
from sim.state.town import Status

CALL_REVIEW = decision("call.review")
CALL_NOMINATE = decision("call.nominate")


List = Literal["creation_places", "cultivation_places"]
DISTINCT = 0.6
"""Worth of being the only town of its sub-industry in a prefecture's comparison, in review scores (an assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    creation_places: int
    cultivation_places: int
    mode: Literal["voluntary", "competitive", "top_down"]
    per_segment: int
    segment_rule: Literal["best", "first"]
    segment_depth: Literal["listed", "class", "fine"]
    per_county_cap: int
    manufacturing_penalty: float
    first_shift: int
    eligible: Floats
    town_types: Literal["any", "platform", "small_town"]
    small_town_share: float
    lookback: bool
    nominations: int
    passed_up: int
    lookback_years: int
    key_towns: float


class Cells:
    """Which sub-industries are held by towns on a list, and whether another town fits in.

    Args:
        of: Sub-industry by site.
        on: Sites on a list.
        most: Towns for one sub-industry; 0 sets no limit.
    """

    def __init__(self, of: NDArray[np.int64], on: NDArray[np.bool_], most: int) -> None:
        self.of, self.on, self.most = of, on, most
        self._held = np.bincount(of[on], minlength=256)

    def fits(self, i: int) -> bool:
        """Whether a site may take, or keep, its sub-industry."""
        return self.most == 0 or int(self._held[self.of[i]]) - int(self.on[i]) < self.most

    def take(self, i: int) -> None:
        """A site enters a list; one that is on the other list holds its sub-industry already."""
        self._held[self.of[i]] += not self.on[i]


class Call(Instrument[Levers]):
    """Application windows, review and selection."""

    order = 20

    def open(self, p: Province) -> bool:
        """Whether a window is open this quarter."""
        return self.places("creation_places", p.t) > 0 or self.places("cultivation_places", p.t) > 0

    def places(self, name: List, t: int) -> int:
        """Places of a list in a quarter; the first batch may come later than stated (reading D-39)."""
        shift = self.now(t).first_shift
        if shift == 0:
            return self._stated(name, t)
        first = next((q for q in range(len(self.values[name])) if self._stated(name, q)), t + 1)
        if t == first:
            return 0
        return self._stated(name, t) + (self._stated(name, first) if t == first + shift else 0)

    def _stated(self, name: List, t: int) -> int:
        now = self.now(t)
        return now.creation_places if name == "creation_places" else now.cultivation_places

    def places_so_far(self, t: int) -> int:
        """Places on the creation list in all batches up to now."""
        return sum(self._stated("creation_places", q) for q in range(t + 1))

    def cells(self, p: Province) -> NDArray[np.int64]:
        """Sub-industry by site at the depth at which they are told apart (reading D-28): class, cell, quarter-cell."""
        towns, depth = p.places.towns, self.now(p.t).segment_depth
        if depth == "class":
            return towns.industry
        if depth == "fine":
            return towns.segment * 4 + (towns.key % np.uint64(4)).astype(np.int64)
        return towns.segment

    def occupied(self, p: Province) -> Cells:
        """Who holds which sub-industry this quarter, on either list."""
        return Cells(self.cells(p), p.towns.on_a_list(), self.now(p.t).per_segment)

    def eligible(self, p: Province) -> NDArray[np.bool_]:
        """Sites that may apply: right industry and type (D-52), not barred, not already on the creation list."""
        now = self.now(p.t)
        s = p.towns
        industry = now.eligible[p.places.towns.industry] > 0.0
        free: Bools = (s.status != Status.CREATION) & (s.status != Status.NAMED) & (s.barred_until <= p.t)
        if now.lookback:
            free &= ~(s.miss_record.any(axis=1) | np.isin(s.status, (Status.EXITED, Status.VETOED)))
            free &= ~incidents_since(p, now.lookback_years)
        types = now.town_types
        if types != "any":
            free &= p.places.towns.administrative == (types == "small_town")
        return industry & free

    def assigned(self, p: Province) -> bool:
        """Whether the list is fixed from above, without applications."""
        return self.now(p.t).mode == "top_down"

    def scores(self, p: Province) -> Floats:
        """Review score of every site."""
        now = self.now(p.t)
        towns = p.places.towns
        noise = p.behaviour["review.noise"] * (
            p.behaviour["review.defence_ratio"] if now.mode == "competitive" else 1.0
        )
        merit: Floats = self.merit(p) + 0.3 * (p.towns.status == Status.CULTIVATION)
        if now.key_towns:
            merit = merit + now.key_towns * self.key_towns(p)
        return merit + noise * p.draws.normals(CALL_REVIEW, towns.key, p.t)

    def merit(self, p: Province) -> Floats:
        """What a review finds of every site, without error and whatever list it is on."""
        towns, pipeline = p.places.towns, p.towns.forecast_base + 1.0
        merit: Floats = towns.capability + 0.3 * towns.potential + 0.2 * log(pipeline / float(np.median(pipeline)))
        return np.asarray(merit - self.now(p.t).manufacturing_penalty * MANUFACTURING[towns.industry])

    def key_towns(self, p: Province) -> Bools:
        """National key towns (NAT-ELIG-1): the most populous of each county's sites of the type that may apply."""
        towns, types = p.places.towns, self.now(p.t).town_types
        kind = (
            np.ones(towns.key.size, dtype=bool) if types == "any" else towns.administrative == (types == "small_town")
        )
        return _best(kind, towns.population.astype(np.float64), towns.county, towns.key, 1)

    def select(self, p: Province, applied: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Choose among applicants.

        Returns:
            Sites that enter the creation list and sites that enter the cultivation list, best first.
        """
        applied = self._ladder(p, applied)
        score = np.where(applied, self.scores(p), -np.inf)
        if self.now(p.t).segment_rule == "first":
            score = np.where(applied, p.draws.uniforms(CALL_APPLY, p.places.towns.key, p.t), -np.inf)
        ranking = [int(i) for i in np.lexsort((p.places.towns.key, -score)) if applied[i]]
        cells = self.occupied(p)
        created = self._fill(p, ranking, self.places("creation_places", p.t), cells)
        taken, places = set(created), self.places("cultivation_places", p.t)
        cultivated: list[int] = []
        for i in ranking:
            if (
                len(cultivated) < places
                and i not in taken
                and p.towns.status[i] != Status.CULTIVATION
                and cells.fits(i)
            ):
                cells.take(i)
                cultivated.append(i)
        return np.array(created, dtype=np.int64), np.array(cultivated, dtype=np.int64)

    def _ladder(self, p: Province, applied: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Applicants that come up the ladder: the best of each county, then of each prefecture."""
        now = self.now(p.t)
        each, passed = now.nominations, now.passed_up
        if each == 0:
            return applied
        towns = p.places.towns
        own = self.scores(p) + 0.5 * p.draws.normals(CALL_NOMINATE, towns.key, p.t)
        named = _best(applied, own, towns.county, towns.key, each)
        if passed == 0:
            return named
        cells = self.cells(p)
        rivals = np.bincount(cells[named | p.towns.listed()], minlength=256)[cells]
        return _best(named, own + DISTINCT / (1.0 + rivals), towns.prefecture, towns.key, passed)

    def _fill(self, p: Province, ranking: list[int], places: int, cells: Cells) -> list[int]:
        towns, on, per_county = p.places.towns, p.towns.listed(), self.now(p.t).per_county_cap
        counties = np.bincount(towns.county[on], minlength=p.counties.size)
        chosen: list[int] = []
        room = self._by_type(p, places)
        for i in ranking:
            if len(chosen) >= places:
                break
            county, kind = int(towns.county[i]), int(towns.administrative[i])
            if not room[kind] or not cells.fits(i) or (per_county and counties[county] >= per_county):
                continue
            cells.take(i)
            counties[county] += 1
            room[kind] -= 1
            chosen.append(i)
        return chosen

    def _by_type(self, p: Province, places: int) -> list[int]:
        """Places open to platforms and to administrative small towns (D-48); no split where the share is zero."""
        share = self.now(p.t).small_town_share
        if share == 0.0:
            return [places, places]
        small = round(share * places)
        return [places - small, small]


def _best(
    among: NDArray[np.bool_], score: Floats, group: NDArray[np.int64], key: NDArray[np.uint64], count: int
) -> NDArray[np.bool_]:
    """The ``count`` best of each group, shape (T,)."""
    chosen, taken = np.zeros(among.size, dtype=bool), np.zeros(int(group.max()) + 1, dtype=np.int64)
    for i in np.lexsort((key, -score)):
        if among[i] and taken[group[i]] < count:
            taken[group[i]] += 1
            chosen[i] = True
    return chosen
