"""A fit of behaviour on a screen: figures, what is identified, and whether the fit can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calibration.fit.known import Known
from calibration.targets import Target, load_targets
from report.blocks import Block, Grid, Joined, Paragraph, Quantity, Text, banded, message, title
from report.text.fitted import span
from report.text.outcomes import unit_name
from sim.parameters import Library

Row = Mapping[str, Any]
TARGETS = (
    "output.col_target", "output.col_unit", "output.col_published", "calibrate.fit_col_prior",
    "calibrate.fit_col_posterior", "output.col_inside", "output.col_id",
)  # fmt: skip
SHORT = ("uncertainty", "prior", "posterior", "sd_ratio", "informed_by")
LONG = ("uncertainty", "sd_ratio", "trial_sd_ratio", "bias", "covered", "rank_p", "identified", "informed_by")


def document(found: Known) -> dict[str, Any]:
    """The fit as plain data."""
    return {
        "about": found.about,
        "stale": found.stale,
        "targets": list(found.targets.values()),
        "uncertainties": list(found.uncertainties.values()),
    }


def screen(found: Known, library: Library) -> list[Block]:
    """Targets, what is identified, and whether the fit can be trusted."""
    titles = load_targets()
    targets = [_target(row, titles[name], library) for name, row in found.targets.items()]
    head = [message(name) for name in TARGETS]
    blocks: list[Block] = [Grid(head, targets, message("calibrate.fit_targets_title"), words=(1, 5, 6))]
    sure = sorted((r for r in found.uncertainties.values() if r["identified"]), key=lambda row: row["sd_ratio"])
    if sure:
        blocks.append(
            Grid([message(f"calibrate.fit_col_{name}") for name in SHORT], [_short(row) for row in sure],
                 message("calibrate.fit_uncertainties_title"), words=(4,))
        )  # fmt: skip
    return [*blocks, *_tallies(found)]


def recovery(found: Known) -> list[Block]:
    """Every uncertainty that moves a figure, the best known first."""
    moving = [row for row in found.uncertainties.values() if row["moves_a_figure"]]
    rows = [_long(row) for row in sorted(moving, key=lambda row: row["trial_sd_ratio"])]
    told = message("calibrate.fit_recovery_title", trials=found.about["found"]["trials"])
    head = [message(f"calibrate.fit_col_{name}") for name in LONG]
    return [Grid(head, rows, told, words=(6, 7)), *_tallies(found)]


def _tallies(found: Known) -> list[Block]:
    f = found.about["found"]
    told = {"figures": f["figures"], "inside": f["figures_inside"], "uncertainties": f["uncertainties"]}
    p = [f"{f[name]:.3g}" for name in ("least_rank_p_of_identified", "least_rank_p_after_holm")]
    covered = Joined((Quantity(f["coverage_of_identified"], "ratio", bare=True), " %"), "none")
    said = [
        message("calibrate.fit_tally", **told, moving=f["moving_a_figure"], identified=f["identified"]),
        message("calibrate.fit_trials", trials=f["trials"], coverage=covered, p=p[0], holm=p[1]),
    ]
    return [Paragraph(text) for text in (*said, *([message("calibrate.fit_stale")] if found.stale else []))]


def yes(value: bool) -> Text:
    """Yes or no."""
    return message("output.yes" if value else "output.no")


def _target(row: Row, target: Target, library: Library) -> list[Text]:
    unit = target.unit
    fitted = [
        banded(row[f"{when}_q50"], row[f"{when}_q05"], row[f"{when}_q95"], unit) for when in ("prior", "posterior")
    ]
    published = banded(row["value"], row["lo"], row["hi"], unit)
    return [title(target.title), unit_name(unit, library), published, *fitted, yes(row["inside"]), row["id"]]


def _short(row: Row) -> list[Text]:
    return [row["key"], span(row, "prior"), span(row, "posterior"), f"{row['sd_ratio']:.2f}",
            ", ".join(row["informed_by"])]  # fmt: skip


def _long(row: Row) -> list[Text]:
    return [
        row["key"],
        f"{row['sd_ratio']:.2f}",
        f"{row['trial_sd_ratio']:.2f}",
        f"{row['trial_bias']:+.2f}",
        f"{100 * row['trial_coverage']:.0f} %",
        f"{row['trial_rank_p']:.2f}",
        yes(row["identified"]),
        ", ".join(row["informed_by"]),
    ]
