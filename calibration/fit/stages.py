"""The fit from end to end: runs from the prior, luck of replicates, a first posterior, runs around it, the posterior.

Each stage is a plan carried out into a store, so a fit that was cut off goes on where it stopped, and whatever the
workers the same spec gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import calibration
from calibration.fit.emulator import Emulator, fit
from calibration.fit.likelihood import FITTED, Luck, Observed, measured, terms
from calibration.fit.runs import carried_out, fit_plan
from calibration.fit.sampler import Sample, sample
from calibration.fit.space import Space, shares_of
from calibration.moments import TASK
from calibration.targets import Target, load_targets
from experiments.plan.behaviour import behaviours, cube
from experiments.plan.luck import permutation
from sim.engine.kernel import source_fingerprint
from sim.parameters import Library

Floats = NDArray[np.float64]
Tell = Callable[[str, int, int], None]
"""Called with (stage, finished runs, all runs)."""

TRUTH_LUCK = 1000
"""First replicate of runs that stand for reality: luck that no run of the fit has seen."""


@dataclass(frozen=True)
class FitSpec:
    """How large a fit is.

    Attributes:
        draws: Draws from the prior, each at replicates 0 and 1.
        luck_draws, luck_replicates: Draws run at many replicates, and how many.
        refine: Draws from the first posterior, each at replicates 0 and 1.
        particles, moves: Of the sampler.
        sample: Joint draws in the posterior's file.
        check: How many of them are run against the figures.
        truths: Draws from the prior that stand for reality when the fit is put to the test.
        seed: Of all analyses; never of the model, whose replicates are the same for every draw.
        task: What runs and measures one spec.
    """

    draws: int = 1200
    luck_draws: int = 8
    luck_replicates: int = 24
    refine: int = 100
    particles: int = 4000
    moves: int = 8
    sample: int = 300
    truths: int = 100
    check: int = 200
    seed: int = 0
    task: str = TASK

    def as_dict(self) -> dict[str, int | str]:
        """As plain data."""
        return asdict(self)


FULL = FitSpec()
QUICK = FitSpec(
    draws=160, luck_draws=4, luck_replicates=12, refine=20, particles=800, moves=6, sample=100, truths=30, check=50
)


@dataclass(frozen=True)
class Bench:
    """What every stage needs.

    Attributes:
        spec: Sizes.
        library: The scenario files.
        targets: The published figures.
        folder: Where runs are kept.
        workers: Worker processes.
        tell: Called with (stage, finished, all).
    """

    spec: FitSpec
    library: Library
    targets: Mapping[str, Target]
    folder: Path
    workers: int | None = None
    tell: Tell | None = None
    space: Space = field(init=False)
    observed: Observed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "space", Space.of(self.library))
        object.__setattr__(self, "observed", Observed.of(self.targets))

    @property
    def ids(self) -> list[str]:
        """Ids of the figures."""
        return list(self.targets)

    def runs(self, stage: str, shares: Floats, replicates: int, own_luck: int | None = None) -> Floats:
        """Figures of some draws.

        Args:
            stage: Name of the stage.
            shares: The draws in the unit cube, shape (n, uncertainties).
            replicates: Replicates 0, 1, ... of each draw.
            own_luck: Instead, replicate ``own_luck + i`` of draw i.

        Returns:
            Shape (n, replicates, figures).
        """
        plan = fit_plan(stage, behaviours(self.library, shares), replicates, self.spec.task)
        if own_luck is not None:
            plan = plan.with_runs(tuple((i, own_luck + i) for i in range(len(shares))))

        def progress(done: int, total: int) -> None:
            if self.tell is not None:
                self.tell(stage, done, total)

        return carried_out(
            plan,
            self.ids,
            self.folder,
            code=model_mark(),
            library=self.library,
            workers=self.workers,
            progress=progress,
        )


@dataclass(frozen=True)
class Fitted:
    """A finished fit.

    Attributes:
        bench: What it was made with.
        shares, figures: Draws that the stand-in was fitted to, and their figures.
        luck: What replicates do.
        emulator: The stand-in.
        sample: Particles over the active uncertainties.
        first: The same after the first stage.
    """

    bench: Bench
    shares: Floats
    figures: Floats
    luck: Luck
    emulator: Emulator
    sample: Sample
    first: Sample


def model_mark() -> str:
    """Hash of everything that a run's figures depend on besides its plan: the model and the measures."""
    here = Path(calibration.__file__).parent
    parts = [
        source_fingerprint().encode(),
        *((here / f"{name}.py").read_bytes() for name in ("history", "moments", "notes")),
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def targets_hash(targets: Mapping[str, Target]) -> str:
    """SHA-256 over what the fit uses of the published figures."""
    rows = [(t.id, t.count, t.value, t.lo, t.hi, t.trust) for t in targets.values()]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def bench(spec: FitSpec, library: Library, folder: Path, workers: int | None = None, tell: Tell | None = None) -> Bench:
    """Everything that the stages need, with the published figures."""
    return Bench(spec, library, load_targets(), folder, workers, tell)


def fitted(b: Bench) -> Fitted:
    """Carry out the fit."""
    spec, width = b.spec, len(b.space.keys)
    shares = cube(spec.draws, width, "fit.prior", spec.seed)
    figures = b.runs("prior", shares, FITTED)
    luck = measured(
        b.runs("luck", cube(spec.luck_draws, width, "fit.luck", spec.seed), spec.luck_replicates),
        list(b.observed.trials),
    )
    emulator = fit(b.space.features(shares), figures, list(b.observed.trials))
    first = posterior(b, emulator, luck, b.observed, use="fit.first")
    if spec.refine:
        more = drawn(b, emulator, first, spec.refine, "fit.refine")
        shares = np.concatenate([shares, more])
        figures = np.concatenate([figures, b.runs("refine", more, FITTED)])
        emulator = fit(b.space.features(shares), figures, list(b.observed.trials))
    final = posterior(b, emulator, luck, b.observed, use="fit.final") if spec.refine else first
    return Fitted(b, shares, figures, luck, emulator, final, first)


def posterior(
    b: Bench,
    emulator: Emulator,
    luck: Luck,
    observed: Observed,
    *,
    use: str,
    without: Sequence[int] = (),
    particles: int | None = None,
    seed: int | None = None,
) -> Sample:
    """The posterior under a stand-in.

    Args:
        b: Sizes and space.
        emulator: The stand-in.
        luck: What replicates do.
        observed: The figures to fit.
        use: Name of the random numbers.
        without: Figures to leave out, by position.
        particles: Instead of the spec's.
        seed: Instead of the spec's.
    """
    kept = np.setdiff1d(np.arange(len(observed.ids)), np.asarray(without, dtype=np.int64))
    active = emulator.active

    def likelihood(z: Floats) -> Floats:
        x = b.space.features(laid(z, active, len(b.space.keys)), active)
        return np.asarray(terms(observed, emulator.linked(x), emulator.errors, luck)[:, kept].sum(axis=1))

    return sample(
        likelihood, len(active), particles or b.spec.particles, b.spec.moves, use, b.spec.seed if seed is None else seed
    )


def laid(z: Floats, active: NDArray[np.int64], width: int, rest: Floats | None = None) -> Floats:
    """Shares of probability of all uncertainties from the normal scores of the active ones; the rest at the middle."""
    shares = np.full((len(z), width), 0.5) if rest is None else rest.copy()
    shares[:, active] = shares_of(z)
    return shares


def drawn(b: Bench, emulator: Emulator, found: Sample, n: int, use: str) -> Floats:
    """Joint draws of all uncertainties from a posterior, in random order, shape (n, uncertainties).

    Uncertainties that move no figure come from the prior.
    """
    order = permutation(f"{use}/order", len(found.z), b.spec.seed)
    picked = found.z[order[np.arange(n) % len(order)]]
    return laid(picked, emulator.active, len(b.space.keys), cube(n, len(b.space.keys), f"{use}/rest", b.spec.seed))
