"""Input problems: one class per kind of mistake, each telling file, line, key, what was found, what is allowed.

`str(error)` is the whole message in English; other languages know each sentence by its id (`report.text.errors`).
`InputErrors` carries many at once.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, ClassVar

from sim.parameters.texts import KINDS, MESSAGES, Phrase, Text, phrases

SHOWN_CHARACTERS = 90
Words = Text | Phrase | str
"""What an error says of a value: its `str` is English."""


class ProductError(Exception):
    """An error that says what is wrong in whole English sentences, and by ids that other languages know.

    Attributes:
        topic: Where the ids of the class stand: a sentence is known as "topic.id".
        sentences: English sentences of the class by id, with gaps by name.
    """

    topic: ClassVar[str] = ""
    sentences: ClassVar[Mapping[str, str]] = {}

    def lines(self) -> list[Words]:
        """Return the message line by line."""
        raise NotImplementedError

    def phrase(self, message_id: str, values: Mapping[str, Any]) -> Phrase:
        """Return a sentence of this class or of one it builds on."""
        line = [c for c in type(self).__mro__ if issubclass(c, ProductError)]
        owner = next(c for c in line if message_id in vars(c).get("sentences", ()))
        return Phrase(f"{owner.topic}.{message_id}", owner.sentences[message_id], values)

    def __str__(self) -> str:
        return "\n".join(one_line(str(line)) for line in self.lines())


class InputError(ProductError):
    """A mistake in an input file or an override.

    Attributes:
        message_id: id of the sentence, in `sentences` of the class or of one it builds on.
        file: the file as shown to the reader, "" for the command line or a call.
        line: line number from 1, or None where there is none.
        key: dotted key inside the file, "" where there is none; list positions count from 1.
        found, allowed, suggestion: what stands there, what may stand there, what was probably meant.
        details: what fills the placeholders of the sentence.
    """

    topic: ClassVar[str] = "input"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES

    def __init__(
        self,
        message_id: str,
        *,
        file: str = "",
        line: int | None = None,
        key: str = "",
        found: Words = "",
        allowed: Words = "",
        suggestion: Words = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.file = one_line(file.encode("utf-8", "replace").decode("utf-8"))
        self.line = line
        self.key = one_line(key)
        self.found = found
        self.allowed = allowed
        self.suggestion = suggestion
        self.details = dict(details or {})

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild by keyword, so that an error crosses process borders whole."""
        fields = {
            name: getattr(self, name) for name in ("file", "line", "key", "found", "allowed", "suggestion", "details")
        }
        return _rebuild, (type(self), self.message_id, fields)

    def sentence(self) -> Phrase:
        """Return what is wrong, without place and details."""
        return self.phrase(self.message_id, self.details)

    def place(self) -> Words:
        """Return where it is wrong: file, line and key."""
        place: Words = self.file or LABELS["override"]
        if self.line is not None:
            place = Phrase("label.line", LINE, {"place": place, "n": self.line})
        return Phrase("label.key", KEY, {"place": place, "key": self.key}) if self.key else place

    def lines(self) -> list[Words]:
        """Return the message in one to four lines: place and sentence, found, allowed, did you mean."""
        place, sentence = self.place(), self.sentence()
        said: list[Words] = [Phrase("label.at", AT, {"place": place, "what": sentence}) if place else sentence]
        for name in ("found", "allowed", "suggestion"):
            if what := getattr(self, name):
                said.append(Phrase(f"label.{name}", LABELS[name].english, {"what": what}))
        return said


LABELS: Mapping[str, Phrase] = phrases(
    "label",
    {
        "found": "    found: {what}",
        "allowed": "    allowed: {what}",
        "suggestion": "    did you mean: {what}?",
        "override": "command line or call",
        "count": "{n} problems in the input files:",
        "count_one": "1 problem in the input files:",
    },
)
AT, LINE, KEY = "{place}: {what}", "{place}, line {n}", "{place}, {key}"


def one_line(text: str) -> str:
    """Return a text with line breaks and other control characters written out, so that a message keeps its form."""
    return "".join(sign if sign.isprintable() or sign == "\u3000" else repr(sign)[1:-1] for sign in text)


def _rebuild(cls: type[InputError], message_id: str, fields: dict[str, object]) -> InputError:
    return cls(message_id, **fields)  # type: ignore[arg-type]


class UnknownKey(InputError):
    """A key that the table does not know."""


class WrongType(InputError):
    """A value of the wrong type or form."""


class OutOfBounds(InputError):
    """A number or date outside its range."""


class MissingKey(InputError):
    """A key or language that must be there and is not."""


class MissingSource(MissingKey):
    """A value without a clause or fact id."""


class DuplicateKey(InputError):
    """The same key, name or lever and quarter twice."""


class CircularExtends(InputError):
    """Regimes that extend each other in a circle."""


class UnknownName(InputError):
    """A reference to something that does not exist."""


def check_known(name: str, names: Iterable[str], kind: str) -> None:
    """Make sure that a name exists.

    Args:
        name: What was asked for.
        names: What there is.
        kind: Its kind, a key of :data:`sim.parameters.texts.KINDS`.

    Raises:
        UnknownName: It does not; the message lists what there is and guesses what was meant.
    """
    known = list(names)
    if name not in known:
        raise UnknownName(
            "unknown_name",
            found=shown(name),
            allowed=listed(known),
            suggestion=nearest(name, known),
            details={"kind": KINDS[kind]},
        )


class UnknownUnit(UnknownName):
    """A unit that scenarios/units.toml does not define."""


class UnitMismatch(InputError):
    """Two units that must be the same and are not."""


class UnreadableFile(InputError):
    """A file that cannot be read as UTF-8 TOML."""


class BrokenSyntax(UnreadableFile):
    """A file that is not valid TOML."""


class InputErrors(InputError):
    """All problems found at once, in the order of files and lines."""

    def __init__(self, problems: Iterable[InputError]) -> None:
        self.problems = tuple(_flat(problems))
        first = self.problems[0]
        super().__init__(
            first.message_id,
            file=first.file,
            line=first.line,
            key=first.key,
            found=first.found,
            allowed=first.allowed,
            suggestion=first.suggestion,
            details=first.details,
        )

    def __reduce__(self) -> tuple[object, ...]:
        return InputErrors, (self.problems,)

    def lines(self) -> list[Words]:
        """Return all messages, one block each, under a count."""
        n = len(self.problems)
        head = Phrase(
            "label.count_one" if n == 1 else "label.count", LABELS["count_one" if n == 1 else "count"].english
        )
        return [replace(head, values={"n": n}), *(line for problem in self.problems for line in problem.lines())]


def _flat(problems: Iterable[InputError]) -> Iterable[InputError]:
    for problem in problems:
        if isinstance(problem, InputErrors):
            yield from problem.problems
        else:
            yield problem


def nearest(word: object, names: Iterable[str]) -> str:
    """Return the name nearest to `word` (difflib), or "" where none is near."""
    if not isinstance(word, str) or not word or len(word) > SHOWN_CHARACTERS:
        return ""
    known = sorted(set(names))
    by_case = {name.casefold(): name for name in known}
    if word.casefold() in by_case:
        return by_case[word.casefold()]
    ends = [name for name in known if name.rpartition(".")[2] == word]
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else (ends[0] if len(ends) == 1 else "")


def shown(value: object) -> str:
    """Return a TOML value as it would be written, cut to a readable length."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int) and abs(value) >= 10**SHOWN_CHARACTERS:
        text = "1000…"
    elif isinstance(value, (datetime, date, time)):
        text = value.isoformat()
    elif isinstance(value, (int, float)):
        text = repr(value)
    else:
        text = _dumped(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _dumped(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return type(value).__name__


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Return names as a short comma-separated list for `allowed`."""
    known = list(names)
    tail = f", … ({len(known)})" if len(known) > limit else ""
    return ", ".join(known[:limit]) + tail
