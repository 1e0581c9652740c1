"""Input problems: one class per kind of mistake, each telling file, line, key, what was found, what is allowed.

Messages exist in Chinese and English by id (`sim.parameters.texts`). `InputErrors` carries many at once.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from sim.parameters.texts import KINDS, LABELS, MESSAGES, Text, in_language

SHOWN_CHARACTERS = 90


class InputError(Exception):
    """A mistake in an input file or an override.

    Attributes:
        message_id: id of the sentence in `sim.parameters.texts.MESSAGES`.
        file: the file as shown to the reader, "" for the command line or a call.
        line: line number from 1, or None where there is none.
        key: dotted key inside the file, "" where there is none; list positions count from 1.
        found, allowed, suggestion: what stands there, what may stand there, what was probably meant.
        details: what fills the placeholders of the sentence.
    """

    def __init__(
        self,
        message_id: str,
        *,
        file: str = "",
        line: int | None = None,
        key: str = "",
        found: Text | str = "",
        allowed: Text | str = "",
        suggestion: Text | str = "",
        details: Mapping[str, Text | str] | None = None,
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.file = _one_line(file.encode("utf-8", "replace").decode("utf-8"))
        self.line = line
        self.key = _one_line(key)
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

    def sentence(self, lang: str) -> str:
        """Return what is wrong, in `lang`, without place and details."""
        filled = {name: in_language(value, lang) for name, value in self.details.items()}
        return MESSAGES[self.message_id][lang].format(**filled)

    def place(self, lang: str) -> str:
        """Return where it is wrong: file, line and key, in `lang`."""
        parts = [self.file or LABELS["override"][lang]]
        if self.line is not None:
            parts.append(f"第 {self.line} 行" if lang == "zh" else f"line {self.line}")
        if self.key:
            parts.append(self.key)
        return ("，" if lang == "zh" else ", ").join(parts)

    def render(self, lang: str = "en") -> str:
        """Return the whole message in `lang` ("zh" or "en"): one block of one to four lines."""
        colon = "：" if lang == "zh" else ": "
        lines = [f"{self.place(lang)}{colon}{self.sentence(lang)}"]
        for name in ("found", "allowed", "suggestion"):
            shown = in_language(getattr(self, name), lang)
            if shown:
                mark = ("？" if lang == "zh" else "?") if name == "suggestion" else ""
                lines.append(f"    {LABELS[name][lang]}{colon}{shown}{mark}")
        return "\n".join(_one_line(line) for line in lines)

    def __str__(self) -> str:
        return self.render("en")

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain data (for the page and for `--json`)."""
        both = {
            name: {lang: in_language(getattr(self, name), lang) for lang in ("zh", "en")}
            for name in ("found", "allowed", "suggestion")
        }
        sentence = {lang: self.sentence(lang) for lang in ("zh", "en")}
        return {
            "id": self.message_id,
            "kind": type(self).__name__,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "sentence": sentence,
            **both,
        }


def _one_line(text: str) -> str:
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

    def render(self, lang: str = "en") -> str:
        """Return all messages in `lang`, one block each, under a count."""
        head = LABELS["count_one" if len(self.problems) == 1 else "count"][lang].format(n=len(self.problems))
        return "\n".join([head, *(problem.render(lang) for problem in self.problems)])


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
