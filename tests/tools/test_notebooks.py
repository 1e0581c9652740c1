"""The notebooks: they belong to their sources, hold no machine, and run from top to bottom."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tools import notebooks

pytest.importorskip("jupytext")
SOURCES = notebooks.sources()


def broken(tmp_path: Path, change) -> list[str]:
    """What is found in a copy of the first notebook after a change of its cells."""
    source = Path(shutil.copy(SOURCES[0], tmp_path))
    document = json.loads(SOURCES[0].with_suffix(".ipynb").read_text(encoding="utf-8"))
    code = [c for c in document["cells"] if c["cell_type"] == "code"]
    change(code)
    source.with_suffix(".ipynb").write_text(json.dumps(document), encoding="utf-8")
    return [problem.message_id for problem in notebooks.problems(source)]


def test_there_is_a_sweep_and_a_sensitivity_study() -> None:
    assert [path.stem for path in SOURCES] == ["sensitivity", "sweep"]


def test_all_are_fresh_and_clean() -> None:
    assert [str(problem) for problem in notebooks.check(SOURCES)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_they_show_tables_and_pictures_in_both_languages(path: Path) -> None:
    cells = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))["cells"]
    kinds = [kind for c in cells if c["cell_type"] == "code" for o in c["outputs"] for kind in o.get("data", {})]
    assert kinds.count("image/png") >= 2 and kinds.count("text/html") >= 3
    for cell in cells:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text) and "*" in text


def test_a_copy_that_is_as_it_was_has_no_problem(tmp_path: Path) -> None:
    assert broken(tmp_path, lambda code: None) == []


def test_other_code_is_found(tmp_path: Path) -> None:
    assert broken(tmp_path, lambda code: code[0]["source"].append("\n1")) == ["other_cells"]


def test_a_cell_that_was_not_run_is_found(tmp_path: Path) -> None:
    assert broken(tmp_path, lambda code: code[1].update(execution_count=None)) == ["not_run"]


def test_an_error_is_found(tmp_path: Path) -> None:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    assert broken(tmp_path, lambda code: code[0]["outputs"].append(error)) == ["failed"]


@pytest.mark.parametrize("text", ["File /ho" + "me/a/b.py", "in '/tm" + "p/x'", "C:" + "\\\\Users\\\\a"])
def test_a_path_of_a_machine_is_found(tmp_path: Path, text: str) -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": [text]}
    assert broken(tmp_path, lambda code: code[0]["outputs"].append(stream)) == ["a_path"]


def test_changed_text_is_taken_over_without_running_and_changed_code_is_not(tmp_path: Path) -> None:
    source = Path(shutil.copy(SOURCES[0], tmp_path))
    shutil.copy(SOURCES[0].with_suffix(".ipynb"), tmp_path)
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\n# %% [markdown]\n# 另一段 *another text*\n", encoding="utf-8")
    assert [p.message_id for p in notebooks.problems(source)] == ["other_cells"]
    notebooks.retell(source)
    assert notebooks.problems(source) == []
    source.write_text(text + "\n# %%\n1 + 1\n", encoding="utf-8")
    with pytest.raises(notebooks.NotebookError) as caught:
        notebooks.retell(source)
    assert caught.value.message_id == "other_cells"


def test_a_notebook_that_does_not_exist_is_one_clear_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert notebooks.main(["sweeep", "--check"]) == 1
    said = capsys.readouterr().err
    assert "sweep" in said and "没有这个笔记本" in said and "no such notebook" in said and "Traceback" not in said


MADE_EARLIER = "***Made with model "


@pytest.mark.slow
@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_they_run_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    """In a kernel of its own, with worker processes; the claims of their texts are asserted inside, but for those of a
    notebook that says with which earlier model it was made.
    """
    pytest.importorskip("nbclient")
    source = Path(shutil.copy(path, tmp_path))
    text = source.read_text(encoding="utf-8")
    if MADE_EARLIER in text:
        source.write_text(re.sub(r"^( *)assert .*$", r"\1pass", text, flags=re.M), encoding="utf-8")
    notebooks.execute(source)
    assert notebooks.problems(source) == []
