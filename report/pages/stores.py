"""What the commands around a store say: how far it is, whether it is sound, what a question found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.run.verify import Verified
from report.blocks import Block, Grid, Paragraph, Text, Title, message
from report.text.errors import said
from report.text.language import LANGS

SHOWN_ROWS = 50


def status(at: Mapping[str, Any]) -> list[Block]:
    """How far a store is: the data of :func:`xiaozhen.api.stores.status`."""
    counts = {name: f"{at[name]:,}" for name in ("runs", "failed")}
    if at["waiting"]:
        counts |= {name: f"{at[name]:,}" for name in ("done", "waiting")}
    said: list[Text] = [message("sweep.sweep_waiting" if at["waiting"] else "sweep.sweep_done", **counts)]
    if at["first_failure"]:
        said.append(message("sweep.first_failure", **{k: str(v) for k, v in at["first_failure"].items()}))
    said.append(f"{at['folder']} ({size(at['bytes'])})")
    if at["manifest"]:
        said.append(message("sweep.manifest_written", file=at["manifest"], hash=at["sha256"][:16]))
    elif at["waiting"] and not at["same_model"]:
        said.append(message("sweep.other_model"))
    elif at["waiting"] or not at["finished"]:
        said.append(message("sweep.to_go_on" if at["waiting"] else "sweep.not_merged", folder=at["folder"]))
    return [Paragraph(text) for text in said]


def size(count: float) -> str:
    """A number of bytes."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def heed(names: Sequence[str]) -> list[Text]:
    """A word on files that are not what their manifest says."""
    return [message("store.unsound", names=", ".join(names))] if names else []


def checked(found: Verified) -> dict[str, Any]:
    """What a check found, as plain data."""
    entries = [
        {"kind": p.kind, "where": p.where, "grave": p.grave, **{k: said(p.line(), k) for k in LANGS}}
        for p in found.problems
    ]
    return {"sound": found.holds, "rerun": found.rerun, "problems": entries}


def problems(found: Verified) -> list[Text]:
    """What a check found wrong, and what it only remarks."""
    told: list[Text] = [message("store.not_verified", n=len(found.grave))] if found.grave else []
    for problem in found.problems:
        words = {lang: ("! " if problem.grave else "  ") + said(problem.line(), lang) for lang in LANGS}
        told.append(Title(words))
    return told


def sound(found: Verified) -> list[Block]:
    """That all is well, where it is."""
    if found.grave:
        return []
    return [
        Paragraph(message("store.verified", sample=found.rerun) if found.rerun else message("store.verified_files"))
    ]


def rows(found: pd.DataFrame) -> list[Block]:
    """The first rows of a table."""
    cells: list[list[Text]] = [[_cell(v) for v in row] for row in found.head(SHOWN_ROWS).itertuples(index=False)]
    words = [k for k, dtype in enumerate(found.dtypes) if dtype.kind not in "if"]
    blocks: list[Block] = [Grid([str(c) for c in found.columns], cells, words=words)]
    if len(found) > SHOWN_ROWS:
        blocks.append(Paragraph(message("store.rows_shown", rows=f"{len(found):,}", shown=SHOWN_ROWS)))
    return blocks


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return "" if value is None else str(value)
