"""The page that says what is predicted, how it is defined, and what is not predicted and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from calibration.observations import read_predictions
from calibration.predict import FEWEST, Prediction, PredictionError, manifest_path
from calibration.predictands import Row, document, rows, runs
from calibration.validate import PREDICTIONS
from experiments.store.manifest import file_hash
from report.blocks import (
    Block,
    Grid,
    Interval,
    Item,
    Joined,
    Mono,
    Page,
    Paragraph,
    Points,
    Quantity,
    Section,
    Text,
    Unit,
    heads,
    message,
    title,
)
from report.render.documents import names
from report.render.markdown import markdown
from report.text.catalogue import under
from report.text.language import LANGS

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
    pages = {folder / names(NAME)[lang]: markdown(page(file), lang) for lang in LANGS}
    try:
        for path, text in pages.items():
            path.write_bytes(text.encode())
    except OSError as error:
        raise PredictionError("unwritable", file=str(folder), found=str(error.strerror)) from error
    return list(pages)


def page(predictions: Path | None = None) -> Page:
    """The page.

    Args:
        predictions: A file of predictions to show.
    """
    family = [[title(one["title"]), title(one["why"])] for one in document()["left_out"].values()]
    fitted = Paragraph(message("prediction.published", n=sum(row.fitted for row in rows())))
    parts: list[Block] = [
        *(Paragraph(message(f"prediction.{name}")) for name in ("made", "what", "how", "scored")),
        Section(message("prediction.caution"), (Points([Item(message(id)) for id in under("prediction.cautions")]),)),
        _table("runs", "run_columns", _runs()),
        _table("rows", "row_columns", _families(), fitted),
        _table("left_out", "left_columns", family),
    ]
    return Page(message("prediction.title"), [*parts, *([_numbers(predictions)] if predictions else [])])


def _table(name: str, columns: str, body: Sequence[Sequence[Text]], *after: Block) -> Section:
    head = heads(f"prediction.{columns}", len(body[0]))
    return Section(message(f"prediction.{name}"), (Grid(head, body, words=True), *after))


def _runs() -> list[list[Text]]:
    return [
        [run.id, Mono(run.regime), Mono(run.world), f"{run.start}, {run.quarters}", title(run.assumes)]
        for run in runs().values()
    ]


def _families() -> list[list[Text]]:
    found: list[list[Text]] = []
    for name, one in document()["family"].items():
        mine = [row for row in rows() if row.family == name]
        more: tuple[Text, ...] = (" … ", Mono(mine[-1].id), f" ({len(mine)})") if len(mine) > 1 else ()
        regions = Joined(list({row.region.en: title(row.region) for row in mine}.values()), "semicolon")
        texts = [title(one[key]) for key in ("definition", "population", "window")]
        ids = Joined((Mono(mine[0].id), *more), "none")
        found.append([ids, title(one["title"]), Unit(one["unit"]), regions, _periods(mine), *texts])
    return found


def _periods(mine: Sequence[Row]) -> str:
    periods = list(dict.fromkeys(row.period for row in mine))
    return ", ".join(periods) if len(periods) < 5 else f"{periods[0]} … {periods[-1]}"


def _numbers(file: Path) -> Section:
    known = {row.id: row for row in rows()}
    body: list[list[Text]] = []
    for name, one in read_predictions(file).items():
        row, q = known.get(name), one.quantiles
        named = [title(row.title), title(row.region)] if row else [one.quantity, one.region]
        ends = [Interval(q[f"lo{level}"], q[f"hi{level}"], one.unit, each=True) for level in (50, 90)]
        middle = Quantity(q["median"], one.unit, bare=True)
        body.append([Mono(name), *named, one.period, Unit(one.unit), middle, *ends])
    table = Grid(heads("prediction.number_columns", 8), body, words=True)
    return Section(message("prediction.numbers"), (Paragraph(_source(file)), table))


def _source(file: Path) -> Text:
    try:
        behaviour = json.loads(manifest_path(file).read_text(encoding="utf-8"))["behaviour"]
    except (OSError, ValueError, KeyError):
        behaviour = {"draws": "?", "mode": "?"}
    said = {name: str(behaviour[name]) for name in ("draws", "mode")}
    return message("prediction.numbers_from", file=Mono(file.name), hash=Mono(file_hash(file)), **said)


def written(made: Prediction, mark: str, file: str) -> dict[str, Any]:
    """What was written of a prediction, as plain data."""
    left_out = [name for name, n in made.undefined().items() if n == 0]
    named = {"file": file, "manifest": manifest_path(Path(file)).name, "sha256": mark}
    return named | {"mode": made.mode, "draws": made.draws, "rows": len(made.records()), "left_out": left_out}


def screen(shown: Mapping[str, Any]) -> tuple[list[Block], list[Text]]:
    """What a terminal says of it, and a warning."""
    said: list[Text] = []
    few: list[Text] = []
    if "file" in shown:
        told = {name: shown[name] for name in ("rows", "file", "draws", "mode", "manifest")}
        said += [message("predict.predict_written", **told), message("predict.predict_hash", hash=shown["sha256"])]
        if out := shown["left_out"]:
            said.append(message("predict.predict_left_out", rows=len(out), names=", ".join(out)))
        if shown["draws"] < FEWEST:
            few.append(Joined(("! ", message("predict.predict_few", fewest=FEWEST)), "none"))
    if "pages" in shown:
        said.append(message("predict.predict_page", files=", ".join(shown["pages"])))
    return [Paragraph(text) for text in said], few
