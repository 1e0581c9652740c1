"""``xiaozhen bench``: speed, memory and start-up time on this machine."""

from __future__ import annotations

from typing import Any

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Command, Count, chosen, common, option
from xiaozhen.cli.output import note, print_json, table

MAIN = (
    "seconds_per_run", "agent_updates_per_second", "bytes_per_agent", "first_start_s", "later_start_s", "agents",
    "quarters",
)  # fmt: skip


@click.command(cls=Command, help="commands.bench.help")
@option("--regime", default="zhejiang_2015", show_default=True, help="help.opt_regime")
@option("--scale", type=Count(), default=1, show_default=True, help="help.opt_scale")
@option("--rounds", type=Count(), default=5, show_default=True, help="help.opt_rounds")
@common
def bench(regime: str, scale: int, rounds: int, as_json: bool, lang: str | None) -> None:
    """Measure speed, memory and start-up time."""
    from xiaozhen.api.library import scenario
    from xiaozhen.api.speed import measure

    told = chosen(lang)
    scenario(regime)
    found: dict[str, Any] = measure(
        regime,
        scale=scale,
        rounds=rounds,
        tell=lambda part: note(f"{say(f'output.{part}', told)} ..."),
    )
    if as_json:
        print_json(found)
        return
    rows = [(say(name, told), shown(found[name]), name) for name in MAIN]
    table(
        say("output.bench_title", told),
        ("", say("output.col_value", told), say("output.col_id", told)),
        rows,
        right=(1,),
    )


def shown(value: float) -> str:
    """A measured number with three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
