"""The house itself: sizes, docstrings, dependencies, randomness, and what may never be committed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tools import size

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("scenarios", "sim", "experiments", "calibration", "report", "xiaozhen")
RANDOM_MODULES = ("random", "secrets", "numpy.random", "scipy.stats.qmc", "networkx.generators.random_graphs")
RANDOM_NAMES = re.compile(
    r"^(rand|randn|randint|random|random_\w+|\w+_random_graph|seed|shuffle|default_rng|RandomState|urandom|uuid[14]"
    r"|barabasi_albert_graph|\w*watts_strogatz_graph|erdos_renyi_graph|spring_layout|random_layout|rvs|SystemRandom)$"
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    """Files that are, or would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return tuple(ROOT / name for name in listed if (ROOT / name).is_file())


def texts() -> list[tuple[Path, str]]:
    """Tracked text files with their content."""
    found = []
    for path in tracked():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


MODULES = sorted(path for name in (*PACKAGES, "tools") for path in (ROOT / name).rglob("*.py"))


def shown(path: Path) -> str:
    """A path as it stands in a test's name."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_modules_and_functions_stay_readable() -> None:
    found = size.measure(size.working_tree(ROOT))
    assert not found.too_long, "\n".join(f"{piece.name}: {piece.lines} lines" for piece in found.too_long)


def test_the_linter_asks_for_docstrings_and_annotations_of_whatever_ships() -> None:
    """What ruff checks is not checked again here; that it does is."""
    lint = PROJECT["tool"]["ruff"]["lint"]
    assert {"D", "ANN", "TID251"} <= set(lint["select"])
    assert not {"D100", "D101", "D103", "ANN001", "ANN201", "ANN202"} & set(lint["ignore"])
    exempt = {place.split("/")[0] for place, codes in lint["per-file-ignores"].items() if {"D", "ANN"} & set(codes)}
    assert not exempt & set(PACKAGES)


def test_all_randomness_comes_from_the_draws() -> None:
    """No import of a random module, and no attribute that draws or seeds, in any module."""
    found = [f"{shown(path)}:{line} {what}" for path in MODULES for line, what in randomness(tree(path))]
    assert not found, "\n".join(found)


def randomness(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a module draws or seeds by itself."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            names = []
        yield from ((node.lineno, name) for name in names if name.startswith(RANDOM_MODULES))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            base = ast.unparse(node.value)
            outside = base.split(".")[0] in ("np", "numpy", "nx", "networkx", "scipy", "stats", "os", "uuid", "random")
            if outside and RANDOM_NAMES.match(node.attr):
                yield node.lineno, f"{base}.{node.attr}"


def test_the_search_for_randomness_bites() -> None:
    lines = ("import random", "from numpy.random import default_rng", "a = np.random.rand(2)", "b = os.urandom(3)")
    assert sorted(line for line, _ in randomness(ast.parse("\n".join(lines)))) == [1, 2, 2, 3, 3, 4]


def test_the_ban_of_randomness_bites(tmp_path: Path) -> None:
    """The linter's rule finds each of the ways to draw outside ``sim.engine.draws``."""
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import random\nimport numpy as np\nimport networkx as nx\nfrom numpy.random import default_rng\n"
        "a = np.random.default_rng(1)\nb = nx.watts_strogatz_graph(5, 2, 0.1)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--select", "TID251",
               "--output-format", "concise", "--no-cache", str(bad)]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path).stdout
    lines = {int(line) for line in re.findall(r"bad\.py:(\d+):\d+: TID251", found)}
    assert lines >= {1, 4, 5, 6}, found


def test_dependencies_point_one_way() -> None:
    """The import contract of pyproject.toml holds."""
    pytest.importorskip("importlinter")
    from importlinter import api

    here = os.getcwd()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    try:
        contracts = api.read_configuration()["contracts_options"]
        assert len(contracts) >= 2
        from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

        assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
    finally:
        sys.path.remove(str(ROOT))
        os.chdir(here)


def test_no_registry_host_and_no_path_of_a_machine() -> None:
    """Neither may stand in a tracked file: the product installs from wherever its user's pip does."""
    parts = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmmirror", "com"), ("debian", "org"))
    hosts = "|".join(re.escape(".".join(part)) for part in parts)
    places = "|".join(re.escape(p) + r"\b" for p in ("/" + "root/", "/" + "home/", "/" + "work/", "/" + "opt/"))
    pattern = re.compile(f"{hosts}|(?:^|[\\s\"'=(]){places}")
    hits = [
        f"{shown(path)}: {line.strip()[:100]}"
        for path, content in texts()
        for line in content.splitlines()
        if pattern.search(line)
    ]
    assert not hits, "\n".join(hits)


def requirement_name(line: str) -> str:
    """The normalised name at the start of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", line.strip())
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def test_constraints_cover_every_dependency() -> None:
    """Each dependency is locked to one version for each Python, inside its bounds, and no source is named."""
    from packaging.requirements import Requirement

    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^\s;]+( ; .+)?", row) for row in rows), "only name==version ; marker"
    locked: dict[str, list[str]] = {}
    for row in rows:
        locked.setdefault(requirement_name(row), []).append(row.split("==")[1].split(" ")[0])
    project = PROJECT["project"]
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = requirement_name(line)
        assert name in locked, f"{name} is not in constraints.txt"
        wanted = Requirement(line).specifier
        assert wanted, f"{name} has no lower bound"
        assert all(version in wanted for version in locked[name]), f"{name}: {locked[name]} outside {wanted}"


def test_dependencies_are_used_and_declared() -> None:
    """Every declared library is imported somewhere, and every imported one is declared."""
    extras = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *extras["dask"], *extras["notebooks"]]
    # The kernel of a notebook is started, never imported.
    declared = {requirement_name(line).replace("-", "_") for line in lines} - {"ipykernel"}
    # of matplotlib, of nbclient, of import-linter
    with_others = {"fontTools", "PIL", "jupyter_client", "grimp", "pytest"}
    own = {*PACKAGES, "tools", *sys.stdlib_module_names}
    used = set()
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                used.add((node.module or "").split(".")[0])
    # Names of distributions know no capitals: salib is imported as SALib.
    assert {name.lower() for name in used - own - with_others} == declared


def test_versions_agree() -> None:
    import xiaozhen

    assert xiaozhen.__version__ == PROJECT["project"]["version"]
    assert f"## {xiaozhen.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_data_files_are_packaged() -> None:
    """Every data file that a package holds is of a kind that the build takes along."""
    kinds = {pattern.removeprefix("*") for pattern in PROJECT["tool"]["setuptools"]["package-data"]["*"]}
    data = [p for p in tracked() if p.relative_to(ROOT).parts[0] in PACKAGES and p.suffix not in (".py", ".md")]
    assert any(p.suffix == ".toml" for p in data)
    assert not [shown(p) for p in data if p.suffix not in kinds]


def test_the_launcher_parses_on_old_pythons() -> None:
    """So that it can say which Python it needs."""
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source, "unknown to Python 3.6"
    imported = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imported <= set(sys.stdlib_module_names)


def test_chinese_is_drawn_and_not_boxed(tmp_path: Path) -> None:
    """The bundled fonts have every character that figures and messages use."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    from report.fonts import FAMILY, font_path, register

    register()
    assert Path(str(font_manager.findfont(FAMILY, fallback_to_default=False))).parent == font_path().parent
    told = (line for p in (ROOT / "scenarios").rglob("*.toml") for line in p.read_text(encoding="utf-8").splitlines())
    # Quotes and sentences stand in the script of their documents; no figure draws them.
    wanted = {c for line in told if not line.startswith(("quote =", 'sentence = "')) for c in line}
    wanted |= {c for p in MODULES for c in p.read_text(encoding="utf-8")} - set("\n\t\r")
    fallback = FT2Font(str(font_manager.findfont("DejaVu Sans"))).get_charmap()
    for bold in (False, True):
        known = FT2Font(str(font_path(bold))).get_charmap()
        missing = sorted(c for c in wanted if c.isprintable() and ord(c) not in known and ord(c) not in fallback)
        assert not missing, f"{font_path(bold).name} lacks {''.join(missing)}"
