"""Options and fixtures of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lines import Answer, Ask


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--slow`` runs everything."""
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless they are asked for."""
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: give --slow"))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """Run one line in this process, in an empty folder, in English unless told."""
    from xiaozhen.cli.base import speak
    from xiaozhen.cli.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XIAOZHEN_LANG", "en")
    monkeypatch.delenv("XIAOZHEN_DEBUG", raising=False)

    def run(*words: str) -> Answer:
        with pytest.raises(SystemExit) as left:
            main(list(words))
        speak("en")
        captured = capsys.readouterr()
        return Answer(int(left.value.code or 0), captured.out, captured.err)

    return run
