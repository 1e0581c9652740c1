"""How much the tests notice: small mistakes put into the instruments and outcomes, one at a time.

    python -m tools.mutate --n 300 --seed 1                 # half in instruments, half in outcomes
    python -m tools.mutate --n 60 --where outcomes
    python -m tools.mutate --n 300 --table survivors.md     # survivors as a table, for docs/decisions

A mistake is an arithmetic or boolean operator, a comparison or its boundary, a constant, a sign, min for max, a
dropped factor, or two arguments the wrong way round, in a statement of a function. It is *killed* when a test that
concerns its file fails: ``tests/outcomes`` for an outcome; for an instrument ``tests/instruments/test_<id>.py`` and
whatever items of ``tests/instruments`` carry its id in their brackets. Tests are collected once; each mistake is made
in a forked child, in the code objects of the live functions, so nothing is imported or compiled anew.
"""

from __future__ import annotations

import argparse
import ast
import gc
import hashlib
import os
import re
import select
import signal
import sys
import time
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"instruments": "sim/instruments", "outcomes": "sim/outcomes"}
TESTS = {"instruments": "tests/instruments", "outcomes": "tests/outcomes"}
LONGEST = 120
"""Seconds of one test after which a mistake counts as noticed: something never ends."""
BROKEN = "cannot be made: "
GENERAL = ("base", "incidents", "init")
"""Modules that serve all instruments; what concerns them is their own test and that of every instrument, of which one
instrument is enough (:data:`STAND_IN`).
"""
STAND_IN = "clawback"

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip
TWINS = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutation:
    """One mistake.

    Attributes:
        file: Path below the root.
        line: Where.
        kind: What kind of mistake.
        before, after: Source of the expression.
        node, variant: Which node of the file's tree, and which of its mistakes.
    """

    file: str
    line: int
    kind: str
    before: str
    after: str
    node: int
    variant: int

    def key(self, seed: int) -> str:
        """Its place in the draw: a hash of what it is, so that other files do not shift it."""
        what = f"{seed} {self.file} {self.line} {self.kind} {self.before} {self.after} {self.variant}"
        return hashlib.sha256(what.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}: {self.before}  ->  {self.after}"


def mistakes(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every mistake that can be made of one expression, as what would stand in its place."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in ARITHMETIC:
            yield "operator", ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        if isinstance(node.op, ast.Mult | ast.Div):
            yield "dropped factor", node.left
        if isinstance(node.op, ast.Mult):
            yield "dropped factor", node.right
    elif isinstance(node, ast.BoolOp):
        yield "operator", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield "sign", node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield "comparison", ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        yield "constant", ast.Constant(_other(node.value))
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _other(value: bool | float) -> bool | float:
    """Another constant of the same type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else (2.0 * value or 1.0)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    if len(node.args) >= 2 and not any(isinstance(a, ast.Starred) for a in node.args):
        yield "swapped arguments", ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if isinstance(node.func, ast.Attribute) and node.func.attr in TWINS:
        twin: ast.expr = ast.Attribute(node.func.value, TWINS[node.func.attr], ast.Load())
        yield "min for max", ast.Call(twin, node.args, node.keywords)
    elif isinstance(node.func, ast.Name) and node.func.id in TWINS:
        yield "min for max", ast.Call(ast.Name(TWINS[node.func.id], ast.Load()), node.args, node.keywords)


def inside_functions(tree: ast.Module) -> set[ast.AST]:
    """Nodes of statements in functions; no docstring, annotation, message of an error, decorator or default."""
    found: set[ast.AST] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in function.body:
                found |= set(_speaking(statement))
    return found


def _speaking(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.arguments):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _speaking(child)


def mutations(text: str, file: str) -> list[Mutation]:
    """Every mistake that can be made in a file."""
    tree = ast.parse(text)
    wanted = inside_functions(tree)
    return [
        Mutation(file, getattr(node, "lineno", 0), kind, _source(node), _source(other), n, k)
        for n, node in enumerate(ast.walk(tree))
        if node in wanted
        for k, (kind, other) in enumerate(mistakes(node))
    ]


def _source(node: ast.AST) -> str:
    return ast.unparse(node)[:80]


def mutated(text: str, mutation: Mutation) -> ast.Module:
    """The tree of a file with one mistake in it."""
    tree = ast.parse(text)
    target = list(ast.walk(tree))[mutation.node]
    wrong = list(mistakes(target))[mutation.variant][1]

    class Put(ast.NodeTransformer):
        """Puts the mistake in its place."""

        def visit(self, node: ast.AST) -> ast.AST:
            return ast.copy_location(wrong, node) if node is target else self.generic_visit(node)

    Put().visit(tree)
    return ast.fix_missing_locations(tree)


def drawn(pool: Iterable[Mutation], n: int, seed: int) -> list[Mutation]:
    """A keyed draw of ``n`` mistakes: those whose hashes come first."""
    return sorted(pool, key=lambda mutation: mutation.key(seed))[:n]


def put(mutation: Mutation, root: Path) -> int:
    """Make a mistake in the functions of this process that stem from its file; how many now have other code."""
    path = str(root / mutation.file)
    text = Path(path).read_text("utf-8")
    right, wrong = (_codes(compile(t, path, "exec")) for t in (ast.parse(text), mutated(text, mutation)))
    changed = {where: code for where, code in wrong.items() if code != right[where]}
    count = 0
    for function in gc.get_objects():
        if isinstance(function, types.FunctionType) and function.__code__.co_filename == path:
            code = changed.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
            if code is not None:
                function.__code__ = code
                count += 1
    return count


def _codes(code: types.CodeType) -> dict[tuple[str, int], types.CodeType]:
    """Code of every function in a module, by qualified name and line."""
    found = {}
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            found[(one.co_qualname, one.co_firstlineno)] = one
            found |= _codes(one)
    return found


@dataclass
class Verdict:
    """What became of a mistake: the test that noticed it, "" for none, and the seconds it took."""

    mutation: Mutation
    noticed: str
    seconds: float


def concerns(item: pytest.Item, mutation: Mutation) -> bool:
    """Whether a test has to do with the file of a mistake."""
    place, name = item.nodeid.split("::")[0], Path(mutation.file).stem.strip("_")
    if mutation.file.startswith(FOLDERS["outcomes"]):
        return place.startswith(TESTS["outcomes"])
    if not place.startswith(TESTS["instruments"]):
        return False
    brackets = item.name.partition("[")[2]
    own = STAND_IN if name in GENERAL else name
    named = re.search(rf"(?<![a-z_]){own}(?![a-z_])", brackets) is not None
    shared = name in GENERAL and not brackets and Path(place).stem in ("test_base", "test_every_instrument")
    return named or shared or Path(place).stem == f"test_{own}"


def by_nearness(item: pytest.Item, mutation: Mutation) -> int:
    """Tests that name the file first: they fail sooner."""
    name = Path(mutation.file).stem
    return 0 if f"[{name}" in item.name or f"test_{name}.py" in item.nodeid else 1


class Forker:
    """A plugin of pytest that runs the collected tests once for each mistake, in children of this process.

    Args:
        chosen: The mistakes.
        jobs: Children at a time.
    """

    def __init__(self, chosen: Sequence[Mutation], jobs: int) -> None:
        self.waiting, self.jobs = list(chosen), jobs
        self.running: dict[int, tuple[Mutation, float, int]] = {}
        self.verdicts: list[Verdict] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests."""
        if session.testsfailed:
            raise session.Interrupted("tests cannot be collected")
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        session.config.pluginmanager.unregister(reporter)
        if told := self._child(session, None):
            print(f"without any mistake a test fails: {told}")
            return True
        while self.waiting or self.running:
            while self.waiting and len(self.running) < self.jobs:
                self._start(session, self.waiting.pop(0))
            self._gather()
        return True

    def _start(self, session: pytest.Session, mutation: Mutation) -> None:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            _live(session, mutation, write)
        os.close(write)
        self.running[read] = mutation, time.monotonic(), child

    def _gather(self) -> None:
        """Wait for some child to end."""
        ready, _, _ = select.select(list(self.running), [], [])
        for read in ready:
            mutation, start, child = self.running.pop(read)
            noticed = os.read(read, 4096).decode("utf-8", "replace")
            os.close(read)
            _, status = os.waitpid(child, 0)
            if noticed.startswith(BROKEN):
                raise RuntimeError(f"{mutation}: {noticed}")
            if not noticed and status != 0:
                noticed = "it never ended" if os.WIFSIGNALED(status) else "the process died"
            self.verdicts.append(Verdict(mutation, noticed, time.monotonic() - start))
            word = "killed  " if noticed else "SURVIVED"
            print(f"{word} {mutation}  [{noticed or '-'}, {self.verdicts[-1].seconds:.1f} s]", flush=True)

    def _child(self, session: pytest.Session, mutation: Mutation | None) -> str:
        """Run all tests without a mistake and say which fails."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            _live(session, mutation, write)
        os.close(write)
        with os.fdopen(read) as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        return told


def _live(session: pytest.Session, mutation: Mutation | None, write: int) -> None:
    """The life of a child: make the mistake, run the tests that concern it, tell the first that fails, and leave."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    items = list(session.items)
    if mutation is not None:
        try:
            put(mutation, ROOT)
        except Exception as error:  # told to the parent, who stops: it is no test that noticed
            os.write(write, f"{BROKEN}{error!r}".encode())
            os._exit(1)
        items = sorted((i for i in items if concerns(i, mutation)), key=lambda i: by_nearness(i, mutation))
    told = ""
    for item, after in zip(items, [*items[1:], None], strict=True):
        signal.alarm(LONGEST if mutation else 0)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            told = item.nodeid
            break
    os.write(write, told.encode("utf-8"))
    os._exit(0)


def candidates(where: str) -> list[Mutation]:
    """Every mistake that can be made in the instruments or the outcomes."""
    files = sorted((ROOT / FOLDERS[where]).glob("*.py"))
    return [m for path in files for m in mutations(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())]


def table(verdicts: Sequence[Verdict]) -> str:
    """Survivors as a Markdown table."""
    rows = sorted((v.mutation for v in verdicts if not v.noticed), key=lambda m: (m.file, m.line))
    cells = [(f"{m.file}:{m.line}", m.kind, f"`{m.before}`", f"`{m.after}`") for m in rows]
    lines = ["| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in row) + " |" for row in cells]
    return "\n".join(["| where | mistake | is | was made |", "|---|---|---|---|", *lines]) + "\n"


def summary(verdicts: Sequence[Verdict]) -> str:
    """How many were killed, by folder."""
    lines = []
    for where, folder in FOLDERS.items():
        own = [v for v in verdicts if v.mutation.file.startswith(folder)]
        killed = sum(bool(v.noticed) for v in own)
        if own:
            lines.append(f"{where}: {killed} of {len(own)} killed, {killed / len(own):.0%}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Draw mistakes, run the tests on each, and print what became of them."""
    asked = argparse.ArgumentParser(prog="python -m tools.mutate", description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--n", type=int, default=300, help="mistakes in all (default: %(default)s)")
    asked.add_argument("--seed", type=int, default=1, help="of the draw (default: %(default)s)")
    asked.add_argument("--where", choices=tuple(FOLDERS), help="only there; else half in each")
    asked.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="children at a time (default: %(default)s)"
    )
    asked.add_argument("--table", type=Path, metavar="FILE", help="write the survivors there, as a Markdown table")
    options = asked.parse_args(arguments)
    places = [options.where] if options.where else list(FOLDERS)
    chosen = [m for where in places for m in drawn(candidates(where), options.n // len(places), options.seed)]
    forker = Forker(drawn(chosen, len(chosen), options.seed), options.jobs)
    start = time.monotonic()
    quiet = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist"]
    pytest.main([*quiet, *(str(ROOT / TESTS[where]) for where in places)], plugins=[forker, *_warm()])
    print(f"{summary(forker.verdicts)}\n{time.monotonic() - start:.0f} s")
    if options.table:
        options.table.write_text(table(forker.verdicts), "utf-8")
    return 0 if len(forker.verdicts) == len(chosen) else 1


def _warm() -> list[Any]:
    """A plugin that loads the compiled kernels once, so that children do not."""

    class Warm:
        """Plays two quarters and forgets them."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_collection_finish(self, session: pytest.Session) -> None:
            worlds = sys.modules.get("tests.worlds")
            if worlds is not None:
                worlds.play(worlds.make(worlds.scenario(), small=True), 2)

    return [Warm()]


if __name__ == "__main__":
    sys.exit(main())
