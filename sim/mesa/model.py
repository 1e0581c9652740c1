"""The model as a ``mesa.Model``: agents by type, populations, one agent at a time, a data collector.

Mesa's own ``agents``, ``agents_by_type`` and ``agent_types`` work as in any Mesa model; the agents are made the first
time one of them is asked for. Everything shown is read-only: decisions are taken in :mod:`sim.schedule`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any
from typing import cast as typed

import mesa
import networkx as nx

from sim.mesa.collector import quarterly_collector
from sim.mesa.network import town_network, village_network
from sim.mesa.populations import Population
from sim.mesa.rows import Enterprise, Project, Talent, Village
from sim.mesa.views import Cast, assemble
from sim.model import ROOT, Simulation
from sim.parameters import Resolved

if TYPE_CHECKING:
    from mesa.agent import AgentSet


class Province(Simulation, mesa.Model):  # type: ignore[misc]
    """One province under one scenario, as a Mesa model.

    Args:
        policy_scenario: The resolved scenario (Mesa's own ``scenario`` is something else).
        replicate: Replicate number; equal numbers share all luck across scenarios.
        root: Root seed of the study.
        counties: A county table of the user's own, in place of the drawn counties.
        scale: Size of the world, for benchmarks.
        skip: Names of steps to leave out, for ablation; an unknown name raises ValueError.
        extra_firms: For tests of independence: (town, how many) firms added to the start.
        collect: Let a ``mesa.DataCollector`` collect every quarter (:mod:`sim.mesa.collector`).

    Attributes:
        datacollector: A ``mesa.DataCollector``; None until :meth:`collect` is called or one is assigned.
    """

    datacollector: mesa.DataCollector | None = None
    _cast: Cast | None = None

    def __init__(
        self,
        policy_scenario: Resolved,
        replicate: int = 0,
        root: int = ROOT,
        *,
        counties: str | None = None,
        scale: int = 1,
        skip: Collection[str] = (),
        extra_firms: tuple[int, int] | None = None,
        collect: bool = False,
    ) -> None:
        mesa.Model.__init__(self, rng=0)
        self.collects = collect
        Simulation.__init__(
            self, policy_scenario, replicate, root, counties=counties, scale=scale, skip=skip, extra_firms=extra_firms
        )

    def step(self) -> None:
        """Run one quarter, and collect it where that was asked for."""
        before = self.t
        Simulation.step(self)
        if self.collects and self.t > before:
            self.collect()

    # --- Mesa agents: governments, financiers, towns -----------------------------------------------------------------

    @property
    def cast(self) -> Cast:
        """The Mesa agents in the order of their columns: ``province.cast.towns[3]``."""
        if self._cast is None:
            self._cast = assemble(self)
        return self._cast

    @property
    def agents(self) -> AgentSet:
        """All Mesa agents: the province, prefectures, counties, financiers and towns."""
        self.cast  # noqa: B018
        return super().agents

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """One ``AgentSet`` for each type of Mesa agent."""
        self.cast  # noqa: B018
        return typed("dict[type, AgentSet]", super().agents_by_type)

    @property
    def agent_types(self) -> list[type]:
        """Types of Mesa agents."""
        return list(self.agents_by_type)

    # --- populations: enterprises, projects, talents, villages -------------------------------------------------------

    def population(self, name: str) -> Population:
        """Everybody of a population.

        Args:
            name: "enterprises", "projects", "talents" or "villages".

        Raises:
            KeyError: No such population.
        """
        return Population(self, name)

    def enterprises(self) -> Iterator[Enterprise]:
        """All enterprises, oldest first."""
        return typed("Iterator[Enterprise]", iter(self.population("enterprises")))

    def enterprise(self, i: int) -> Enterprise:
        """The enterprise in row ``i`` at the moment.

        Raises:
            IndexError: There are not so many.
        """
        return typed("Enterprise", self.population("enterprises")[i])

    def project(self, i: int) -> Project:
        """The project in row ``i`` at the moment; raises IndexError when there are not so many."""
        return typed("Project", self.population("projects")[i])

    def talent(self, i: int) -> Talent:
        """The talent in row ``i`` at the moment; raises IndexError when there are not so many."""
        return typed("Talent", self.population("talents")[i])

    def village(self, i: int) -> Village:
        """The village in row ``i``; raises IndexError when there are not so many."""
        return typed("Village", self.population("villages")[i])

    def find_enterprise(self, key: int) -> Enterprise | None:
        """The enterprise with a birth identity, or None when there is none any more."""
        return typed("Enterprise | None", self.population("enterprises").find(key))

    def find_project(self, key: int) -> Project | None:
        """The project with a birth identity, or None when there is none any more."""
        return typed("Project | None", self.population("projects").find(key))

    def find_talent(self, key: int) -> Talent | None:
        """The talent with a birth identity, or None when there is none any more."""
        return typed("Talent | None", self.population("talents").find(key))

    def find_village(self, key: int) -> Village | None:
        """The village with a birth identity, or None."""
        return typed("Village | None", self.population("villages").find(key))

    # --- networks ----------------------------------------------------------------------------------------------------

    def town_network(self) -> nx.Graph:
        """Towns on a list and the links between them; :func:`sim.mesa.network.standing` tells where each stands."""
        return town_network(self)

    def village_network(self) -> nx.Graph:
        """Towns and the villages that they lead (1+N)."""
        return village_network(self)

    # --- collecting --------------------------------------------------------------------------------------------------

    def collect(self) -> mesa.DataCollector:
        """Collect the present quarter; with the usual reporters of :mod:`sim.mesa.collector` unless one was assigned.

        Returns:
            The data collector.
        """
        if self.datacollector is None:
            self.datacollector = quarterly_collector()
        self.datacollector.collect(typed("Any", self))
        return self.datacollector
