"""A few runs of one scenario: its outcomes on a screen, as plain data, and as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.estimates.contrasts import Estimate
from experiments.analysis.study import ScenarioRuns
from experiments.analysis.tables import cohorts_table, records_table, runs_table, yearly_table
from experiments.store.disk import write_text
from experiments.store.folder import remove_pages
from experiments.store.result import sign
from experiments.store.tables import write_table
from report.blocks import Block, Grid, Interval, Paragraph, Quantity, Text, message, title
from report.render.json import written
from report.text.enforcement import of_runs
from report.text.outcomes import unit_name
from report.text.towns import called
from report.text.towns import columns as labels
from sim.outcomes.records import OUTCOMES
from sim.parameters import Library

RECORD = "run.json"
"""The whole answer as one file."""
Estimates = Mapping[str, Estimate]


def screen(group: ScenarioRuns, found: Estimates, library: Library) -> list[Block]:
    """Every outcome, with intervals where there are several runs; what was set by hand and what was filled."""
    many = len(group.runs) > 1
    head = [message("output.col_outcome"), message("output.col_mean" if many else "output.col_value")]
    head += [message("output.col_interval")] if many else []
    head += [message("output.col_unit"), message("output.col_id")]
    rows: list[list[Text]] = []
    for name, e in found.items():
        value: list[Text] = [Quantity(e.value, e.unit, bare=True)]
        value += [Interval(e.low, e.high, e.unit, each=True)] if many else []
        rows.append([title(OUTCOMES[name].title), *value, unit_name(e.unit, library), name])
    told = message(
        "output.run_title", title=title(group.title), quarters=group.resolved.quarters, replicates=len(group.runs)
    )
    blocks: list[Block] = [Grid(head, rows, told, words=(len(head) - 2, len(head) - 1))]
    if group.resolved.overridden:
        blocks.append(Paragraph(message("output.levers_set", names=", ".join(sorted(group.resolved.overridden)))))
    blocks += map(Paragraph, of_runs(library, group.resolved.levers, [s.scenario.behaviour for s in group.specs]))
    return [*blocks, *_filled(group, library)]


def _filled(group: ScenarioRuns, library: Library) -> list[Block]:
    """What lent values to a scenario for what its documents leave unstated."""
    filled = group.resolved.filled
    blocks: list[Block] = []
    for name in dict.fromkeys(filled.values()):
        keys = [key for key, lender in filled.items() if lender == name]
        called = title({lang: f"{name} {text}" for lang, text in library.fills[name].title.as_dict().items()})
        told = {"title": title(group.title), "fill": called, "names": ", ".join(keys)}
        blocks.append(Paragraph(message("output.gaps_filled", n=len(keys), **told)))
    return blocks


def document(group: ScenarioRuns, found: Estimates, settings: Sequence[str]) -> dict[str, Any]:
    """The runs as one JSON document: what was run, each replicate, and means with intervals."""
    resolved = group.resolved
    return {
        "regime": resolved.regime, "world": resolved.world, "start": str(resolved.start),
        "quarters": resolved.quarters, "set": list(settings),
        "fingerprint": resolved.fingerprint, "overridden": resolved.overridden, "filled": resolved.filled,
        "outcomes": {name: {"value": e.value, "low": e.low, "high": e.high, "unit": e.unit, "n": e.n}
                     for name, e in found.items()},
        "runs": [{"replicate": spec.replicate, "key": spec.key, "summary": run.summary, "years": list(run.years),
                  "yearly": run.yearly, "cohorts": run.cohorts}
                 for spec, run in zip(group.specs, group.runs, strict=True)],
    }  # fmt: skip


def write(group: ScenarioRuns, record: Mapping[str, Any], folder: Path, names: Sequence[str] = ()) -> None:
    """Write ``run.json`` and the tables as CSV and Parquet beside the runs.

    Args:
        group: The runs.
        record: What goes into ``run.json``.
        folder: Where.
        names: Real names of the world's sites, where the reader asked for them.
    """
    remove_pages(folder)
    tables = {"runs": runs_table([group]), "yearly": yearly_table([group]), "cohorts": cohorts_table([group])}
    for spec, run in zip(group.specs, group.runs, strict=True):
        for name, columns in run.tables.items():
            rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            if name == "towns":
                rows = [
                    {**row, **labels(called(row["industry"], i, names[i] if names else ""))}
                    for i, row in enumerate(rows)
                ]
            tables[f"{name}-{spec.replicate:03d}"] = records_table(rows)
    files = [path for name, table in tables.items() for path in write_table(table, folder / name)]
    write_text(folder / RECORD, written(record))
    sign(folder, [*files, folder / RECORD])
