"""A run that can be stepped: builds the province of a scenario and runs its quarters by :data:`sim.schedule.STEPS`.

:class:`Simulation` knows nothing of Mesa, whose import takes longer than a run; the Mesa model of
:mod:`sim.mesa.model` is made of it for those who want to look.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sim.agents import enterprise, village
from sim.agents.start import place_firms, place_projects, place_talents
from sim.engine.draws import Draws
from sim.engine.table import Table
from sim.instruments import Policy
from sim.parameters import Resolved
from sim.schedule import STEPS
from sim.state import government
from sim.state.books import Books
from sim.state.clock import Clock
from sim.state.countryside import Countryside
from sim.state.diary import Diary
from sim.state.economy import Economy
from sim.state.offer import Offer
from sim.state.places import Places
from sim.state.populations import FirmColumns, ProjectColumns, TalentColumns
from sim.state.province import Province
from sim.state.scratch import Scratch
from sim.state.town import CountyState, TownState
from sim.world.build import build_geography, draw_population, load_world
from sim.world.types import Population

ROOT = 20150422
"""Default root seed: the day of Zhejiang's opinion."""


class Simulation(Province):
    """One province under one scenario, from its start to its last quarter.

    Args:
        scenario: The resolved scenario.
        replicate: Replicate number; equal numbers share all luck across scenarios.
        root: Root seed of the study.
        counties: A county table of the user's own, in place of the drawn counties.
        scale: Size of the world, for benchmarks.
        skip: Names of steps to leave out, for ablation; an unknown name raises ValueError.
        extra_firms: For tests of independence: (town, how many) firms added to the start.
    """

    def __init__(
        self,
        scenario: Resolved,
        replicate: int = 0,
        root: int = ROOT,
        *,
        counties: str | None = None,
        scale: int = 1,
        skip: Collection[str] = (),
        extra_firms: tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        self.skip = _known_steps(skip)
        self.running = True
        self.inputs = scenario
        self.behaviour, self.constants = scenario.behaviour, scenario.constants
        self.draws = Draws(root, replicate)
        self.clock = Clock(scenario.start, scenario.quarters)
        facts = load_world(scenario.world)
        geography = build_geography(facts, Path(counties) if counties else None, scale)
        self.places = Places(geography, facts, self.behaviour, self.constants)
        self.sizes = self.places.sizes() | {"quarter": scenario.quarters, "year": self.clock.years}
        self._hold()
        self._populate(draw_population(geography, facts, self.draws), extra_firms)
        self.policy = Policy(scenario, self.sizes)
        enterprise.recount(self)
        self.towns.jobs_start = self.towns.jobs.copy()

    def _hold(self) -> None:
        """Owners at their start values."""
        geography, sizes = self.places.geography, self.sizes
        self.books = Books(geography, sizes)
        self.towns, self.counties = TownState(geography, sizes), CountyState(sizes)
        self.villages = village.start(self)
        self.rural = Countryside(geography.villages.distance, sizes)
        self.offer = Offer(government.account(self, "county"), sizes)
        self.economy, self.diary = Economy(sizes), Diary(sizes)
        self.scratch = Scratch(sizes, max(1, int(self.behaviour["choice.known"])))

    def _populate(self, population: Population, extra: tuple[int, int] | None) -> None:
        """Firms, talents and projects under way at the start."""
        self.firms = Table(FirmColumns, int(1.6 * population.firm_key.size) + 1000)
        self.projects = Table(ProjectColumns, 64 * self.towns.size)
        self.talents = Table(TalentColumns, 3 * population.talent_key.size + 1000)
        self.pool = Table(TalentColumns, 64)
        place_firms(self, population, extra)
        place_talents(self, population)
        place_projects(self)

    def start_of_quarter(self, t: int) -> None:
        """Set the clock and open the books."""
        self.clock.set(t)
        self.books.open_quarter(t, str(self.clock.quarter))

    def step(self) -> None:
        """Run one quarter: the steps of :data:`sim.schedule.STEPS`, in order; nothing after the last."""
        if self.t + 1 >= self.clock.quarters:
            self.running = False
            return
        self.start_of_quarter(self.t + 1)
        for step in STEPS:
            if step.name not in self.skip:
                self.money.step = self.land.step = step.name
                step.run(self)
        self.running = self.t + 1 < self.clock.quarters


def _known_steps(names: Collection[str]) -> frozenset[str]:
    known = {step.name for step in STEPS}
    unknown = sorted(set(names) - known)
    if unknown:
        raise ValueError(f"no step of the quarter is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return frozenset(names)
