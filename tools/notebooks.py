"""Refresh the notebooks of ``docs/notebooks``: run each .py from top to bottom and write the .ipynb beside it.

Needs a checkout and the extra ``notebooks``::

    python -m tools.notebooks           # run all and write them
    python -m tools.notebooks sweep     # only this one
    python -m tools.notebooks --text    # run nothing: take over texts that have changed
    python -m tools.notebooks --check   # run nothing: is every .ipynb that of its .py, and clean?

What is written depends on the model alone: ids of cells are their places, and no time, path or machine is kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from experiments.errors import ExperimentError
from experiments.store.disk import write_text
from report.text.errors import told
from sim.parameters.errors import listed, nearest, shown

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "notebooks"
LIMIT_S = 1800
"""Seconds after which one cell is given up."""
LARGEST = 1_500_000
"""Bytes of all notebooks together."""
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PLACES = re.compile(r"(?:^|[\s\"'=(\[])(?:/(?:tmp|home|root|work|usr|opt|var|Users)/|[A-Z]:\\\\)")
"""What a path of somebody's machine looks like in text."""


class NotebookError(ExperimentError):
    """A notebook that cannot be run, or that is not what it should be."""

    topic: ClassVar[str] = "notebooks"
    sentences: ClassVar[Mapping[str, str]] = {
        "missing": 'refreshing the notebooks needs the extra “notebooks”: pip install -e ".[notebooks]"',
        "no_folder": "there is no docs/notebooks here; run this in a checkout",
        "unknown": "there is no such notebook",
        "never_run": "it has never been run",
        "other_cells": "its cells are not those of its .py; run it again",
        "not_run": "a cell has not been run",
        "failed": "a cell failed: {what}",
        "a_path": "an output holds a path of a machine: {what}",
        "too_large": "the notebooks are too large together",
    }


def sources(names: Sequence[str] = ()) -> list[Path]:
    """The .py files, all of them or those named.

    Raises:
        NotebookError: If the folder or one of them is not there.
    """
    known = {path.stem: path for path in sorted(FOLDER.glob("*.py"))}
    if not known:
        raise NotebookError("no_folder")
    for name in names:
        if name not in known:
            raise NotebookError("unknown", found=shown(name), allowed=listed(known), suggestion=nearest(name, known))
    return [known[name] for name in names or known]


def cells_of(source: Path) -> list[tuple[str, str]]:
    """Kind and text of every cell of a .py file.

    Raises:
        NotebookError: If jupytext is not installed.
    """
    return [(cell.cell_type, cell.source) for cell in _read(source).cells]


def _read(source: Path) -> Any:
    try:
        import jupytext
    except ImportError:
        raise NotebookError("missing") from None
    return jupytext.read(source, fmt="py:percent")


def execute(source: Path) -> Path:
    """Run a notebook and write it; nothing is written where a cell fails.

    Raises:
        NotebookError: If a cell fails or what runs notebooks is not installed.
    """
    notebook = _read(source)
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError:
        raise NotebookError("missing") from None
    client = NotebookClient(notebook, km=_kernel(), timeout=LIMIT_S, record_timing=False,
                            resources={"metadata": {"path": str(ROOT)}})  # fmt: skip
    try:
        client.execute()
    except CellExecutionError as error:
        raise NotebookError("failed", file=source.name, details={"what": f"{error.ename}: {error.evalue}"}) from error
    return _write(notebook, source)


def _write(notebook: Mapping[str, Any], source: Path) -> Path:
    target = source.with_suffix(".ipynb")
    write_text(target, json.dumps(cleaned(notebook, source.stem), ensure_ascii=False, indent=1) + "\n")
    return target


def retell(source: Path) -> Path:
    """Take over texts that have changed since a notebook was run; its code must be as it was.

    Raises:
        NotebookError: If there is no .ipynb, or its code is not that of the .py.
    """
    target = source.with_suffix(".ipynb")
    if not target.is_file():
        raise NotebookError("never_run", file=target.name)
    old = [c for c in json.loads(target.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    notebook = _read(source)
    code = [c for c in notebook.cells if c["cell_type"] == "code"]
    if ["".join(c["source"]) for c in old] != [c["source"] for c in code]:
        raise NotebookError("other_cells", file=target.name)
    for cell, before in zip(code, old, strict=True):
        cell["execution_count"], cell["outputs"] = before["execution_count"], before["outputs"]
    return _write(notebook, source)


def _kernel() -> Any:
    """A kernel of this very Python, whatever kernels are installed on the machine."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class Own(KernelSpecManager):
        """Knows this Python alone."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            """The same for every name."""
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
            return KernelSpec(argv=argv, display_name=KERNEL["display_name"], language="python")

    return AsyncKernelManager(kernel_spec_manager=Own())


def cleaned(notebook: Mapping[str, Any], stem: str) -> dict[str, Any]:
    """A notebook without anything that tells where and when it was run."""
    cells = []
    for i, cell in enumerate(notebook["cells"]):
        kept = {"cell_type": cell["cell_type"], "id": f"{stem}-{i:02d}", "metadata": {}}
        if cell["cell_type"] == "code":
            kept |= {"execution_count": cell["execution_count"], "outputs": [_output(o) for o in cell["outputs"]]}
        cells.append(kept | {"source": cell["source"].splitlines(keepends=True)})
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _output(output: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in output.items() if key not in ("metadata", "transient")}
    if output["output_type"] in ("execute_result", "display_data"):
        kept["metadata"] = {}
    return kept


def problems(source: Path) -> list[NotebookError]:
    """What is wrong with the .ipynb beside a .py file: other cells, cells not run, errors, paths."""
    target = source.with_suffix(".ipynb")
    if not target.is_file():
        return [NotebookError("never_run", file=target.name)]
    cells = json.loads(target.read_text(encoding="utf-8"))["cells"]
    found = []
    if [(c["cell_type"], "".join(c["source"])) for c in cells] != cells_of(source):
        found.append(NotebookError("other_cells", file=target.name))
    code = [c for c in cells if c["cell_type"] == "code"]
    if [c["execution_count"] for c in code] != list(range(1, len(code) + 1)):
        found.append(NotebookError("not_run", file=target.name))
    for output in (o for c in code for o in c["outputs"]):
        found += _wrong(output, target.name)
    return found


def _wrong(output: Mapping[str, Any], name: str) -> list[NotebookError]:
    if output["output_type"] == "error":
        return [NotebookError("failed", file=name, details={"what": f"{output['ename']}: {output['evalue']}"})]
    texts = [value for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    text = "\n".join("".join(one) for one in [*texts, output.get("text", "")])
    hit = PLACES.search(text)
    return [NotebookError("a_path", file=name, details={"what": text[hit.start() :][:60].strip()})] if hit else []


def check(files: Sequence[Path]) -> list[NotebookError]:
    """All problems of all notebooks, and of their size together."""
    found = [problem for path in files for problem in problems(path)]
    size = sum(p.stat().st_size for p in FOLDER.glob("*.ipynb"))
    if size > LARGEST:
        found.append(NotebookError("too_large", found=f"{size:,}", allowed=f"≤ {LARGEST:,}"))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="笔记本名 / names such as sweep; all unless told")
    parser.add_argument("--text", action="store_true", help="不运行，只更新文字 / take over texts only")
    parser.add_argument("--check", action="store_true", help="只检查，不运行 / check only")
    asked = parser.parse_args(arguments)
    try:
        files = sources(asked.names)
        for path in files if not asked.check else ():
            written = retell(path) if asked.text else execute(path)
            sys.stdout.write(f"{written.relative_to(ROOT).as_posix()}\n")
        found = check(files)
    except NotebookError as problem:
        found = [problem]
    for one in found:
        sys.stderr.write(f"{told(one, 'zh')}\n{one}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
