"""What is said wherever a regime or a run has a clause that may not be carried out: one note, from data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report.blocks import Joined, Text, message, title
from sim.parameters import Library
from sim.parameters.enforcement import doubtful
from sim.parameters.records import Lever, Value


def of_regime(library: Library, regime: str) -> list[Text]:
    """The notes of a regime: with the centre and the bounds of what is not known."""
    made = library.resolve(regime, quarters=40)
    return [of_lever(library, lever) for lever in doubtful(library, made.levers)]


def of_lever(library: Library, lever: Lever) -> Text:
    """The note of a lever, whoever sets it."""
    prior = library.uncertainties[lever.enforcement]
    chance = message("report.chance_prior", middle=plain(prior.central), low=plain(prior.low), high=plain(prior.high))
    return note(lever.title.as_dict(), lever.source, chance)


def of_runs(
    library: Library, levers: Mapping[str, tuple[Value, ...]], behaviours: Sequence[Mapping[str, float]]
) -> list[Text]:
    """The notes of a scenario with what its runs took."""
    return [
        note(lever.title.as_dict(), lever.source, spread([one[lever.enforcement] for one in behaviours]))
        for lever in doubtful(library, levers)
    ]


def note(what: Mapping[str, str], clauses: Sequence[str], chance: Text) -> Text:
    """That the law says always, and with which probability it is carried out."""
    return message("report.carried_out", what=title(what), clauses=Joined(list(clauses), "comma"), chance=chance)


def spread(chances: Sequence[float]) -> Text:
    """The probability that all runs took, or the lowest and highest."""
    low, high = plain(min(chances)), plain(max(chances))
    return low if low == high else message("report.chance_runs", low=low, high=high)


def plain(value: float) -> str:
    """A probability in two digits."""
    return f"{value:.2g}"
