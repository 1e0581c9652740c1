"""What the law and the published figures say of the model, from Python: clauses, readings, doses, targets, the fit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from calibration import closeness
from calibration.documents import REPLICATES, Compared
from calibration.documents import compare as against_documents
from calibration.fit.known import FitError, Known, known
from calibration.fit.publish import TARGETS, UNCERTAINTIES
from calibration.fit.publish import calibrate as carry_out
from calibration.fit.stages import FULL, QUICK
from calibration.validate import Validation
from calibration.validate import validate as score
from experiments.analysis.coverage import check as checking
from experiments.analysis.coverage import levers as turning
from experiments.analysis.coverage import register
from experiments.analysis.coverage.trials import Moved
from experiments.analysis.doses import sweep as dosing
from experiments.analysis.doses.sweep import Measured
from experiments.analysis.readings import sweep as meanings
from experiments.analysis.readings.sweep import Sweep
from experiments.plan.behaviour import ABOUT, DRAWS, posterior_folder
from report.pages.doses import write_measured
from report.pages.levers import write_levers
from report.pages.readings import write_sweep
from sim.schedule import STEPS
from xiaozhen.api.library import Given, load, scenario, split
from xiaozhen.api.places import free_folder, place
from xiaozhen.errors import CommandError, nearest

Progress = Callable[[int, int], None]
OUT, QUICK_OUT = Path("results/calibration"), Path("results/calibration-quick")


def schedule() -> list[dict[str, Any]]:
    """The steps that the model runs each quarter, in order: name, title and what, in both languages."""
    return [{"name": s.name, "title": s.title, "what": s.what} for s in STEPS]


@dataclass(frozen=True)
class Covered:
    """Where clauses stand.

    Attributes:
        entries: Each clause by id: acts, context or missing, and why.
        moved: What moved where an acting one was taken out, by id; empty unless that was asked.
        levers: How every lever and meaning stands; None unless that was asked.
    """

    entries: Mapping[str, register.Entry]
    moved: Mapping[str, Moved | None] = field(default_factory=dict)
    levers: turning.Verdicts | None = None

    @property
    def holds(self) -> bool:
        """Whether whatever was asked to act does."""
        return all(self.moved.values()) and not (self.levers and (self.levers.dead or self.levers.belied))

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        if self.levers is not None:
            return turning.as_data(self.levers)
        data = register.as_data(self.entries)
        for name, one in self.moved.items():
            data["detail"][name]["check"] = checking.as_data(one)
        return data


def coverage(
    regime: str | None = None,
    status: Sequence[str] = (),
    *,
    check: bool = False,
    levers: bool = False,
    workers: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Covered:
    """Say where every clause stands.

    Args:
        regime: Only clauses of this regime.
        status: Only clauses of these kinds: "RULE", "TARGET", "PRACTICE", "PROPOSAL", "GUIDE".
        check: Take each acting clause out of its regime and see what moves.
        levers: Make each lever of each regime inert, alone, and take each other meaning, and see what moves.
        workers: Worker processes; None = one for each core.
        out: Folder for a document and table of ``levers``.
        force: Replace results there.
        progress: Called with (finished, all).

    Raises:
        InputError: If there is no such regime, or the folder is not free.
    """
    library = load()
    folder = None if out is None else free_folder(out, force)
    if regime is not None:
        register.regime_of(library, regime)
    entries = register.chosen(register.coverage(library), library, regime, tuple(status))
    moved = checking.check(library, entries, workers=workers, progress=progress) if check else {}
    only = None if regime is None else (regime,)
    turned = turning.judge(library, only, workers=workers, progress=progress) if levers else None
    if folder is not None and turned is not None:
        write_levers(turned, folder, library)
    return Covered(entries, moved, turned)


def targets(
    replicates: int = 20,
    regime: str = "zhejiang_2015",
    settings: Given = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare the model with published figures.

    Args:
        replicates: Runs of each scenario.
        regime: Which regime runs.
        settings: Levers and uncertainties by key, or texts "key=value".
        workers: Worker processes; None = one for each core.
        progress: Called with (finished, all).

    Returns:
        One row a figure.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    levers, behaviour = split(settings)
    scenario(regime, {**levers, **behaviour})
    return closeness.compare(
        replicates, regime, workers, load(), progress, levers=levers or None, behaviour=behaviour or None
    )


def documents(
    only: Sequence[str] = (),
    replicates: int = REPLICATES,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Compared]:
    """Put the model beside what the documents report.

    Args:
        only: Ids of rows; all unless told.
        replicates: Runs of each scenario; replicate k has draw k of the behaviour.
        workers: Worker processes; None = one for each core.
        progress: Called with (finished, all).

    Returns:
        One entry a row, in file order.

    Raises:
        InputError: If there is no such row.
    """
    return against_documents(replicates, only=tuple(only), library=load(), workers=workers, progress=progress)


def doses(
    only: Sequence[str] = (),
    replicates: int = 30,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Measured]:
    """Try instruments at several strengths.

    Args:
        only: Ids of doses; all unless told.
        replicates: Runs of every value.
        workers: Worker processes; None = one for each core.
        out: Folder for documents, figures and numbers.
        force: Replace results there.
        progress: Called with (finished, all).

    Raises:
        InputError: If there is no such dose, or the folder is not free.
    """
    every = {one.id: one for one in dosing.doses()}
    for name in only:
        if name not in every:
            guess = nearest(name, tuple(every))
            raise CommandError("not_among", name="--only", found=name, allowed=tuple(every), suggestion=guess)
    folder = None if out is None else free_folder(out, force)
    wanted = [one for name, one in every.items() if not only or name in only]
    found = dosing.measure(wanted, replicates, workers, library=load(), progress=progress)
    if folder is not None:
        write_measured(found, folder, load())
    return found


def readings(
    only: Sequence[str] = (),
    regimes: Sequence[str] = (),
    replicates: int = 8,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Sweep:
    """Try every meaning of ambiguous clauses.

    Args:
        only: Ids of readings; all unless told.
        regimes: Only in these regimes.
        replicates: Runs of every meaning.
        workers: Worker processes; None = one for each core.
        out: Folder for documents, figure and numbers.
        force: Replace results there.
        progress: Called with (finished, all).

    Raises:
        InputError: If there is no such reading or regime, or the folder is not free.
    """
    folder = None if out is None else free_folder(out, force)
    found = meanings.sweep(
        load(), replicates, workers, regimes=regimes or None, readings=only or None, progress=progress
    )
    if folder is not None:
        write_sweep(found, folder)
    return found


def validate(observations: str | Path, predictions: str | Path | None = None) -> Validation:
    """Score a table of observations against predictions.

    Args:
        observations: A CSV file in the form of the table of published figures.
        predictions: A file of ``xiaozhen predict``; by default the one that came with the product.

    Returns:
        ``.frame()`` has one row for each observation that was scored; ``.coverage`` and ``.verdicts`` judge them all.

    Raises:
        InputError: What is wrong with one of the files.
    """
    return score(Path(observations), None if predictions is None else Path(predictions))


def calibrate(
    *,
    quick: bool = False,
    out: str | Path | None = None,
    force: bool = False,
    workers: int | None = None,
    resume: bool = False,
    recovery: bool = False,
    install: bool = False,
    tell: Callable[[str, int, int], None] | None = None,
) -> Known:
    """Fit behaviour to the published figures and test the fit.

    Args:
        quick: A small fit, to try it.
        out: Folder of the fit, which goes on where it was interrupted.
        force: Replace another fit there.
        workers: Worker processes; None = one for each core.
        resume: Refuse to begin a new one.
        recovery: Run nothing: read the fit in ``out``, or the one that came with the product.
        install: Make it the posterior that the product uses.
        tell: Called with (stage, finished, all).

    Returns:
        What the fit found.

    Raises:
        InputError: If something asked for is not allowed, or the folder is not free.
    """
    if quick and install:
        raise CommandError("fit_quick_install", command="xiaozhen calibrate")
    if out is not None and place(out).exists() and not place(out).is_dir():
        raise CommandError("not_folder", found=place(out).name)
    library = load()
    if recovery:
        return known(library, None if out is None else place(out))
    folder = fit_folder(out, quick)
    if resume and not (folder / "spec.json").exists():
        raise FitError("nothing_to_resume", file=folder.name)
    carry_out(QUICK if quick else FULL, library, folder, workers, tell, force=force)
    found = known(library, folder)
    if install:
        target = posterior_folder(library)
        target.mkdir(exist_ok=True)
        for name in (DRAWS, UNCERTAINTIES, TARGETS, ABOUT):
            shutil.copyfile(folder / name, target / name)
    return found


def fit_folder(out: str | Path | None, quick: bool) -> Path:
    """Where a fit is written."""
    return place(out) if out is not None else QUICK_OUT if quick else OUT
