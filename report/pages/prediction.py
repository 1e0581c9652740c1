"""The page that says what is predicted, how it is defined, and what is not predicted and why; in both languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from calibration.observations import read_predictions
from calibration.predict import PredictionError, manifest_path
from calibration.predictands import Row, document, rows, runs
from calibration.validate import PREDICTIONS
from experiments.store.manifest import file_hash
from report.render.documents import names
from report.render.markdown import table
from report.text.catalogue import say
from report.text.language import LANGS, mark
from report.text.quantity import interval, number, unit_text

NAME = "prediction"


def write_pages(folder: Path, predictions: Path | None = None) -> list[Path]:
    """Write the page in both languages.

    Args:
        folder: Where to.
        predictions: A file of predictions to show; none, or the product's own where there is one.

    Returns:
        The files.

    Raises:
        ObservationError: The file of predictions is not sound.
        PredictionError: The folder cannot be written.
    """
    file = predictions or (PREDICTIONS if PREDICTIONS.is_file() else None)
    pages = {folder / names(NAME)[lang]: page(lang, file) for lang in LANGS}
    try:
        for path, text in pages.items():
            path.write_bytes(text.encode())
    except OSError as error:
        raise PredictionError("unwritable", file=str(folder), found=str(error.strerror)) from error
    return list(pages)


def page(lang: str, predictions: Path | None = None) -> str:
    """The page in one language."""
    parts = [
        f"# {say('prediction.title', lang)}",
        say("prediction.made", lang),
        say("prediction.what", lang).strip(),
        say("prediction.caution", lang).strip(),
    ]
    parts += [
        f"## {say('prediction.runs', lang)}",
        table(say("prediction.run_columns", lang).split("|"), _run_rows(lang)),
    ]
    parts += [
        f"## {say('prediction.rows', lang)}",
        table(say("prediction.row_columns", lang).split("|"), _family_rows(lang)),
    ]
    parts.append(say("prediction.published", lang, n=sum(row.fitted for row in rows())))
    left = [[one["title"][lang], one["why"][lang]] for one in document()["left_out"].values()]
    parts += [f"## {say('prediction.left_out', lang)}", table(say("prediction.left_columns", lang).split("|"), left)]
    if predictions is not None:
        parts += [f"## {say('prediction.numbers', lang)}", *_numbers(predictions, lang)]
    return "\n\n".join(parts) + "\n"


def _run_rows(lang: str) -> list[list[str]]:
    return [
        [run.id, f"`{run.regime}`", f"`{run.world}`", f"{run.start}, {run.quarters}", run.assumes[lang]]
        for run in runs().values()
    ]


def _family_rows(lang: str) -> list[list[str]]:
    found = []
    for name, one in document()["family"].items():
        mine = [row for row in rows() if row.family == name]
        ids = f"`{mine[0].id}`" + (f" … `{mine[-1].id}` ({len(mine)})" if len(mine) > 1 else "")
        texts = [one[key][lang] for key in ("definition", "population", "window")]
        unit = unit_text(one["unit"], lang)
        found.append([ids, one["title"][lang], unit, _several(mine, lang), _periods(mine), *texts])
    return found


def _several(mine: Sequence[Row], lang: str) -> str:
    return mark("semicolon", lang).join(dict.fromkeys(row.region[lang] for row in mine))


def _periods(mine: Sequence[Row]) -> str:
    names = list(dict.fromkeys(row.period for row in mine))
    return ", ".join(names) if len(names) < 5 else f"{names[0]} … {names[-1]}"


def _numbers(file: Path, lang: str) -> list[str]:
    held, known = read_predictions(file), {row.id: row for row in rows()}
    body = []
    for name, one in held.items():
        row, q = known.get(name), one.quantiles
        title, region = (row.title[lang], row.region[lang]) if row else (one.quantity, one.region)
        ends = [interval(q[f"lo{level}"], q[f"hi{level}"], one.unit, lang) for level in (50, 90)]
        middle = number(q["median"], one.unit, lang)
        body.append([f"`{name}`", title, region, one.period, unit_text(one.unit, lang), middle, *ends])
    return [_source(file, lang), table(say("prediction.number_columns", lang).split("|"), body)]


def _source(file: Path, lang: str) -> str:
    mark = file_hash(file)
    try:
        behaviour = json.loads(manifest_path(file).read_text(encoding="utf-8"))["behaviour"]
    except (OSError, ValueError, KeyError):
        behaviour = {"draws": "?", "mode": "?"}
    return say(
        "prediction.numbers_from",
        lang,
        file=f"`{file.name}`",
        hash=f"`{mark}`",
        draws=behaviour["draws"],
        mode=behaviour["mode"],
    )
