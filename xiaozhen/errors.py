"""What can be wrong with something asked, on a line or from Python."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import ClassVar

from experiments.errors import ExperimentError
from sim.parameters.errors import Words, listed


class CommandError(ExperimentError):
    """A line that cannot be carried out as written.

    Attributes:
        command: The command whose help tells more.
    """

    topic: ClassVar[str] = "command"
    sentences: ClassVar[Mapping[str, str]] = {
        "fit_quick_install": "a small fit cannot become the default behaviour",
        "predict_nothing": "say --out or --page",
        "validate_nothing": "say --observations",
        "only_designs_have_points": "--n is for designs; “{found}” is a study",
        "no_command": "there is no command “{found}”",
        "no_option": "there is no option {found}",
        "no_argument": "{name} is missing",
        "extra_argument": "“{found}” is one word too many",
        "option_usage": "the option {name} is not written this way",
        "no_value": "the option {name} needs a value",
        "no_value_here": "the option {name} takes no value",
        "not_among": "{name} cannot be “{found}”",
        "not_count": "{name} must be a whole number of at least {low}, not “{found}”",
        "bad_usage": "the command is not written this way",
        "unwritable": "cannot write to {found}: {why}",
        "not_folder": "{found} is a file, not a folder",
        "not_empty": "{found} holds other files already, so nothing was written",
        "no_county_file": "there is no county file {found}",
        "threads_and_workers": "use either --threads or --workers",
        "see_help": "    see {command} --help",
    }

    def __init__(
        self, message_id: str, *, allowed: Sequence[str] = (), suggestion: str = "", command: str = "", **values: object
    ) -> None:
        super().__init__(message_id, allowed=listed(allowed, len(allowed)), suggestion=suggestion, details=values)
        self.command = command

    def lines(self) -> list[Words]:
        """What is wrong, what is allowed and probably meant, and whose help tells more."""
        help_ = [self.phrase("see_help", {"command": self.command})] if self.command else []
        return [*super().lines(), *help_]


def nearest(word: str, names: Sequence[str]) -> str:
    """The name nearest to a misspelt word, or nothing where none is near."""
    close = difflib.get_close_matches(word[:80], names, n=1, cutoff=0.6)
    return close[0] if close else ""


class AskedError(ExperimentError):
    """Something asked of a frame or plan that it does not hold."""

    topic: ClassVar[str] = "asked"
    sentences: ClassVar[Mapping[str, str]] = {
        "no_such_outcome": "the frame has no such outcome",
        "no_such_point": "the frame has no such point",
        "not_one_point": "the baseline must be exactly one point; {points} points match",
        "fixed_plan": "a plan has its points and replicates already; give them where the plan is made",
        "odd_values": "a factor takes None (its default range), a tuple (low, high), or a list of values",
    }
