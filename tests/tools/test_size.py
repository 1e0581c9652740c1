"""The measure of the product's size, on trees small enough to count by hand."""

from __future__ import annotations

import subprocess

import pytest

from tools import size

MODULE = '''"""A module."""
from __future__ import annotations
X = 1
"""What X is."""


class Tree:
    """A tree."""

    def grow(self, lang: str) -> int:
        """Grow."""
        import math

        def inner() -> None:
            import json
        return math.floor(X)

    def _hide(self) -> None:
        pass


def bare(): return 1
'''


def test_statements_are_counted_without_docstrings() -> None:
    # import, X; class; def, import, def, import, return; def, pass; def, return
    assert size.measure({"sim/a.py": MODULE}).statements == 12


def test_public_functions_and_their_docstrings_are_counted() -> None:
    found = size.measure({"sim/a.py": MODULE})
    assert (found.public, found.documented) == (2, 1)
    assert found.documented_share == 0.5


def test_an_import_in_a_nested_function_counts_once() -> None:
    assert size.measure({"sim/a.py": MODULE, "start.py": "import sys\n"}).late_imports == {"sim": 2}


def test_functions_that_take_lang_are_counted() -> None:
    assert size.measure({"sim/a.py": MODULE}).takes_lang == 1


def test_long_functions_and_modules_are_named() -> None:
    long = "def f():\n" + "    x = 1\n" * size.LONGEST_FUNCTION
    found = size.measure({"sim/a.py": long, "sim/b.py": "\n" * (size.LONGEST_MODULE + 1), "sim/c.py": "x = 1\n"})
    assert [(p.name, p.lines) for p in found.too_long] == [("sim/a.py:1 f", 61), ("sim/b.py", 401)]


def test_only_the_product_counts() -> None:
    assert size.is_product("sim/run.py") and size.is_product("start.py")
    assert not size.is_product("tests/bits.py") and not size.is_product("sim/facts.toml")


def test_a_piece_that_is_too_long_fails_the_command(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    short, long = {"sim/a.py": "x = 1\n"}, {"sim/a.py": "\n" * (size.LONGEST_MODULE + 1)}
    monkeypatch.setattr(size, "committed", lambda revision: short)
    monkeypatch.setattr(size, "working_tree", lambda: short)
    assert size.main([]) == 0
    monkeypatch.setattr(size, "working_tree", lambda: long)
    assert size.main([]) == 1
    assert "too long: sim/a.py (401)" in capsys.readouterr().out


def test_an_unknown_commit_is_told(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def missing(revision: str) -> dict[str, str]:
        raise subprocess.CalledProcessError(128, "git", stderr=b"not a tree")

    monkeypatch.setattr(size, "committed", missing)
    assert size.main(["--base", "nowhere"]) == 2
    assert "cannot read nowhere" in capsys.readouterr().err
