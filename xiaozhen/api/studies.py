"""Comparisons, sensitivity, attribution, predictions and briefs from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaozhen.api.library import load

if TYPE_CHECKING:
    import pandas as pd

    from calibration.validate import Validation
    from experiments.analysis.attribution.attribute import Attribution
    from experiments.analysis.sensitivity.study import Found
    from experiments.plan.design.records import Design
    from report.pages.comparison.write import StudyResult

Progress = Callable[[int, int], None]


def compare(study: str | Path = "three_regimes", **options: Any) -> StudyResult:
    """Run a study of regimes into a result folder and return its estimates; ``.frame("estimates")`` is a table.

    Args:
        study: Id or file of a study.
        **options: ``out`` (the folder, needed), ``replicates``, ``workers`` and the others of
            :func:`xiaozhen.api.comparison.run_study`.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    from xiaozhen.api.comparison import run_study

    return run_study(study, **options)


def report(folder: str | Path, **options: Any) -> list[Path]:
    """Write the brief of a result folder; see :func:`report.pages.comparison.brief.write_brief` for the options.

    Returns:
        The files written, the HTML page first.
    """
    from report.pages.comparison.brief import write_brief

    return write_brief(folder, **options)


def sensitivity(
    subject: str | Design = "zhejiang_2015",
    method: str = "sobol",
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Found:
    """Find out which factors move the outcomes, and how much of their spread is luck.

    Args:
        subject: Id of a regime, over which the default factors are laid; id or file of a design; or a design of
            ``xz.vary``.
        method: "sobol", "morris" or "pawn".
        out: A store that keeps the runs; in memory unless told.
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead.
        progress: Called with (finished, all).
        **options: ``n``, ``outcomes``, ``quarters``, ``group``, ``second_order``, ``seed``, ``level``, ``threshold``
            of :func:`experiments.analysis.sensitivity.study.ask`.

    Returns:
        Frames: ``.table(outcome)`` with intervals and verdicts, ``.indices``, ``.shares``, ``.convergence``, ``.runs``.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    from experiments.analysis.sensitivity.study import ask, carry_out
    from experiments.run.evaluate import evaluate, stored

    asked = ask(method, subject, library=load(), **options)
    if out is not None:
        run = stored(out, workers=workers, threads=threads, library=load(), progress=progress)
        return carry_out(asked, run)
    return carry_out(
        asked, lambda plan: evaluate(plan, library=load(), workers=workers, threads=threads, progress=progress)
    )


def attribute(
    a: str,
    b: str,
    outcomes: str | Sequence[str] = ("completion_common",),
    *,
    by: str = "clause",
    replicates: int = 8,
    method: str = "auto",
    max_runs: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    **calendar: Any,
) -> Attribution:
    """Share the difference between two regimes out over the clauses in which they differ (Shapley values).

    Args:
        a: Id of the regime that the difference starts from.
        b: Id of the regime that it ends at.
        outcomes: One id or several.
        by: "clause", "instrument" or "lever".
        replicates: Replicates of every scenario.
        method: "exact", "sampled", or "auto".
        max_runs: Runs at most.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all).
        **calendar: ``world``, ``start``, ``quarters``, ``effective``, ``own_dates`` and ``fill``.

    Returns:
        ``.frame()`` has one row for each outcome and group.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    from experiments.analysis.attribution.attribute import attribute as share_out
    from experiments.analysis.attribution.design import design
    from experiments.analysis.attribution.differences import compare_regimes
    from experiments.run.evaluate import evaluate

    found = compare_regimes(load(), a, b, by=by, **calendar)
    chosen = design(len(found.groups), replicates, method=method, max_runs=max_runs)
    names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    return share_out(
        found, chosen, lambda plan: evaluate(plan, library=load(), workers=workers, progress=progress), names
    )


def predict(behaviour: str = "posterior", draws: int = 200, **options: Any) -> pd.DataFrame:
    """Predict the quantities that nobody has compared yet: medians and intervals.

    Args:
        behaviour: "posterior", "prior" or "central".
        draws: How many draws of it.
        **options: ``workers`` and ``progress`` of :func:`calibration.predict.predict`.

    Returns:
        One row a quantity: id, quantity, region, period, unit, median, ends of the intervals.

    Raises:
        InputError: If something asked for is not allowed.
    """
    import pandas as pd

    from calibration.predict import COLUMNS
    from calibration.predict import predict as foretell

    return pd.DataFrame(foretell(behaviour, draws, library=load(), **options).records(), columns=list(COLUMNS))


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
    from calibration.validate import validate as score

    return score(Path(observations), None if predictions is None else Path(predictions))
