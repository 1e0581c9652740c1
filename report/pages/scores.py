"""Predictions scored against observations, on a screen."""

from __future__ import annotations

from calibration import validate as scoring
from calibration.scores import Verdict
from calibration.validate import Scored, Validation
from report.blocks import Block, Grid, Interval, Joined, Paragraph, Quantity, Text, banded, message, title
from report.text.outcomes import unit_name
from sim.parameters import Library

HEADS = (
    "predict.col_v_id", "predict.col_v_quantity", "predict.col_v_place", "output.col_unit", "predict.col_v_observed",
    "predict.col_v_predicted", "predict.col_v_within", "predict.col_v_model", "predict.col_v_last",
    "predict.col_v_pooled",
)  # fmt: skip
UNMATCHED = ("line", "id", "quantity", "reason", "near")


def screen(found: Validation, library: Library) -> list[Block]:
    """Every row that was scored, what they say together, and the rows that match nothing."""
    blocks: list[Block] = []
    if found.scored:
        head, rows = [message(name) for name in HEADS], [_row(one, library) for one in found.scored]
        blocks.append(Grid(head, rows, message("predict.validate_title"), words=(1, 2, 3, 6)))
        blocks.append(Paragraph(message("predict.validate_score_note")))
    blocks += [Paragraph(text) for kind in scoring.KINDS for text in _judged(found, kind)]
    return [*blocks, *_unmatched(found)]


def _row(one: Scored, library: Library) -> list[Text]:
    seen, said, row = one.match.observation, one.match.predicted, one.match.row
    q, unit, within = one.quantiles["model"], said.unit, one.within()
    named: tuple[Text, Text] = (title(row.title), title(row.region)) if row else (said.quantity, said.region)
    scores: list[Text] = [
        Quantity(one.scores[name], unit, bare=True) if name in one.scores else ""
        for name in ("model", "last", "pooled")
    ]
    return [
        seen.id if seen.id == said.id else f"{seen.id} → {said.id}",
        named[0],
        Joined((named[1], said.period), "comma"),
        unit_name(unit, library),
        Quantity(seen.value, unit, bare=True),
        banded(q["median"], q["lo90"], q["hi90"], unit),
        message("predict.validate_outside") if within is None else f"{within} %",
        *scores,
    ]


def _judged(found: Validation, kind: str) -> list[Text]:
    called, covered = message(f"predict.validate_kind_{kind}"), found.coverage[kind]
    if covered[0].rows == 0:
        return [message("predict.validate_no_rows", kind=called)]
    ninety = next(c for c in covered if c.level == 90)
    held = ", ".join(str(c.held) for c in covered)
    share = Joined((Quantity(ninety.held / ninety.rows, "ratio", bare=True), " %"), "none")
    around = Joined((Interval(ninety.low, ninety.high, "ratio", each=True), " %"), "none")
    told: list[Text] = [
        message("predict.validate_coverage", kind=called, rows=ninety.rows, held=held, share=share, interval=around)
    ]
    return told + [_verdict(verdict, name) for name, verdict in found.verdicts[kind].items()]


def _verdict(v: Verdict, name: str) -> Text:
    return message(
        f"predict.validate_verdict_{v.verdict}",
        baseline=message(f"predict.validate_against_{name}"),
        rows=v.rows,
        wins=v.better,
        losses=v.worse,
        mean=Quantity(v.mean, "none", sign=True, bare=True),
        interval=Interval(v.low, v.high, "none", sign=True, each=True),
    )


def _unmatched(found: Validation) -> list[Block]:
    if not found.unmatched:
        return []
    rows: list[list[Text]] = [
        [
            str(u.observation.line),
            u.observation.id,
            u.observation.quantity,
            message(f"predict.reason_{u.reason}"),
            u.near,
        ]
        for u in found.unmatched
    ]
    head = [message(f"predict.col_v_{name}") for name in UNMATCHED]
    return [Grid(head, rows, message("predict.validate_unmatched"), words=True)]
