"""``xiaozhen bench``: speed, memory and start-up time on this machine."""

from __future__ import annotations

from report.blocks import Grid, message
from report.text.catalogue import say
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.cli.streams import note
from xiaozhen.requests import Bench

MAIN = (
    "seconds_per_run", "agent_updates_per_second", "bytes_per_agent", "first_start_s", "later_start_s", "agents",
    "quarters",
)  # fmt: skip


def bench(asked: Bench, screen: Screen) -> Answer:
    """Measure speed, memory and start-up time."""
    from xiaozhen.api.speed import bench

    def tell(part: str) -> None:
        note(f"{say(f'output.{part}', screen.lang)} ...")

    found = bench(**asked.keywords(), tell=tell)
    rows = [(message(f"output.{name}"), shown(found[name]), name) for name in MAIN]
    head = ("", message("output.col_value"), message("output.col_id"))
    return Answer(found, [Grid(head, rows, message("output.bench_title"), words=(2,))])


def shown(value: float) -> str:
    """A measured number with three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
