"""Say which gaps of a regime were filled, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.text.catalogue import say
from xiaozhen.cli.output import line

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns


def filled_line(group: ScenarioRuns, lang: str) -> None:
    """Print what lent values to a scenario for what its documents leave unstated, if anything did."""
    from xiaozhen.api.library import load

    fills = load().fills
    filled = group.resolved.filled
    for name in dict.fromkeys(filled.values()):
        title = fills[name].title[lang] if name in fills else name
        keys = [key for key, lender in filled.items() if lender == name]
        text = say(
            "output.gaps_filled",
            lang,
            title=group.title[lang],
            fill=f"{name} {title}",
            n=len(keys),
            names=", ".join(keys),
        )
        line(text)
