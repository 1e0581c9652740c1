"""All scenario files of a folder, checked, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import scenarios
from sim.parameters.compose import Resolved, resolve
from sim.parameters.errors import InputError, InputErrors, check_known
from sim.parameters.loader import Loader
from sim.parameters.quarter import Quarter
from sim.parameters.readings import Variant, standing
from sim.parameters.records import Regime, Registry

CHECKED_QUARTERS = 80
"""How long each regime is laid out after it takes effect, to check bounds that name other levers."""


@dataclass(frozen=True)
class Library(Registry):
    """All records of the scenarios folder `root`, by id."""

    root: Path

    def resolve(
        self,
        regime: str,
        *,
        world: str = "zhejiang",
        start: str | Quarter | None = None,
        quarters: int = 40,
        effective: str | Quarter | None = None,
        levers: Mapping[str, object] | None = None,
        behaviour: Mapping[str, float] | None = None,
        fill: str | Iterable[str] = (),
    ) -> Resolved:
        """Give every lever its value in every quarter of a run; see `sim.parameters.compose.resolve`.

        Raises:
            InputErrors: all that is wrong with names, values and bounds.
        """
        return resolve(
            self,
            regime,
            world=world,
            start=start,
            quarters=quarters,
            effective=effective,
            levers=levers,
            behaviour=behaviour,
            fill=fill,
        )

    def reading_variants(self, reading: str, regime: str) -> tuple[Variant, ...]:
        """The meanings of an ambiguity that a regime does not take, as lever values; none where it cannot matter there.

        Args:
            reading: id, for example "D-06".
            regime: id of the regime.

        Raises:
            UnknownName: where reading or regime does not exist.
        """
        for name, known, kind in ((reading, self.readings, "reading"), (regime, self.regimes, "regime")):
            check_known(name, known, kind)
        found = standing(self, reading, regime)
        return () if found is None else found.variants

    def resolve_study(
        self, study: str, *, levers: Mapping[str, object] | None = None, behaviour: Mapping[str, float] | None = None
    ) -> dict[str, Resolved]:
        """Resolve every scenario of a study; `levers` and `behaviour` go before the study's own.

        Raises:
            InputErrors: where the study is unknown or a value is not allowed.
        """
        check_known(study, self.studies, "study")
        return {
            one.id: resolve(
                self,
                one.regime,
                world=one.world,
                start=one.start,
                quarters=one.quarters,
                effective=one.effective,
                levers=levers,
                behaviour=behaviour,
                study_set=one.set,
                study_behaviour=one.behaviour,
                fill=one.fill,
            )
            for one in self.studies[study].scenarios
        }


def load_library(root: Path | str | None = None) -> Library:
    """Read and check a scenarios folder (the one of this package by default).

    Raises:
        InputErrors: all problems of all files, in the order of files and lines.
    """
    folder = Path(root) if root is not None else scenarios.ROOT
    loader = Loader(folder)
    records = loader.load()
    problems = loader.problems
    library = Library(**records, root=folder)
    if not problems:
        problems = list(_check_regimes(library, loader))
    if problems:
        raise InputErrors(sorted(problems, key=lambda problem: (problem.file, problem.line or 0)))
    return library


def _check_regimes(library: Library, loader: Loader) -> Iterable[InputError]:
    """Resolve every regime once, so that bounds by other levers are known to hold."""
    told = set()
    for world in list(library.worlds)[:1]:
        for regime in library.regimes.values():
            try:
                library.resolve(regime.id, world=world, start=regime.effective, quarters=CHECKED_QUARTERS)
            except InputError as problem:
                for one in getattr(problem, "problems", (problem,)):
                    placed = _placed(one, regime, library, loader)
                    if (placed.file, placed.line, placed.key) not in told:
                        yield placed
                    told.add((placed.file, placed.line, placed.key))


def _placed(problem: InputError, regime: Regime, library: Library, loader: Loader) -> InputError:
    """Give a problem of a resolved regime its line: that of the setting, or the regime's head."""
    problem.file = problem.file or regime.place.file
    names = (problem.key, problem.details.get("other"))
    places = [
        setting.place
        for one in library.regimes.values()
        for setting in one.values
        if setting.lever in names and setting.place.file == problem.file
    ]
    problem.line = loader.line(problem.file, places[-1].path if places else ("regime",))
    return problem
