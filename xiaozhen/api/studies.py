"""Comparisons, sensitivity, attribution, predictions and briefs from Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from calibration import predict as predicting
from calibration.predict import COLUMNS, Prediction
from experiments.analysis.sensitivity.study import Asked, Found, analyse, ask
from experiments.plan.design.records import Design
from experiments.plan.studies import find_study
from experiments.run.carry import Consent, Tell, carry_out
from experiments.store import manifest
from experiments.store.reading import frame
from report.pages import sensitivity as sensitivity_page
from report.pages.comparison.brief import write_brief
from report.pages.comparison.write import LANGS, StudyResult
from report.pages.prediction import write_pages
from xiaozhen.api.comparison import run_study
from xiaozhen.api.library import Given, load, settings_of
from xiaozhen.api.places import county_table, folder_for, free, place
from xiaozhen.api.stores import Progress, kept, way
from xiaozhen.errors import CommandError
from xiaozhen.requests import BOTH
from xiaozhen.requests import Predict as PredictRequest
from xiaozhen.requests import Sensitivity as SensitivityRequest


def compare(
    study: str | Path = "three_regimes",
    *,
    out: str | Path | None = None,
    settings: Given = None,
    counties: str | Path | None = None,
    lang: str = BOTH,
    **options: Any,
) -> StudyResult:
    """Run a study of regimes into a result folder and return its estimates; ``.frame("estimates")`` is a table.

    Args:
        study: Id or file of a study.
        out: The folder; ``results/STUDY`` unless told.
        settings: Levers and uncertainties by key, or texts "key=value".
        counties: A county table of your own.
        lang: "zh", "en" or "both": languages of figures and summary.
        **options: ``replicates``, ``workers``, ``threads``, ``behaviour``, ``force``, ``progress`` and the others of
            :func:`xiaozhen.api.comparison.run_study`.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    if options.get("threads") is not None and options.get("workers") is not None:
        raise CommandError("threads_and_workers", command="xiaozhen compare")
    given = settings_of(settings) | dict(options.pop("overrides", None) or {})
    record = find_study(study, load())
    table = county_table(counties, (one.world for one in record.scenarios))
    folder = folder_for(out or f"results/{record.id}")
    options.setdefault("langs", LANGS if lang == BOTH else (lang,))
    return run_study(study, library=load(), out=folder, overrides=given, counties=table, **options)


def report(
    folder: str | Path,
    *,
    lang: str = BOTH,
    out: str | Path | None = None,
    pdf: bool = False,
    beside: Sequence[str | Path] = (),
    **options: Any,
) -> list[Path]:
    """Write the brief of a result folder; see :func:`report.pages.comparison.brief.write_brief` for the arguments.

    Returns:
        The files written, the HTML page first.
    """
    return write_brief(folder, lang=lang, out=out, pdf=pdf, beside=beside, **options)


def sensitivity(
    subject: str | Design = "zhejiang_2015",
    method: str = "sobol",
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    consent: Consent | None = None,
    tell: Tell | None = None,
    **options: Any,
) -> Found:
    """Find out which factors move the outcomes, and how much of their spread is luck.

    Args:
        subject: Id of a regime, over which the default factors are laid; id or file of a design; or a design of
            ``xz.vary``.
        method: "sobol", "morris" or "pawn".
        out: A store that keeps the runs, and takes them up again; in memory unless told.
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead.
        scheduler: Address of a dask.distributed scheduler instead (into a store only).
        progress: Called with (finished, all).
        consent: Called after a pilot with what the rest will take, and says whether to go on (into a store only).
        tell: Called with every new state of the work instead of ``progress``.
        **options: ``n``, ``outcomes``, ``quarters``, ``group``, ``second_order``, ``seed``, ``level``, ``threshold``
            of :func:`experiments.analysis.sensitivity.study.ask`.

    Returns:
        Frames: ``.table(outcome)`` with intervals and verdicts, ``.indices``, ``.shares``, ``.convergence``, ``.runs``;
        :func:`sensitivity_pages` writes them down.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    asked = asked_of(subject, method, **options)
    if threads is not None and out is None:
        workers = None
    how = way(workers, threads, scheduler, progress=progress, consent=consent, tell=tell)
    line = ""
    if isinstance(subject, str):
        chosen = {**options, "outcomes": _joined(options.get("outcomes"))}
        line = kept(SensitivityRequest.about(subject=subject, method=method, **chosen))
    store = carry_out(asked.plan, None if out is None else place(out), how, library=load(), command=line)
    return analyse(asked, frame(store))


def asked_of(subject: str | Design, method: str = "sobol", **options: Any) -> Asked:
    """A sensitivity study before it runs; outcomes may be one text with commas between their ids."""
    outcomes = options.pop("outcomes", None)
    if isinstance(outcomes, str):
        outcomes = [name.strip() for name in outcomes.split(",") if name.strip()]
    return ask(method, subject, outcomes=outcomes, library=load(), **options)


def _joined(outcomes: str | Sequence[str] | None) -> str | None:
    return outcomes if outcomes is None or isinstance(outcomes, str) else ",".join(outcomes)


def sensitivity_pages(found: Found, folder: str | Path) -> list[Path]:
    """Write tables, figures and pages of a sensitivity study into the store of its runs."""
    files = sensitivity_page.write(found, place(folder) / sensitivity_page.FOLDER)
    manifest.add(place(folder), files)
    return files


def predict(
    behaviour: str = "posterior",
    draws: int = 200,
    *,
    out: str | Path | None = None,
    force: bool = False,
    **options: Any,
) -> pd.DataFrame:
    """Predict the quantities that nobody has compared yet: medians and intervals.

    Args:
        behaviour: "posterior", "prior" or "central".
        draws: How many draws of it.
        out: File for the table and, beside it, what it was made from.
        force: Replace a file there.
        **options: ``workers`` and ``progress`` of :func:`calibration.predict.predict`.

    Returns:
        One row a quantity: id, quantity, region, period, unit, median, ends of the intervals.

    Raises:
        InputError: If something asked for is not allowed.
    """
    made, _ = predict_into(out, behaviour=behaviour, draws=draws, force=force, **options)
    return pd.DataFrame(made.records(), columns=list(COLUMNS))


def predict_into(
    out: str | Path | None, *, behaviour: str = "posterior", draws: int = 200, force: bool = False, **options: Any
) -> tuple[Prediction, str]:
    """Predict, write where a file is named, and return the prediction and the file's hash."""
    if out is not None:
        predicting.check_place(place(out))
        free(out, force)
    made = predicting.predict(behaviour, draws, library=load(), **options)
    if out is None:
        return made, ""
    asked = PredictRequest.about(out=out, behaviour=behaviour, draws=draws)
    return made, predicting.write(made, place(out), asked.line())


def prediction_pages(folder: str | Path, predictions: str | Path | None = None) -> list[Path]:
    """Write the page on predictions in every language: what they are, how to score them, and the numbers of a file."""
    return write_pages(folder_for(folder), None if predictions is None else place(predictions))
