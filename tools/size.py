"""How big the product is, now and at an earlier commit: statements, documentation, longest pieces, late imports.

    python -m tools.size               # beside the commit of version 0.3.0
    python -m tools.size --base REV    # beside another
    python -m tools.size --json

Counted is what ships and what its makers run, without tests. The exit status is 1 when a function is longer than
:data:`LONGEST_FUNCTION` lines or a module longer than :data:`LONGEST_MODULE`.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASE = "87bf38b"
"""The commit that version 0.3.0 was made from."""
PRODUCT = ("sim", "experiments", "calibration", "report", "xiaozhen", "scenarios", "start.py", "tools")
LONGEST_FUNCTION, LONGEST_MODULE = 60, 400

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Piece:
    """A function or a module, and how many lines it has."""

    name: str
    lines: int


@dataclass(frozen=True)
class Size:
    """The size of a tree.

    Attributes:
        modules: Python files.
        statements: Nodes of kind ``ast.stmt``, docstrings left out.
        by_folder: Statements by top folder.
        public: Public functions and methods (no leading underscore, not nested in a function).
        documented: Those with a docstring.
        longest_function, longest_module: The longest.
        too_long: Functions and modules beyond the limits.
        late_imports: Imports inside functions, by top folder.
        takes_lang: Functions with a parameter ``lang``.
    """

    modules: int
    statements: int
    by_folder: Mapping[str, int]
    public: int
    documented: int
    longest_function: Piece
    longest_module: Piece
    too_long: tuple[Piece, ...]
    late_imports: Mapping[str, int]
    takes_lang: int

    @property
    def documented_share(self) -> float:
        """Share of public functions with a docstring."""
        return self.documented / max(1, self.public)


def measure(sources: Mapping[str, str]) -> Size:
    """Measure a tree.

    Args:
        sources: Text of each Python file by its path.
    """
    trees = {path: ast.parse(text) for path, text in sources.items()}
    statements: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for path, tree in trees.items():
        statements[folder(path)] += sum(isinstance(n, ast.stmt) for n in ast.walk(tree)) - _docstrings(tree)
        late[folder(path)] += len(late_imports(tree))
    every = [(path, f) for path, tree in trees.items() for f in functions(tree)]
    public = [f for tree in trees.values() for f in public_functions(tree.body)]
    long_functions = [Piece(f"{path}:{f.lineno} {f.name}", length(f)) for path, f in every]
    long_modules = [Piece(path, text.count("\n")) for path, text in sources.items()]
    beyond = [p for p in long_functions if p.lines > LONGEST_FUNCTION]
    beyond += [p for p in long_modules if p.lines > LONGEST_MODULE]
    nothing = Piece("", 0)
    return Size(
        modules=len(sources),
        statements=statements.total(),
        by_folder=dict(sorted(statements.items())),
        public=len(public),
        documented=sum(ast.get_docstring(f) is not None for f in public),
        longest_function=max(long_functions, key=_lines, default=nothing),
        longest_module=max(long_modules, key=_lines, default=nothing),
        too_long=tuple(beyond),
        late_imports={name: n for name, n in sorted(late.items()) if n},
        takes_lang=sum(any(a.arg == "lang" for a in ast.walk(f.args) if isinstance(a, ast.arg)) for _, f in every),
    )


def _lines(piece: Piece) -> int:
    return piece.lines


def folder(path: str) -> str:
    """The top folder of a path; a file at the top stands for itself."""
    return path.split("/")[0]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function, methods and nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def public_functions(body: Iterable[ast.stmt]) -> Iterator[Function]:
    """Functions and methods that others may call: no leading underscore, in no private class, in no function.

    A signature under ``@overload`` is no function of its own.
    """
    for node in body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            if not any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list):
                yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body)


def length(node: Function) -> int:
    """Lines of a function from its ``def`` on."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def late_imports(tree: ast.AST) -> set[ast.stmt]:
    """Import statements inside functions; one in a nested function counts once."""
    return {n for f in functions(tree) for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)}


def _docstrings(tree: ast.AST) -> int:
    """Strings that stand as statements: docstrings, those below a constant too."""
    return sum(
        isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) and isinstance(n.value.value, str)
        for n in ast.walk(tree)
    )


def is_product(path: str) -> bool:
    """Whether a path of the repository is counted."""
    return path.endswith(".py") and folder(path) in PRODUCT


def working_tree(root: Path = ROOT) -> dict[str, str]:
    """The product as it stands in the checkout, by path."""
    files = [p for name in PRODUCT for p in ([root / name] if name.endswith(".py") else (root / name).rglob("*.py"))]
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in sorted(files) if p.is_file()}


def committed(revision: str, root: Path = ROOT) -> dict[str, str]:
    """The product at a commit, by path.

    Raises:
        subprocess.CalledProcessError: Git knows no such commit.
    """
    packed = subprocess.run(["git", "archive", revision], cwd=root, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = [m for m in archive if m.isfile() and is_product(m.name)]
        return {m.name: found.read().decode("utf-8") for m in members if (found := archive.extractfile(m))}


def table(now: Size, base: Size, revision: str) -> str:
    """Both sizes side by side, as text."""
    folders = sorted({*now.by_folder, *base.by_folder})
    rows: list[tuple[str, object, object]] = [
        ("modules", base.modules, now.modules),
        ("statements", base.statements, now.statements),
        *((f"  {name}", base.by_folder.get(name, 0), now.by_folder.get(name, 0)) for name in folders),
        ("change of statements", "", f"{now.statements / max(1, base.statements) - 1:+.1%}"),
        ("public functions", base.public, now.public),
        ("with a docstring", f"{base.documented_share:.2%}", f"{now.documented_share:.2%}"),
        ("functions that take lang", base.takes_lang, now.takes_lang),
        ("imports inside functions", sum(base.late_imports.values()), sum(now.late_imports.values())),
        *((f"  {n}", base.late_imports.get(n, 0), now.late_imports.get(n, 0)) for n in folders),
        ("longest function, lines", base.longest_function.lines, now.longest_function.lines),
        ("longest module, lines", base.longest_module.lines, now.longest_module.lines),
    ]
    lines = [f"{name:<28}{before!s:>12}{after!s:>12}" for name, before, after in rows]
    longest = [f"longest now: {p.name} ({p.lines})" for p in (now.longest_function, now.longest_module)]
    return "\n".join([f"{'':<28}{revision[:10]:>12}{'now':>12}", *lines, *longest])


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and say by the exit status whether every piece is short enough."""
    asked = argparse.ArgumentParser(prog="python -m tools.size", description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--base", default=BASE, metavar="REV", help="commit to compare with (default: %(default)s)")
    asked.add_argument("--json", action="store_true", help="print both sizes as JSON")
    options = asked.parse_args(arguments)
    try:
        base = measure(committed(options.base))
    except subprocess.CalledProcessError as error:
        print(f"cannot read {options.base}: {error.stderr.decode('utf-8').strip()}", file=sys.stderr)
        return 2
    now = measure(working_tree())
    if options.json:
        print(json.dumps({"base": {"revision": options.base, **asdict(base)}, "now": asdict(now)}, indent=1))
    else:
        print(table(now, base, options.base))
        for piece in now.too_long:
            print(f"too long: {piece.name} ({piece.lines})")
    return 1 if now.too_long else 0


if __name__ == "__main__":
    sys.exit(main())
