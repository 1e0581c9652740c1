"""Small mistakes put into code: which can be made, that they are made, and that tests notice or do not."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tools import mutate

TOY = '''"""A toy with 1 in its docstring."""
import math
LIMIT = 3


def area(width: float, height: float = 2.0) -> float:
    """Width times height, at least 1."""
    if width < 0:
        raise ValueError(f"{width - 1} is below 0")
    return max(1.0, width * height)


def even(n):
    label: "list[1]" = []
    return not n % 2 and bool(n)


def power(a):
    def inner(b):
        return math.pow(a, b)
    return inner(3)
'''


def toy(tmp_path: Path) -> ModuleType:
    """The toy, imported from a file."""
    (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("toy", tmp_path / "toy.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FOUND = {f"{m.kind}: {m.before} -> {m.after}": m for m in mutate.mutations(TOY, "toy.py")}


@pytest.mark.parametrize(
    "told",
    [
        "comparison: width < 0 -> width <= 0",
        "comparison: width < 0 -> width > 0",
        "constant: 0 -> 1",
        "constant: 1.0 -> 2.0",
        "operator: width * height -> width / height",
        "dropped factor: width * height -> width",
        "dropped factor: width * height -> height",
        "swapped arguments: max(1.0, width * height) -> max(width * height, 1.0)",
        "min for max: max(1.0, width * height) -> min(1.0, width * height)",
        "sign: not n % 2 -> n % 2",
        "operator: not n % 2 and bool(n) -> not n % 2 or bool(n)",
        "operator: n % 2 -> n * 2",
        "swapped arguments: math.pow(a, b) -> math.pow(b, a)",
    ],
)
def test_a_mistake_can_be_made(told: str) -> None:
    assert told in FOUND


def test_nothing_else_is_touched() -> None:
    """No docstring, annotation, default, message of an error, or statement outside functions."""
    assert Counter(m.line for m in FOUND.values()).keys() == {8, 10, 15, 20, 21}


@pytest.mark.parametrize(
    ("told", "call", "right", "wrong"),
    [
        ("dropped factor: width * height -> width", lambda m: m.area(3.0, 4.0), 12.0, 3.0),
        ("sign: not n % 2 -> n % 2", lambda m: bool(m.even(4)), True, False),
        ("swapped arguments: math.pow(a, b) -> math.pow(b, a)", lambda m: m.power(2.0), 8.0, 9.0),
        ("constant: 3 -> 4", lambda m: m.power(2.0), 8.0, 16.0),
    ],
)
def test_a_mistake_is_made_in_the_living_function(tmp_path: Path, told: str, call, right, wrong) -> None:
    module = toy(tmp_path)
    held = SimpleNamespace(area=module.area, even=module.even, power=module.power)
    assert call(held) == right
    assert mutate.put(FOUND[told], tmp_path) == 1
    assert call(held) == wrong


def test_every_mistake_changes_the_tree_and_compiles() -> None:
    for mutation in FOUND.values():
        wrong = mutate.mutated(TOY, mutation)
        assert ast.dump(wrong) != ast.dump(ast.parse(TOY))
        compile(wrong, "toy.py", "exec")


def test_a_draw_is_keyed_and_other_files_do_not_shift_it() -> None:
    one = mutate.mutations(TOY, "toy.py")
    first = mutate.drawn(one, 5, 1)
    assert mutate.drawn(reversed(one), 5, 1) == first and mutate.drawn(one, 5, 2) != first
    both = mutate.drawn([*one, *mutate.mutations(TOY, "other.py")], len(one) * 2, 1)
    assert [m for m in both if m.file == "toy.py"][:5] == first


@pytest.mark.parametrize(
    ("nodeid", "file", "concerned"),
    [
        ("tests/outcomes/test_cases.py::test_a[money:x]", "sim/outcomes/money.py", True),
        ("tests/instruments/test_clawback.py::test_a", "sim/outcomes/money.py", False),
        ("tests/instruments/test_clawback.py::test_a", "sim/instruments/clawback.py", True),
        ("tests/instruments/test_rebate.py::test_a", "sim/instruments/clawback.py", False),
        ("tests/instruments/test_every.py::test_inert[clawback]", "sim/instruments/clawback.py", True),
        ("tests/instruments/test_every.py::test_moves[clawback.multiple]", "sim/instruments/clawback.py", True),
        ("tests/instruments/test_every.py::test_moves[land_reward-1]", "sim/instruments/land_supply.py", False),
        ("tests/instruments/test_every.py::test_moves[land_reward]", "sim/instruments/base.py", False),
        ("tests/instruments/test_every.py::test_moves[clawback]", "sim/instruments/base.py", True),
        ("tests/instruments/test_base.py::test_a", "sim/instruments/__init__.py", True),
        ("tests/outcomes/test_cases.py::test_a[clawback]", "sim/instruments/clawback.py", False),
    ],
)
def test_tests_that_concern_a_file_are_found(nodeid: str, file: str, concerned: bool) -> None:
    item = SimpleNamespace(nodeid=nodeid, name=nodeid.split("::")[1])
    mutation = mutate.Mutation(file, 1, "sign", "a", "b", 0, 0)
    assert mutate.concerns(item, mutation) is concerned


ROUND = """
from pathlib import Path
from tools import mutate
mutate.ROOT = Path.cwd()
raise SystemExit(mutate.main("--n 9 --where outcomes --jobs 1 --table survivors.md".split()))
"""


def test_a_whole_round_tells_killed_from_surviving(tmp_path: Path) -> None:
    """Of three mistakes in a folder with its own tests one is noticed, and the table holds the others."""
    for name in ("sim/outcomes", "tests/outcomes"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "sim/outcomes/toy_of_mutate.py").write_text("def area(a, b):\n    return a * b\n", encoding="utf-8")
    (tmp_path / "tests/outcomes/test_toy.py").write_text(
        "import sys\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parents[2] / 'sim/outcomes'))\n"
        "from toy_of_mutate import area\n\n\ndef test_area():\n    assert area(3, 1) == 3\n",
        encoding="utf-8",
    )
    env = {**os.environ, "PYTHONPATH": str(Path(mutate.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", ROUND], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0 and "outcomes: 1 of 3 killed, 33%" in done.stdout, done.stdout + done.stderr
    assert set((tmp_path / "survivors.md").read_text("utf-8").splitlines()[2:]) == {
        "| sim/outcomes/toy_of_mutate.py:2 | operator | `a * b` | `a / b` |",
        "| sim/outcomes/toy_of_mutate.py:2 | dropped factor | `a * b` | `a` |",
    }
