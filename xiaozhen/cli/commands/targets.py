"""``xiaozhen targets``: published figures beside the model's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Command, Count, chosen, common, option
from xiaozhen.cli.output import line, print_json, progress, table

COLUMNS = (
    "output.col_target",
    "output.col_unit",
    "output.col_published",
    "output.col_model",
    "output.col_ratio",
    "output.col_inside",
    "output.col_id",
)


@click.command(cls=Command, help="commands.targets.help")
@option("--replicates", type=Count(), default=20, show_default=True, help="help.opt_replicates")
@option("--regime", default="zhejiang_2015", show_default=True, help="help.opt_regime")
@option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="help.opt_set")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@common
def targets(
    replicates: int, regime: str, settings: tuple[str, ...], workers: int | None, as_json: bool, lang: str | None
) -> None:
    """Compare the model with published figures."""
    from calibration.closeness import compare, tally
    from report.pages.targets import rows
    from xiaozhen.api.library import is_uncertainty, load, scenario, settings_of

    told, library = chosen(lang), load()
    given = settings_of(settings)
    scenario(regime, given)
    behaviour = {key: value for key, value in given.items() if is_uncertainty(library, key)}
    levers = {key: value for key, value in given.items() if key not in behaviour}
    with progress(told) as tell:
        frame = compare(replicates, regime, workers, library, tell, levers=levers or None, behaviour=behaviour or None)
    found, counts = rows(frame, told), tally(frame)
    if as_json:
        print_json({"regime": regime, "replicates": replicates, "tally": counts, "targets": found})
        return
    title = say("output.targets_title", told, replicates=replicates)
    table(title, [say(head, told) for head in COLUMNS], [_row(r, told) for r in found], right=(2, 3, 4))
    line(say("output.targets_tally", told, **counts))


def _row(row: Mapping[str, Any], lang: str) -> list[str]:
    from report.text.quantity import interval, number
    from xiaozhen.api.names import unit_name

    unit = row["unit"]

    def with_band(value: float, low: float, high: float) -> str:
        return f"{number(value, unit, lang)} ({interval(low, high, unit, lang)})"

    return [
        row["title"],
        unit_name(unit, lang),
        with_band(row["target"], row["lo"], row["hi"]),
        with_band(row["model_median"], row["model_lo90"], row["model_hi90"]),
        number(row["ratio"], "", lang),
        say(
            "output.undefined"
            if math.isnan(row["model_median"])
            else "output.yes"
            if row["inside_interval"]
            else "output.no",
            lang,
        ),
        row["id"],
    ]
