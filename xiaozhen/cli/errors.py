"""A line that cannot be carried out as written."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from report.text.catalogue import say
from report.text.language import listed


class CommandError(Exception):
    """A line that cannot be carried out as written.

    Attributes:
        message_id: Id in the catalogue.
        values: What fills the gaps of the sentence.
        allowed: Names that may stand there.
        suggestion: What was probably meant.
        command: The command whose help tells more.
    """

    def __init__(
        self, message_id: str, *, allowed: Sequence[str] = (), suggestion: str = "", command: str = "", **values: object
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values
        self.allowed = tuple(allowed)
        self.suggestion = suggestion
        self.command = command

    def render(self, lang: str = "en") -> str:
        """The whole message: what is wrong, then what was probably meant and what is allowed."""
        lines = [say(self.message_id, lang, **self.values)]
        if self.suggestion:
            lines.append("    " + say("errors.did_you_mean", lang, name=self.suggestion))
        if self.allowed:
            lines.append("    " + say("errors.allowed", lang, names=listed(self.allowed, lang)))
        if self.command:
            lines.append("    " + say("errors.see_help", lang, command=self.command))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()


def nearest(word: str, names: Sequence[str]) -> str:
    """The name nearest to a misspelt word, or nothing where none is near."""
    close = difflib.get_close_matches(word[:80], names, n=1, cutoff=0.6)
    return close[0] if close else ""
