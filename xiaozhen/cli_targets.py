"""``xiaozhen targets``: published figures beside the model's."""

from __future__ import annotations

from typing import Any

import click

from xiaozhen.cli_base import Command, Count, chosen, common, option
from xiaozhen.cli_output import print_json


@click.command(cls=Command, help="targets")
@option("--replicates", type=Count(), default=20, show_default=True, help="opt_replicates")
@option("--workers", type=Count(), default=None, help="opt_workers")
@common
def targets(as_json: bool, lang: str | None, **asked: Any) -> None:
    """Compare the model with published figures."""
    from calibration.targets import table

    told = chosen(lang)
    found = table(told, **asked)
    print_json(found) if as_json else print(found)
