"""Every mistake in a scenario file is one clear message: file, line, key, found, allowed, did you mean."""

from __future__ import annotations

import copy
import pickle
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from report.text.errors import said
from report.text.errors import told as message_in
from sim.parameters import InputError, InputErrors, load_library, loader
from sim.parameters.locate import Lines
from sim.parameters.read import Document, read_document
from tests.parameters_malformed import ALL_FILES, FOLDER, ROOT, WHOLE_FILE, Case, all_cases, whole_file_cases

CASES = all_cases()
UNREADABLE = list(whole_file_cases())
ALONE = [case for case in CASES if not case.group]
RARE = {case.name for place, case in enumerate(ALONE) if place % 3}
"""Cases that need a library of their own and wait for ``--slow``: two of three."""
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example loads a whole library: report the first failure as it is, without minutes of shrinking."""
IN_PARTS = pytest.mark.parametrize("part_of", [0, *(pytest.param(i, marks=pytest.mark.slow) for i in (1, 2, 3))])
"""Examples come in four lots, three of which wait for ``--slow``."""

Load = Callable[[Mapping[str, object]], list[InputError]]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that loads a copy of the real files with some of them changed, and returns the problems.

    A change is the file's new bytes, `FOLDER`, or its tables as Python values. Other files are parsed once only.
    """
    root = tmp_path_factory.mktemp("malformed") / "scenarios"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    parsed: dict[Path, Document] = {}
    fresh: set[Path] = set()
    tables: dict[Path, dict[str, object]] = {}

    def cached(path: Path, shown: str | None = None) -> Document:
        if path in tables:
            return Document(shown or "", path.read_text(encoding="utf-8"), tables[path])
        if path in fresh:
            return read_document(path, shown)
        if path not in parsed:
            parsed[path] = read_document(path, shown)
        known = parsed[path]
        return Document(known.file, known._text, known.data)

    def load_changed(changes: Mapping[str, object]) -> list[InputError]:
        tables.clear()
        tables.update({root / file: content for file, content in changes.items() if isinstance(content, dict)})
        paths = {root / file: content for file, content in changes.items() if not isinstance(content, dict)}
        fresh.update(paths)
        for path, content in paths.items():
            path.unlink()
            path.mkdir() if content is FOLDER else path.write_bytes(content)
        try:
            load_library(root)
        except InputErrors as problem:
            return list(problem.problems)
        finally:
            for path, content in paths.items():
                path.rmdir() if content is FOLDER else path.unlink()
                shutil.copy(ROOT / path.relative_to(root), path)
            fresh.clear()
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "read_document", cached)
        yield load_changed


@pytest.fixture(scope="module")
def told() -> dict[str, list[InputError]]:
    """Return the problems of each group of cases, filled as they are loaded."""
    return {}


def check_message(problem: InputError) -> None:
    """Check the form that every message has."""
    assert isinstance(problem, InputError)
    assert problem.file.startswith("scenarios/")
    for lang in ("zh", "en"):
        text = message_in(problem, lang)
        lines = text.split("\n")
        assert 1 <= len(lines) <= 4 and all(line.strip() for line in lines)
        assert lines[0].startswith(problem.file)
        assert said(problem.sentence(), lang) and said(problem.sentence(), lang) in lines[0]
        assert "{kind}" not in text and "{other}" not in text and "Traceback" not in text
        if problem.line is not None:
            assert (f"第 {problem.line} 行" if lang == "zh" else f"line {problem.line}") in lines[0]
        assert problem.key in lines[0]
    assert said(problem.sentence(), "zh") != said(problem.sentence(), "en")
    assert message_in(pickle.loads(pickle.dumps(problem)), "zh") == message_in(problem, "zh")


def test_there_are_enough_cases():
    assert len(CASES) + len(UNREADABLE) >= 300 and len(CASES) - len(RARE) >= 200


def failures(cases: Iterable[Any], check: Callable[[Any], None]) -> str:
    """What goes wrong with each of some cases, together; nothing when all is right."""
    wrong = []
    for case in cases:
        try:
            check(case)
        except (AssertionError, pytest.fail.Exception) as error:
            wrong.append(f"{getattr(case, 'name', case)}: {' '.join(str(error).split())}")
    return "\n".join(wrong)


LOTS = {
    "together": [case for case in CASES if case.group],
    "alone": [case for case in ALONE if case.name not in RARE],
    "rare": [case for case in ALONE if case.name in RARE],
}


@pytest.mark.parametrize("lot", ["together", "alone", pytest.param("rare", marks=pytest.mark.slow)])
def test_one_mistake_one_message(lot: str, load: Load, told: dict[str, list[InputError]]):
    def check(case: Case) -> None:
        if case.group not in told or not case.group:
            together = [one for one in CASES if one.group == case.group] if case.group else [case]
            told[case.group] = load({one.file: one.content for one in together})
        check_case(case, [one for one in told[case.group] if not case.group or one.file == f"scenarios/{case.file}"])

    assert LOTS[lot] and not (wrong := failures(LOTS[lot], check)), wrong


def check_case(case: Case, problems: list[InputError]) -> None:
    """Check that the problems are the one that the case is about."""
    assert problems, "the mistake was not noticed"
    for problem in problems:
        check_message(problem)
    matching = [one for one in problems if one.message_id == case.message and type(one) is case.error]
    assert matching, [str(one) for one in problems]
    if not case.many:
        assert len(problems) == 1, [str(one) for one in problems]
    assert any(_fits(one, case) for one in matching), [str(one) for one in matching]


def _fits(problem: InputError, case: Case) -> bool:
    return (
        problem.file == f"scenarios/{case.file}"
        and (case.line is None or problem.line == case.line)
        and (case.key is None or problem.key == case.key)
        and (case.suggestion is None or str(problem.suggestion) == case.suggestion)
    )


def test_a_file_that_cannot_be_read(tmp_path: Path):
    def check(case: Case) -> None:
        path = tmp_path / str(UNREADABLE.index(case)) / "x.toml"
        path.parent.mkdir()
        path.mkdir() if case.content is FOLDER else path.write_bytes(case.content)
        with pytest.raises(InputError) as caught:
            read_document(path, f"scenarios/{case.file}")
        check_message(caught.value)
        assert (type(caught.value), caught.value.message_id) == (case.error, case.message)
        assert _fits(caught.value, case), str(caught.value)

    assert UNREADABLE and not (wrong := failures(UNREADABLE, check)), wrong


def test_a_file_that_cannot_be_read_is_the_only_problem(load: Load):
    def check(make: Callable[[str], Case]) -> None:
        case = make("instruments/clawback.toml")
        problems = load({case.file: case.content})
        assert [type(one) for one in problems] == [case.error], [str(one) for one in problems]

    assert WHOLE_FILE and not (wrong := failures(WHOLE_FILE, check)), wrong


def test_every_wrong_case_is_listed():
    def check(case: int) -> None:
        assert case != 2 and case != 4, "wrong"

    assert [line.split(":")[0] for line in failures(range(6), check).splitlines()] == ["2", "4"]


def test_all_mistakes_of_all_files_at_once(load: Load):
    text = (ROOT / "regimes/zhejiang_2015.toml").read_text(encoding="utf-8")
    text = text.replace('level = "province"', 'level = "provins"').replace(
        'lever = "clawback.multiple"', 'lever = "claw"'
    )
    text = text.replace('lever = "target.active"', 'levr = "target.active"').replace("announced", "anounced")
    problems = load({"regimes/zhejiang_2015.toml": text.encode()})
    assert [(one.message_id, one.suggestion) for one in problems] == [
        ("not_a_choice", "province"),
        ("unknown_key", "announced"),
        ("unknown_key", "lever"),
        ("unknown_name", ""),
    ]
    assert [one.line for one in problems] == sorted(one.line or 0 for one in problems)
    whole = InputErrors(problems)
    assert str(whole).startswith("4 problems") and "4" in message_in(whole, "zh")
    assert len(pickle.loads(pickle.dumps(whole)).problems) == 4


def test_a_bound_that_another_lever_sets_is_checked_on_the_resolved_regime(load: Load):
    text = (ROOT / "instruments/clawback.toml").read_text(encoding="utf-8")
    problems = load({"instruments/clawback.toml": text.replace("max = 10", 'max = "land_reward.share"', 1).encode()})
    regime = (ROOT / "regimes/zhejiang_2015.toml").read_text(encoding="utf-8")
    line = regime.count("\n", 0, regime.index('lever = "clawback.multiple"'))
    told = [one for one in problems if one.file == "scenarios/regimes/zhejiang_2015.toml"]
    assert {one.message_id for one in problems} == {"bound_by_lever"}
    assert [(one.line, one.key, one.found, one.allowed) for one in told] == [
        (line, "clawback.multiple", "2", "≤ 0.5")
    ] * len(told)
    for problem in problems:
        check_message(problem)


def test_real_files_and_a_byte_order_mark_pass(load: Load):
    file = "regimes/zhejiang_2015.toml"
    raw = (ROOT / file).read_bytes()
    assert load({file: raw}) == []
    assert load({file: b"\xef\xbb\xbf" + raw}) == []
    assert load({file: raw.replace(b"\n", b"\r\n")}) == []


def test_circle_of_three(tmp_path: Path):
    root = tmp_path / "scenarios"
    shutil.copytree(ROOT, root)
    for name, base in (("zhejiang_2015", "zhejiang_2015_yiwu"),):
        path = root / f"regimes/{name}.toml"
        path.write_text(
            path.read_text(encoding="utf-8").replace('extends = "null"', f'extends = "{base}"'), encoding="utf-8"
        )
    with pytest.raises(InputErrors) as caught:
        load_library(root)
    assert {one.message_id for one in caught.value.problems} == {"circular_extends"}
    assert all(one.line and "→" in said(one.sentence(), "zh") for one in caught.value.problems)


def test_missing_folder_and_missing_file(tmp_path: Path):
    with pytest.raises(InputErrors) as caught:
        load_library(tmp_path / "nowhere")
    assert {one.message_id for one in caught.value.problems} == {"file_missing"}
    with pytest.raises(InputError):
        read_document(tmp_path / "no.toml")
    with pytest.raises(InputError):
        read_document(Path("bad\0name.toml"))


@IN_PARTS
@settings(max_examples=12, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_corrupted_bytes_never_raise_anything_else(load: Load, part_of: int, data: st.DataObject):
    file = data.draw(st.sampled_from([file for file in ALL_FILES if not file.startswith(("worlds", "behaviour"))]))
    raw = bytearray((ROOT / file).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        kind = data.draw(st.sampled_from(["set", "cut", "add", "repeat"]))
        if kind == "set":
            raw[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del raw[at : at + data.draw(st.integers(1, 200))]
        elif kind == "add":
            raw[at:at] = data.draw(
                st.sampled_from([b'"', b"[", b"{", b"=", b"\n", b"]", b"'''", b"\xe4", b"1e999", b"."])
            )
        else:
            raw[at:at] = raw[at : at + 80]
        raw = raw or bytearray(b"x")
    for problem in load({file: bytes(raw)}):
        check_message(problem)


ODD_VALUES = [
    *(0, -1, 10**400, 1.5, float("inf"), float("nan"), True, date(2015, 1, 1)),
    *("", "x", "G", "null", "ZJ-CLAW-1", "2015Q2", "clawback.multiple", "\n\x07{x}"),
    *([], [1], ["x"], [[]], [{}], [{"id": "a"}], {}, {"a": 1}, {"zh": "a", "en": "b"}),
]  # fmt: skip


@IN_PARTS
@settings(max_examples=12, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_replaced_values_never_raise_anything_else(load: Load, part_of: int, data: st.DataObject):
    file = data.draw(st.sampled_from(ALL_FILES))
    tables = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        part, steps = tables, data.draw(st.integers(1, 5))
        for step in range(steps):
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if step == steps - 1 or not isinstance(part[key], (dict, list)):
                kind = data.draw(st.sampled_from(["replace", "replace", "remove", "rename"]))
                value = part[key] if kind == "replace" else part.pop(key)
                if kind == "replace":
                    part[key] = copy.deepcopy(data.draw(st.sampled_from(ODD_VALUES)))
                elif kind == "rename" and isinstance(part, dict):
                    part[data.draw(st.sampled_from(["extra", "", "zh", "a b\nc"]))] = value
                break
            part = part[key]
    for problem in load({file: tables}):
        check_message(problem)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(raw)
    try:
        document = read_document(path, "scenarios/any.toml")
    except InputError as problem:
        check_message(problem)
    else:
        assert document.data


TOML_PIECES = st.sampled_from(
    ["a", '"b.c"', ".", "=", "[", "]", "[[", "]]", "{", "}", ",", "\n", "1", '"x"', "'''", '"""', "#", " ", "\\"]
)


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(TOML_PIECES, max_size=40))
def test_locator_ends_on_any_text(pieces: list[str]):
    Lines("".join(pieces)).of(("a", "b.c", 0))


def test_locator_finds_every_key_of_the_real_files():
    assert ALL_FILES and not (wrong := failures(ALL_FILES, check_lines)), wrong


def check_lines(file: str) -> None:
    """Check that each key of a file is found on a line that holds it."""
    document = read_document(ROOT / file)
    text = (ROOT / file).read_text(encoding="utf-8").split("\n")
    lines = Lines("\n".join(text))

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        line = lines.lines.get(path) if path else 1
        assert line is not None, path
        if path and isinstance(path[-1], str):
            assert path[-1] in text[line - 1], (path, line)
        for key, part in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            walk(part, (*path, key))

    for key, part in document.data.items():
        if not isinstance(part, dict):
            walk(part, (key,))
            continue
        for name, inner in part.items():
            walk(inner, (key, name))
