"""Texts: titles of scenario files in every language they have, and the English words of errors with their ids.

Nothing here is translated. A :class:`Text` holds what a file says in each language; a :class:`Phrase` is English that
other languages know by its id (``report/text``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LANGUAGES: tuple[str, ...] = ("zh", "en")
"""Languages that every title of a scenario file must have; others may stand beside them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language it has; `text["zh"]`, `text.zh` and `text.as_dict()` all work.

    Attributes:
        zh, en: The text in the two languages that must be there.
        others: Further languages, (code, text).
    """

    zh: str
    en: str
    others: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, lang: str) -> str:
        """Return the text in `lang`; in English where it lacks that one."""
        return self.zh if lang == "zh" else dict(self.others).get(lang, self.en) if self.others else self.en

    def as_dict(self) -> dict[str, str]:
        """Return `{"zh": ..., "en": ..., ...}`."""
        return {"zh": self.zh, "en": self.en, **dict(self.others)}

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in English that other languages know by their id.

    Attributes:
        id: Names the words, such as "store.full".
        english: The words, with gaps by name.
        values: What fills the gaps; anything whose `str` is English.
    """

    id: str
    english: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.english.format_map({name: str(value) for name, value in self.values.items()})

    def __bool__(self) -> bool:
        return bool(self.english)


def phrases(topic: str, words: Mapping[str, str]) -> dict[str, Phrase]:
    """Phrases of a topic by their own names."""
    return {name: Phrase(f"{topic}.{name}", english) for name, english in words.items()}


EMPTY = Text("", "")

KINDS: Mapping[str, Phrase] = phrases(
    "kind",
    {
        "lever": "lever",
        "instrument": "instrument",
        "regime": "regime",
        "fill": "fill",
        "clause": "clause",
        "fact": "fact",
        "source": "clause or fact id",
        "reading": "reading",
        "alternative": "alternative",
        "unit": "unit",
        "uncertainty": "uncertainty",
        "constant": "constant",
        "world": "world",
        "study": "study",
        "scenario": "scenario",
        "industry": "industry",
        "sub_industry": "sub-industry",
        "choice": "choice",
        "name": "name",
        "county": "county",
        "province": "province",
        "prefecture": "prefecture",
        "outcome": "outcome",
        "entry": "entry",
        "measure": "model measure",
        "trust": "grade of trust",
    },
)
"""What kinds of names are called."""
TYPES: Mapping[str, Phrase] = phrases(
    "type",
    {
        "text": "a text in double quotes",
        "texts": 'a text in both languages, {{ zh = "...", en = "..." }}',
        "number": "a number",
        "integer": "a whole number",
        "flag": "true or false",
        "table": "a table",
        "tables": "a list of tables ([[...]])",
        "list": "a list in square brackets",
        "ids": 'a list of ids, for example ["ZJ-CLAW-1"]',
        "schedule": "a list of numbers in square brackets",
        "by_industry": "a number, or a table from the eight industries to numbers",
        "bound": "a number or another lever's key",
        "quarter": 'a quarter, for example "2015Q2"',
    },
)
"""What a value must look like."""
SET_FORMS = Phrase(
    "type.set_forms",
    (
        'set = {{ "list.window" = "rolling" }}, or as_stated = true (what the regime states), or unrun = {{ '
        'zh = "...", en = "..." }} (why it cannot be run)'
    ),
)
"""How an alternative of a reading says which lever values it means."""
MESSAGES: Mapping[str, str] = {
    "unknown_key": "this key is not known here",
    "wrong_type": "the value is of the wrong type",
    "wrong_quarter": "this is not a quarter",
    "empty_text": "the text is empty",
    "empty_list": "the list is empty",
    "not_finite": "the number must be finite",
    "out_of_bounds": "the value is out of bounds",
    "bound_by_lever": 'the value is out of the bound that the lever "{other}" sets (in {quarter})',
    "bounds_order": "the lower bound is above the upper bound",
    "central_outside": "the central value is not between low and high",
    "dates_order": "the dates are out of order: {rule}",
    "at_with_range": "at cannot stand beside from or to",
    "missing_key": 'the key "{missing}" is missing',
    "missing_language": "the {language} text is missing",
    "missing_source": "the source is missing: every value needs a clause or fact id",
    "duplicate_key": "this key is written twice (first in line {first})",
    "duplicate_name": "this {kind} is already defined in {first}",
    "duplicate_value": "this lever has two values in one quarter ({quarter}; the other is in line {first})",
    "duplicate_override": "this name is set twice",
    "circular_extends": "extends runs in a circle: {chain}",
    "circular_above": "the regimes above run in a circle: {chain}",
    "above_not_higher": 'the regime above must be of a higher level than "{below}"',
    "unknown_unit": "there is no such unit",
    "unit_mismatch": 'the unit differs from the unit of the lever "{other}"',
    "unknown_name": "there is no {kind} of this name",
    "not_a_choice": "this is not one of the choices",
    "file_name": "the id differs from the name of the file",
    "bound_not_number": 'the lever "{other}" is no number and cannot be a bound',
    "file_missing": "there is no such file or folder",
    "file_folder": "a file is expected here, but this is a folder",
    "file_special": "this is not a plain file",
    "file_denied": "the file cannot be opened",
    "file_empty": "the file holds nothing",
    "file_too_large": "the file is too large and was not read",
    "file_encoding": "the file is not UTF-8 (at byte {offset})",
    "syntax": "this line is not valid TOML",
    "nesting": "the nesting is too deep to be read",
    "alternative_unset": "this alternative does not say which lever values realise it",
    "alternative_both": "this alternative says in more than one way which values realise it",
    "alternative_idle": "the reading is said not to matter (matters = false), so its alternatives cannot carry values",
    "alternative_twice": 'this alternative has the values of "{other}" and cannot be told from it',
    "reading_why": "only a reading that does not matter (matters = false) says why",
    "reading_idle": "this reading is said not to matter, yet a lever carries it",
    "bad_override": "a setting is written name=value",
    "bad_argument": 'the argument "{name}" has a wrong value',
}
"""What can be wrong with an input, by id."""
