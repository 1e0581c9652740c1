"""A store's tables as one Excel workbook whose first sheet says what every column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from experiments.outcomes import catalogue
from experiments.store.disk import replace_file, told
from experiments.store.errors import StoreError
from experiments.store.export import TABLES, tables_of
from experiments.store.folder import Store
from report.text.store_words import COLUMNS, SHEETS
from sim.outcomes.records import Outcome

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Limits of an Excel sheet, its first row included."""


def workbook(store: Store, out: str | Path, *, tables: Sequence[str] = TABLES, overwrite: bool = False) -> list[Path]:
    """Write a workbook; it keeps 16 digits of a number.

    Args:
        store: A store, finished or not.
        out: The file.
        tables: Which of :data:`experiments.store.export.TABLES`; tables without rows are left out.
        overwrite: Replace a file of the same name.

    Returns:
        The file written.

    Raises:
        StoreError: If a table is not known, the file exists, a sheet would be too large for Excel, or the place cannot
            be written; nothing is written then.
    """
    place = Path(out)
    frames = tables_of(store, tables, () if overwrite else (place,))
    check_size(frames)
    with told(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, lambda half: _workbook(store, frames, half))
    return [place]


def check_size(frames: Mapping[str, pd.DataFrame]) -> None:
    """Make sure that each table fits a sheet.

    Raises:
        StoreError: If one does not.
    """
    for name, frame in frames.items():
        for message, have, limit in (
            ("too_long", len(frame), MOST_ROWS - 1),
            ("too_wide", len(frame.columns), MOST_COLUMNS),
        ):
            if have > limit:
                details = {"table": name, "rows": f"{have:,}", "limit": f"{limit:,}"}
                raise StoreError(message, details=details)


def _workbook(store: Store, frames: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write a workbook whose first sheet says what every column means."""
    options = {"in_memory": False, "nan_inf_to_errors": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        # Otherwise the workbook would say when it was written, and no two would be equal.
        book.set_properties({"title": str(store.plan.title.get("en", store.plan.id)), "created": datetime(2015, 1, 1)})
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        _meaning(book.add_worksheet("说明 about"), store, frames, bold, wrap)
        for name, frame in frames.items():
            _sheet(book.add_worksheet(f"{SHEETS[name][0]} {name}"), frame, bold)


def _sheet(sheet: Any, frame: pd.DataFrame, bold: Any) -> None:
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, max(0, len(frame.columns) - 1), 14)
    for j, name in enumerate(frame.columns):
        sheet.write_string(0, j, str(name), bold)
    for i, row in enumerate(frame.itertuples(index=False, name=None), start=1):
        for j, value in enumerate(row):
            _cell(sheet, i, j, value)


def _cell(sheet: Any, i: int, j: int, value: Any) -> None:
    """Write one value; what is not defined stays an empty cell, and Excel has no infinity."""
    if isinstance(value, bool):
        sheet.write_boolean(i, j, value)
    elif isinstance(value, str):
        sheet.write_string(i, j, value)
    elif value is None or value != value:
        return
    elif abs(value) == float("inf"):
        sheet.write_string(i, j, "inf" if value > 0 else "-inf")
    else:
        sheet.write_number(i, j, float(value))


def _meaning(sheet: Any, store: Store, frames: Mapping[str, pd.DataFrame], bold: Any, wrap: Any) -> None:
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 3, 60, wrap)
    title = store.plan.title
    sheet.write_string(0, 0, str(title.get("zh", store.plan.id)), bold)
    sheet.write_string(0, 2, str(title.get("en", store.plan.id)), bold)
    sheet.write_string(1, 0, store.file.command)
    for j, head in enumerate(("表 table", "列 column", "含义", "meaning")):
        sheet.write_string(3, j, head, bold)
    row = 4
    for name, frame in frames.items():
        for column in frame.columns:
            zh, en = explained(name, str(column), store)
            for j, text in enumerate((f"{SHEETS[name][0]} {name}", str(column), zh, en)):
                sheet.write_string(row, j, text)
            row += 1
    sheet.freeze_panes(4, 0)


def explained(name: str, column: str, store: Store) -> tuple[str, str]:
    """What a column of a table means, in Chinese and English."""
    if column in COLUMNS:
        return COLUMNS[column]
    factors = {factor for point in store.plan.points for factor in point.factors}
    if column in factors:
        return "设计中的因素", "a factor of the design"
    found = _outcomes(name).get(column)
    if found is None:
        return "结果", "an outcome"
    return tuple(f"{found.title[x]} [{found.unit}]; {found.definition[x]}" for x in ("zh", "en"))  # type: ignore[return-value]


def _outcomes(name: str) -> dict[str, Outcome]:
    kind = {"runs": "summary", "yearly": "yearly"}.get(name, "")
    return {o.id: o for o in catalogue().values() if o.kind == kind}
