"""Published figures beside the model's, row by row, with titles and notes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.closeness import tally
from calibration.targets import Target, load_targets
from report.blocks import Block, Grid, Paragraph, Quantity, Text, banded, message, title
from report.text.catalogue import say
from report.text.language import listed, mark
from report.text.outcomes import unit_name
from report.text.quantity import quantity
from sim.parameters import Library

COLUMNS = ("target", "unit", "published", "model", "ratio", "inside", "id")
MODEL = ("model_median", "model_lo90", "model_hi90")


def rows(frame: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """The rows of :func:`calibration.closeness.compare` with what each figure is and where it comes from."""
    known = load_targets()
    return [_row(row, known[str(row["id"])], lang) for row in frame.to_dict("records")]


def _row(row: Mapping[Any, Any], target: Target, lang: str) -> dict[str, Any]:
    numbers = {str(name): value for name, value in row.items() if name not in ("id", "also")}
    words = {name: getattr(target, name)[lang] for name in ("region", "population", "window", "measure")}
    plain = {name: getattr(target, name) for name in ("period", "count", "fact", "trust", "self_report", "sets")}
    note = _note(target, row["also"], lang)
    return {"id": target.id, "title": target.title[lang], **numbers, "note": note, **words, **plain}


def _note(target: Target, also: Mapping[str, float], lang: str) -> str:
    """The note; the parameters that the figure has set; the model's medians under other definitions."""
    others = [f"{title[lang]} {quantity(also[name], target.unit, lang)}" for name, title in target.also]
    parts = [
        target.note[lang],
        say("calibrate.targets_set", lang, names=listed(target.sets, lang)) if target.sets else "",
        say("calibrate.targets_also", lang, others=listed(others, lang, "semicolon")) if others else "",
    ]
    return mark("space", lang).join(part for part in parts if part)


def screen(frame: pd.DataFrame, replicates: int, library: Library) -> list[Block]:
    """The rows as a table, and how many of them the model reaches."""
    known = load_targets()
    cells = [_cells(row, known[str(row["id"])], library) for row in frame.to_dict("records")]
    told = message("output.targets_title", replicates=replicates)
    head = [message(f"output.col_{name}") for name in COLUMNS]
    return [Grid(head, cells, told, words=(1, 5, 6)), Paragraph(message("output.targets_tally", **tally(frame)))]


def _cells(row: Mapping[Any, Any], target: Target, library: Library) -> list[Text]:
    bands = [[row[name] for name in names] for names in (("target", "lo", "hi"), MODEL)]
    undefined = math.isnan(row["model_median"])
    inside = "output.undefined" if undefined else "output.yes" if row["inside_interval"] else "output.no"
    return [
        title(target.title),
        unit_name(target.unit, library),
        *(banded(value, low, high, target.unit) for value, low, high in bands),
        Quantity(row["ratio"], "", bare=True),
        message(inside),
        target.id,
    ]
