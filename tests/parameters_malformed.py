"""Malformed scenario files, made from the real ones: each case is one mistake and what must be said about it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import scenarios
from sim.parameters import errors

ROOT = scenarios.ROOT
FOLDER = object()
"""In place of a file's bytes: a folder of that name."""


@dataclass(frozen=True)
class Case:
    """One mistake: the file, its new bytes, and the error, message, line and key to expect (None: no claim).

    Cases of one `group` change different files that do not bear on each other, and are loaded together.
    """

    name: str
    file: str
    content: object
    error: type[errors.InputError]
    message: str
    line: int | None = None
    key: str | None = None
    suggestion: str | None = None
    many: bool = False
    group: str = ""


def text_of(file: str) -> str:
    """Return a real file's text."""
    return (ROOT / file).read_text(encoding="utf-8")


def files(section: str) -> list[str]:
    """Return the real files of a section."""
    folder = ROOT / section
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else [ROOT / f"{section}.toml"]
    return [path.relative_to(ROOT).as_posix() for path in paths]


SECTIONS = (
    "units", "constants", "facts", "readings", "clauses", "instruments", "regimes", "fills", "worlds", "behaviour",
    "studies",
)  # fmt: skip
ALL_FILES = [file for section in SECTIONS for file in files(section)]


def swap(file: str, pattern: str, new: str, *, after: str = "", line_of: str | None = None) -> tuple[bytes, int]:
    """Replace the first match of `pattern` after the text `after`; return the new bytes and the line to be named.

    `line_of` names another place: the first line at or after `after` that holds this text.
    """
    text = text_of(file)
    start = text.index(after) if after else 0
    match = re.compile(pattern, re.M).search(text, start)
    assert match, (file, pattern)
    changed = text[: match.start()] + match.expand(new.replace("\\n", "\n")) + text[match.end() :]
    at = match.start() if line_of is None else changed.index(line_of, start)
    return changed.encode(), changed.count("\n", 0, at) + 1


def _swapped(
    name: str,
    file: str,
    pattern: str,
    new: str,
    error: type[errors.InputError],
    message: str,
    *,
    after: str = "",
    line_of: str | None = None,
    key: str | None = None,
    suggestion: str | None = None,
    many: bool = False,
) -> Case:
    content, line = swap(file, pattern, new, after=after, line_of=line_of)
    return Case(f"{file}: {name}", file, content, error, message, line, key, suggestion, many)


def _with_bytes(
    name: str, change: Callable[[bytes], object], error: type[errors.InputError], message: str, many: bool = False
) -> Callable[[str], Case]:
    def make(file: str) -> Case:
        return Case(f"{file}: {name}", file, change((ROOT / file).read_bytes()), error, message, many=many)

    return make


def _duplicated(file: str) -> Case:
    lines = text_of(file).split("\n")
    at = next(place for place, line in enumerate(lines) if re.match(r"[a-z_]+ = ", line))
    return Case(
        f"{file}: a line twice",
        file,
        "\n".join(lines[: at + 1] + lines[at:]).encode(),
        errors.DuplicateKey,
        "duplicate_key",
        at + 2,
    )


def _broken(row: str, suggestion: str | None = None) -> Callable[[str], Case]:
    def make(file: str) -> Case:
        lines = text_of(file).rstrip("\n").split("\n")
        return Case(
            f"{file}: ends with {row}",
            file,
            "\n".join([*lines, row, ""]).encode(),
            errors.BrokenSyntax,
            "syntax",
            len(lines) + 1,
            suggestion=suggestion,
        )

    return make


def _not_utf8(file: str) -> Case:
    raw = (ROOT / file).read_bytes()
    at = raw.index(b"\n", len(raw) // 2) + 1
    return Case(
        f"{file}: a byte that is not UTF-8",
        file,
        raw[:at] + b"# \xff\n" + raw[at:],
        errors.UnreadableFile,
        "file_encoding",
        raw.count(b"\n", 0, at) + 1,
    )


def _stray_key(file: str) -> Case:
    return Case(
        f"{file}: stray key",
        file,
        b"stray_key = 1\n" + (ROOT / file).read_bytes(),
        errors.UnknownKey,
        "unknown_key",
        1,
        "stray_key",
    )


WHOLE_FILE: list[Callable[[str], Case]] = [
    _with_bytes("empty", lambda raw: b"", errors.UnreadableFile, "file_empty"),
    _duplicated,
    _with_bytes("in GBK", lambda raw: raw.decode().encode("gb18030"), errors.UnreadableFile, "file_encoding"),
    _broken("stray = 三十", 'stray = "三十"'),
    _with_bytes("a folder", lambda raw: FOLDER, errors.UnreadableFile, "file_folder"),
    _not_utf8,
    _broken("stray = “quoted”", 'stray = "quoted"'),
    _with_bytes("too large", lambda raw: raw + b"#" * (2 << 20), errors.UnreadableFile, "file_too_large"),
    _broken('stray = "open'),
    _with_bytes("spaces only", lambda raw: b" \n\t\n", errors.UnreadableFile, "file_empty"),
    _broken("[table"),
    _broken("a_share = 50%", "a_share = 0.5"),
    _broken("a_share = .5", "a_share = 0.5"),
    _broken("a_sum：1,500,000", "a_sum = 1500000"),
    _broken("a_flag = True", "a_flag = true"),
    _with_bytes("in UTF-16", lambda raw: raw.decode().encode("utf-16"), errors.UnreadableFile, "file_encoding"),
    _broken("stray = [1, 2"),
    _with_bytes("comments only", lambda raw: b"# nothing\n", errors.UnreadableFile, "file_empty"),
    _with_bytes("deep nesting", lambda raw: b"x = " + b"[" * 20000 + b"]" * 20000, errors.BrokenSyntax, "nesting"),
    _broken("stray = 2015-13-45"),
    _with_bytes("a null byte", lambda raw: raw + b"\n\x00\n", errors.BrokenSyntax, "syntax"),
]


def whole_file_cases() -> Iterator[Case]:
    """Give every real file three of the mistakes in turn, so that each mistake meets many kinds of file."""
    for place, file in enumerate(ALL_FILES):
        for step in range(3):
            yield WHOLE_FILE[(place * 3 + step) % len(WHOLE_FILE)](file)


def stray_key_cases() -> Iterator[Case]:
    """Put a key that no file knows at the top of every file."""
    for file in ALL_FILES:
        if not file.startswith("worlds/"):
            yield replace(_stray_key(file), group="stray keys")


def lever_cases() -> Iterator[Case]:
    """Give every lever file five of ten mistakes in turn, in its last lever."""
    for place, file in enumerate(files("instruments")):
        for step in range(5):
            yield replace(_lever_case(file, (place * 5 + step) % 10), group=f"levers {step}")


def _lever_case(file: str, which: int) -> Case:
    name, lever = list(tomllib.loads(text_of(file))["lever"].items())[-1]
    head, key = f"[lever.{name}]", f"lever.{name}"
    bad_inert = (errors.UnknownName, "not_a_choice") if lever["type"] == "choice" else (errors.WrongType, "wrong_type")
    made: list[Callable[[], Case]] = [
        lambda: _swapped(
            "key misspelt",
            file,
            r"^title =",
            "titel =",
            errors.UnknownKey,
            "unknown_key",
            after=head,
            key=f"{key}.titel",
            suggestion="title",
        ),
        lambda: _swapped(
            "unit misspelt",
            file,
            r'^unit = ".*"',
            'unit = "ratoi"',
            errors.UnknownUnit,
            "unknown_unit",
            after=head,
            key=f"{key}.unit",
            suggestion="ratio",
        ),
        lambda: _swapped(
            "no source",
            file,
            r"^source = .*\n",
            "",
            errors.MissingSource,
            "missing_source",
            after=head,
            line_of=head,
            key=key,
        ),
        lambda: _swapped(
            "source empty",
            file,
            r"^source = .*",
            "source = []",
            errors.MissingSource,
            "missing_source",
            after=head,
            key=f"{key}.source",
        ),
        lambda: _swapped(
            "source unknown",
            file,
            r"^source = .*",
            'source = ["ZJ-CLAWW-1"]',
            errors.UnknownName,
            "unknown_name",
            after=head,
            key=f"{key}.source[1]",
            suggestion="ZJ-CLAW-1",
        ),
        lambda: _swapped(
            "no English",
            file,
            r"^title = .*",
            'title = { zh = "题" }',
            errors.MissingKey,
            "missing_language",
            after=head,
            key=f"{key}.title",
        ),
        lambda: _swapped(
            "type misspelt",
            file,
            r"^type = .*",
            'type = "numbr"',
            errors.UnknownName,
            "not_a_choice",
            after=head,
            key=f"{key}.type",
            suggestion="number",
            many=True,
        ),
        lambda: _swapped(
            "inert wrong", file, r"^inert = .*", 'inert = "?"', *bad_inert, after=head, key=f"{key}.inert"
        ),
        lambda: _swapped(
            "evidence unknown",
            file,
            r"^evidence = .*",
            'evidence = "ruel"',
            errors.UnknownName,
            "not_a_choice",
            after=head,
            key=f"{key}.evidence",
            suggestion="rule",
        ),
        lambda: (
            _swapped(
                "reading unknown",
                file,
                r"^source = .*",
                '\\g<0>\nreading = "D-99"\nx_ = 1',
                errors.UnknownName,
                "unknown_name",
                after=head,
                line_of='reading = "D-99"',
                key=f"{key}.reading",
                many=True,
            )
            if "reading" not in lever
            else _swapped(
                "reading unknown",
                file,
                r"^reading = .*",
                'reading = "D-99"',
                errors.UnknownName,
                "unknown_name",
                after=head,
                key=f"{key}.reading",
            )
        ),
    ]
    return made[which]()


def regime_cases() -> Iterator[Case]:
    """Give every regime that sets values the same mistakes, in its head and in its first value."""
    for file in files("regimes"):
        if "[[value]]" in text_of(file):
            for place, case in enumerate([*_regime_head(file), *_regime_value(file)]):
                yield replace(case, group=f"regimes {place}")


def _regime_head(file: str) -> Iterator[Case]:
    name = Path(file).stem
    yield _swapped(
        "level unknown",
        file,
        r"^level = .*",
        'level = "provinse"',
        errors.UnknownName,
        "not_a_choice",
        key="regime.level",
        suggestion="province",
    )
    yield _swapped(
        "no authority",
        file,
        r"^authority = .*\n",
        "",
        errors.MissingKey,
        "missing_key",
        line_of="[regime]",
        key="regime",
    )
    yield _swapped(
        "extends unknown",
        file,
        r"^extends = .*",
        'extends = "nul"',
        errors.UnknownName,
        "unknown_name",
        key="regime.extends",
        suggestion="null",
    )
    yield _swapped(
        "extends itself",
        file,
        r"^extends = .*",
        f'extends = "{name}"',
        errors.CircularExtends,
        "circular_extends",
        key="regime.extends",
        many=True,
    )
    yield _swapped(
        "announced late",
        file,
        r"^announced = .*",
        'announced = "2030Q1"',
        errors.OutOfBounds,
        "dates_order",
        key="regime.announced",
    )
    yield _swapped(
        "date bad",
        file,
        r"^announced = .*",
        'announced = "2015年2季度"',
        errors.WrongType,
        "wrong_quarter",
        key="regime.announced",
        suggestion='"2015Q2"',
    )
    yield _swapped(
        "id differs",
        file,
        r"^id = .*",
        'id = "other_name"',
        errors.UnknownName,
        "file_name",
        key="regime.id",
    )
    yield _swapped(
        "title no table", file, r"^title = .*", 'title = "浙江"', errors.WrongType, "wrong_type", key="regime.title"
    )
    yield _swapped(
        "unstated no list",
        file,
        r"^unstated = \[",
        "unstated = 3\nmore = [",
        errors.WrongType,
        "wrong_type",
        key="regime.unstated",
        many=True,
    )
    yield _swapped(
        "value no list",
        file,
        r"^\[\[value\]\]",
        "[valve]",
        errors.UnknownKey,
        "unknown_key",
        key="valve",
        suggestion="value",
        many=True,
    )


def _regime_value(file: str) -> Iterator[Case]:
    value = r"^value = .*"
    first = text_of(file)[text_of(file).index("[[value]]") :].split("\n\n")[0]
    numeric = r'\[\[value\]\]\nlever = "approval\.\w+"\nvalue = .*'
    yield _swapped(
        "lever misspelt",
        file,
        r'^lever = "(\w+)\.(\w+)"',
        r'lever = "\1.\2z"',
        errors.UnknownName,
        "unknown_name",
        key="value[1].lever",
    )
    yield _swapped(
        "value missing", file, value + r"\n", "", errors.MissingKey, "missing_key", line_of="[[value]]", key="value[1]"
    )
    yield _swapped(
        "value a date", file, value, "value = 2015-04-22", errors.WrongType, "wrong_type", key="value[1].value"
    )
    yield _swapped(
        "no clause",
        file,
        r"^clause = .*\n",
        "",
        errors.MissingSource,
        "missing_source",
        line_of="[[value]]",
        key="value[1]",
    )
    yield _swapped(
        "clause unknown",
        file,
        r"^clause = .*",
        'clause = ["XX-NONE-1"]',
        errors.UnknownName,
        "unknown_name",
        key="value[1].clause[1]",
    )
    yield _swapped(
        "clause a number", file, r"^clause = .*", "clause = 8", errors.WrongType, "wrong_type", key="value[1].clause"
    )
    yield _swapped(
        "unit differs",
        file,
        value,
        '\\g<0>\nunit = "mu"',
        errors.UnitMismatch,
        "unit_mismatch",
        line_of='unit = "mu"',
        key="value[1].unit",
    )
    yield _swapped(
        "before effect",
        file,
        value,
        '\\g<0>\nfrom = "2001Q1"',
        errors.OutOfBounds,
        "dates_order",
        line_of='from = "2001Q1"',
        key="value[1].from",
    )
    yield _swapped(
        "to before from",
        file,
        value,
        '\\g<0>\nfrom = "2020Q1"\nto = "2019Q1"',
        errors.OutOfBounds,
        "dates_order",
        line_of='to = "2019Q1"',
        key="value[1].to",
    )
    yield _swapped(
        "at and from",
        file,
        value,
        '\\g<0>\nfrom = "2020Q1"\nat = "2020Q1"',
        errors.UnknownKey,
        "at_with_range",
        line_of='at = "2020Q1"',
        key="value[1].at",
    )
    yield _swapped(
        "quarter five",
        file,
        value,
        '\\g<0>\nfrom = "2015Q5"',
        errors.WrongType,
        "wrong_quarter",
        line_of='from = "2015Q5"',
        key="value[1].from",
    )
    doubled = f"{text_of(file).rstrip()}\n\n{first}\n"
    yield Case(
        f"{file}: two values",
        file,
        doubled.encode(),
        errors.DuplicateKey,
        "duplicate_value",
        doubled.count("\n", 0, doubled.rindex("[[value]]")) + 2,
    )
    if re.search(numeric, text_of(file)):
        yield (
            _swapped(
                "out of bounds",
                file,
                r'(lever = "approval\.(?:days|registration)"\nvalue = ).*',
                r"\g<1>400",
                errors.OutOfBounds,
                "out_of_bounds",
                line_of="value = 400",
            )
            if re.search(r'"approval\.(?:days|registration)"', text_of(file))
            else _swapped(
                "flag a text",
                file,
                r'(lever = "approval\.\w+"\nvalue = ).*',
                r'\g<1>"true"',
                errors.WrongType,
                "wrong_type",
                line_of='value = "true"',
                suggestion="true",
            )
        )


def single_cases() -> Iterator[Case]:
    """Mistakes that one file alone can show."""
    zhejiang, central, study = "regimes/zhejiang_2015.toml", "behaviour/central.toml", "studies/three_regimes.toml"
    multiple = 'lever = "clawback.multiple"'
    share = 'lever = "land_reward.share"'
    target = 'lever = "target.three_year"'
    rebate = 'lever = "rebate.schedule"'
    wrong, names, bounds = errors.WrongType, errors.UnknownName, errors.OutOfBounds
    value = r"^value = .*"
    for name, after, new, error, message, guess in (
        ("text with unit", multiple, '"2倍"', wrong, "wrong_type", "2"),
        ("percent", share, '"50%"', wrong, "wrong_type", "0.5"),
        ("percent number", share, "50", bounds, "out_of_bounds", "0.5"),
        ("above bound", multiple, "99", bounds, "out_of_bounds", ""),
        ("below bound", multiple, "-1", bounds, "out_of_bounds", ""),
        ("infinite", multiple, "inf", wrong, "not_finite", ""),
        ("not a number", multiple, "nan", wrong, "not_finite", ""),
        ("huge integer", multiple, "9" * 400, wrong, "not_finite", ""),
        ("flag", multiple, "true", wrong, "wrong_type", ""),
        ("list", multiple, "[2]", wrong, "wrong_type", ""),
        ("yi", target, '"30亿元"', wrong, "wrong_type", "300000"),
        ("empty table", target, "{}", wrong, "wrong_type", ""),
        ("industry misspelt", target, "{ finanse = 1 }", names, "unknown_name", "finance"),
        ("industry out of bounds", target, "{ finance = -5 }", bounds, "out_of_bounds", ""),
        ("schedule a number", rebate, "1", wrong, "wrong_type", "[1]"),
        ("schedule empty", rebate, "[]", bounds, "out_of_bounds", ""),
        ("schedule with text", rebate, '[1, "50%"]', wrong, "wrong_type", "0.5"),
        ("schedule out of bounds", rebate, "[1, 2]", bounds, "out_of_bounds", None),
        ("choice misspelt", 'lever = "target.effective_rule"', '"no_housng"', names, "not_a_choice", "no_housing"),
        ("choice a number", 'lever = "target.effective_rule"', "1", names, "not_a_choice", ""),
        ("integer with fraction", 'lever = "clawback.after"', "12.5", wrong, "wrong_type", "12"),
        ("years for quarters", 'lever = "clawback.after"', '"3年"', wrong, "wrong_type", "12"),
        ("flag a number", 'lever = "target.active"', "1", wrong, "wrong_type", "true"),
    ):
        yield _swapped(name, zhejiang, value, f"value = {new}", error, message, after=after, suggestion=guess)
    for name, pattern, new, error, message in (
        ("central outside", r"^central = .*", "central = 99", bounds, "central_outside"),
        ("low above high", r"^low = .*", "low = 99", bounds, "bounds_order"),
        ("low a text", r"^low = .*", 'low = "1"', wrong, "wrong_type"),
        ("distribution", r"^distribution = .*", 'distribution = "bta"', names, "not_a_choice"),
        ("params", r"^params = .*", "params = { a = 1, c = 2 }", errors.UnknownKey, "unknown_key"),
        ("params no table", r"^params = .*", "params = 3", wrong, "wrong_type"),
        ("unit", r"^unit = .*", 'unit = "furlong"', errors.UnknownUnit, "unknown_unit"),
        ("source", r"^source = .*", 'source = ["F999"]', names, "unknown_name"),
    ):
        yield _swapped(name, central, pattern, new, error, message, many=name in ("params", "distribution"))
    yield _swapped(
        "regime",
        study,
        r"^regime = .*",
        'regime = "zhejiang_2016"',
        names,
        "unknown_name",
        suggestion="zhejiang_2015",
        key="scenario[1].regime",
    )
    yield _swapped("world", study, r"^world = .*", 'world = "zejiang"', names, "unknown_name", suggestion="zhejiang")
    yield _swapped(
        "set",
        study,
        r"^set = .*",
        'set = { "clawback.multple" = 3 }',
        names,
        "unknown_name",
        suggestion="clawback.multiple",
        key='scenario[1].set."clawback.multple"',
    )
    yield _swapped(
        "set nested",
        study,
        r"^set = .*",
        "set = { clawback.multiple = 30 }",
        bounds,
        "out_of_bounds",
        key="scenario[1].set.clawback.multiple",
    )
    yield _swapped("set no table", study, r"^set = .*", "set = 3", wrong, "wrong_type", key="scenario[1].set")
    yield _swapped(
        "behaviour",
        study,
        r"^set = .*",
        'behaviour = { "exit.hazard_yaer1" = 0.1 }',
        names,
        "unknown_name",
        suggestion="exit.hazard_year1",
    )
    yield _swapped("replicates zero", study, r"^replicates = .*", "replicates = 0", bounds, "out_of_bounds")
    yield _swapped("replicates half", study, r"^replicates = .*", "replicates = 0.5", wrong, "wrong_type")
    yield _swapped(
        "scenario twice",
        study,
        r'^id = "zhejiang_2015"',
        'id = "null"',
        errors.DuplicateKey,
        "duplicate_name",
        key="scenario[2].id",
    )
    yield _swapped("unit symbol", "units.toml", r"^symbol = .*", "symbol = 3", wrong, "wrong_type")
    yield _swapped("constant value", "constants.toml", r"^value = .*", 'value = "1500"', wrong, "wrong_type")
    yield _swapped(
        "status", "clauses/zhejiang.toml", r"^status = .*", 'status = "RUEL"', names, "not_a_choice", suggestion="RULE"
    )
    yield _swapped(
        "clause instrument",
        "clauses/zhejiang.toml",
        r"^instrument = .*",
        'instrument = "clawbck"',
        names,
        "unknown_name",
        suggestion="clawback",
    )
    yield _swapped("fact value", "facts.toml", r"^value = .*\n", "", errors.MissingKey, "missing_key", line_of="[fact.")
    yield _swapped("default", "readings.toml", r"^default = .*", 'default = "nothing_like_it"', names, "unknown_name")
    yield from reading_cases()
    yield _swapped(
        "world title",
        "worlds/zhejiang.toml",
        r"^title = .*",
        'title = { zh = "", en = "x" }',
        wrong,
        "empty_text",
        key="world.title.zh",
    )
    yield _swapped(
        "bound a lever of none",
        "instruments/clawback.toml",
        r"^max = .*",
        'max = "clawback.aftre"',
        names,
        "unknown_name",
        suggestion="clawback.after",
        many=True,
    )
    yield _swapped(
        "bound with other unit",
        "instruments/clawback.toml",
        r"^max = .*",
        'max = "clawback.after"',
        errors.UnitMismatch,
        "unit_mismatch",
        many=True,
    )
    yield _swapped(
        "bound a flag",
        "instruments/clawback.toml",
        r"^max = .*",
        'max = "clawback.carry_forward"',
        wrong,
        "bound_not_number",
        many=True,
    )


def reading_cases() -> Iterator[Case]:
    """Mistakes in what an alternative of a reading says it means."""
    file, first, names = "readings.toml", "[reading.D-67]", errors.UnknownName
    given = r'set = \{ "list.window" = "rolling" \}'

    def case(name: str, new: str, error: type[errors.InputError], message: str, **fields: object) -> Case:
        return _swapped(f"alternative {name}", file, given, new, error, message, after=first, **fields)  # type: ignore

    yield case(
        "sets no lever there is",
        'set = { "list.windw" = "rolling" }',
        names,
        "unknown_name",
        suggestion="list.window",
        many=True,
    )
    yield case(
        "sets no choice there is",
        'set = { "list.window" = "roling" }',
        names,
        "not_a_choice",
        suggestion="rolling",
        many=True,
    )
    yield case(
        "sets a number of the wrong type",
        'set = { "list.exit_after" = "two" }',
        errors.WrongType,
        "wrong_type",
        many=True,
    )
    yield case("out of bounds", 'set = { "list.exit_after" = 99 }', errors.OutOfBounds, "out_of_bounds", many=True)
    yield case("is no table", 'set = "rolling"', errors.WrongType, "wrong_type", many=True)
    yield case("stated is no flag", 'as_stated = "yes"', errors.WrongType, "wrong_type", many=True)
    yield case("says it twice", "\\g<0>, as_stated = true", errors.UnknownKey, "alternative_both")
    yield case("unrun in one language", 'unrun = { zh = "无" }', errors.MissingKey, "missing_language", many=True)
    yield case("is another", 'set = { "list.window" = "literal" }', errors.DuplicateKey, "alternative_twice")
    yield _swapped(
        "alternative without values",
        file,
        r', set = \{ "list.window" = "rolling" \}',
        "",
        errors.MissingKey,
        "alternative_unset",
        after=first,
    )
    yield _swapped(
        "needs unknown",
        file,
        r"^needs = .*",
        'needs = ["list.exitafter"]',
        names,
        "unknown_name",
        after=first,
        suggestion="list.exit_after",
    )
    yield _swapped(
        "regimes unknown",
        file,
        r"^regimes = .*",
        'regimes = ["zhejiang"]',
        names,
        "unknown_name",
        after=first,
        suggestion="zhejiang_2015",
    )
    yield _swapped(
        "why without need",
        file,
        r"^needs = .*",
        'why = { zh = "无", en = "none" }',
        errors.UnknownKey,
        "reading_why",
        after=first,
    )
    yield _swapped(
        "idle without why",
        file,
        r"^why = .*\n",
        "",
        errors.MissingKey,
        "missing_key",
        after="[reading.D-70]",
        line_of="[reading.D-70]",
    )
    yield _swapped(
        "idle with values",
        file,
        r'id = "month", ',
        "\\g<0>as_stated = true, ",
        errors.UnknownKey,
        "alternative_idle",
        after="[reading.D-70]",
    )
    yield _swapped(
        "matters is no flag",
        file,
        r"^matters = .*",
        'matters = "no"',
        errors.WrongType,
        "wrong_type",
        after="[reading.D-70]",
        many=True,
    )
    yield _swapped(
        "carries an idle reading",
        "instruments/list.toml",
        r'^reading = "D-67"',
        'reading = "D-70"',
        names,
        "reading_idle",
        key="lever.window.reading",
    )


def file_cases() -> Iterator[Case]:
    """Mistakes that rename or hide what other files refer to: they are told once, not once per reference."""
    unknown, missing = errors.UnknownKey, "unknown_key"
    yield _swapped("instrument id differs", "instruments/target.toml", r'^id = "target"', 'id = "targets"',
                   errors.UnknownName, "file_name", key="instrument.id")  # fmt: skip
    yield _swapped("no instrument id", "instruments/target.toml", r'^id = "target"\n', "", errors.MissingKey,
                   "missing_key", key="instrument", line_of="[instrument]")  # fmt: skip
    yield _swapped("world id differs", "worlds/zhejiang.toml", r'^id = "zhejiang"', 'id = "zj"', errors.UnknownName,
                   "file_name", key="world.id")  # fmt: skip
    yield _swapped("no lever table", "instruments/housing.toml", r"^\[lever\.", "[levr.", unknown, missing, key="levr",
                   suggestion="lever")  # fmt: skip
    yield _swapped("no regime table", "regimes/null.toml", r"^\[regime\]", "[regme]", unknown, missing, key="regme",
                   suggestion="regime")  # fmt: skip


def all_cases() -> list[Case]:
    """Return every case; names are unique."""
    found = [*stray_key_cases(), *lever_cases(), *regime_cases(), *single_cases(), *file_cases()]
    assert len({case.name for case in found}) == len(found)
    return found
