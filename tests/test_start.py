"""The launcher: what it tells when something is missing, when it installs anew, and what it passes on."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(tmp_path: Path) -> ModuleType:
    """The launcher as a module, looking at a folder of its own."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    folder = tmp_path / ".venv"
    module.ROOT, module.VENV = str(tmp_path), str(folder)
    module.MARK, module.PYTHON = str(folder / "installed.txt"), sys.executable
    return module


def told(capfd: pytest.CaptureFixture[str]) -> str:
    return capfd.readouterr().err


def test_an_old_python_is_told_in_both_languages(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    start.VERSION = "3.10"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version_info", (3, 10, 13))
        assert start.main() == 1
    message = told(capfd)
    assert "需要 Python 3.11" in message and "Python 3.11 or newer is needed" in message


def test_a_missing_venv_module_is_told(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    start.VENV = str(tmp_path / "pyproject.toml" / "below a file")
    with pytest.raises(SystemExit) as left:
        start.make()
    message = told(capfd)
    assert left.value.code == 1
    assert "python3-venv" in message and "虚拟环境" in message and "Traceback" not in message


def test_a_failed_download_is_told_and_not_marked(
    start: ModuleType, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / ".venv").mkdir()
    start.INSTALL = "-c raise(SystemExit(3))"
    with pytest.raises(SystemExit) as left:
        start.install()
    message = told(capfd)
    assert left.value.code == 1 and "pip 镜像" in message and "Check the network" in message
    assert start.marked() == ""


def test_a_finished_installation_is_marked_until_something_changes(start: ModuleType, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    start.INSTALL = "-c pass"
    start.install()
    assert start.marked() == start.stamp()
    (tmp_path / "constraints.txt").write_text("other", encoding="utf-8")
    assert start.marked() != start.stamp()


def test_another_python_version_makes_the_environment_anew(start: ModuleType) -> None:
    assert start.fits()
    start.VERSION = "3.99"
    assert not start.fits()
    start.PYTHON = str(Path(start.VENV) / "gone")
    assert not start.fits()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec")
@pytest.mark.parametrize(
    ("words", "passed"),
    [(["test", "-k", "x"], ["-m", "pytest", "-k", "x"]), (["run", "null"], ["-P", "-m", "xiaozhen", "run", "null"]),
     ([], ["-P", "-m", "xiaozhen"])],
)  # fmt: skip
def test_the_rest_of_the_line_is_passed_on(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], passed: list[str]
) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "installed.txt").write_text(start.stamp(), encoding="ascii")
    called: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["start.py", *words])
    monkeypatch.setattr(os, "execve", lambda _, command, __: called.append(command))
    monkeypatch.setattr(start.subprocess, "call", lambda *_, **__: 0)
    monkeypatch.chdir(tmp_path)
    start.main()
    assert called[0][1:] == passed
