"""The command: bad lines get one message and touch nothing; a store that is there is told from again without runs."""

import pytest

from tests.experiments.analysis.test_sensitivity_study import stand_in
from xiaozhen.cli.main import main


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "line",
    [("zhejiang_2051",), ("--method", "sobel"), ("--n", "1"), ("--n", "x"), ("--outcomes", "complete"),
     ("--outcomes", ","),
     ("--method", "morris", "--second-order"), ("--method", "pawn", "--group", "clause"), ("nowhere.toml",)],
)  # fmt: skip
def test_bad_lines_get_one_message_and_touch_nothing(line, lang, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["sensitivity", *line, "--lang", lang])
    told = capsys.readouterr()
    assert left.value.code == 2 and told.err.strip() and "Traceback" not in told.err and "{" not in told.err
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SystemExit) as left:
        main(["sensitivity", "--n", "4", "--out", str(tmp_path), "--yes", "--lang", "en"])
    assert left.value.code == 2 and capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_is_printed_and_the_document_agree(tmp_path, capsys):
    from experiments.analysis.sensitivity.study import analyse
    from report.pages.sensitivity import document, screen, write
    from report.render.terminal import show
    from tests.experiments.analysis.test_sensitivity_study import ask, library, small

    asked = ask("sobol", small(), n=16, library=library())
    found = analyse(asked, stand_in(asked.plan))
    files = write(found, tmp_path / "sensitivity", ("en",))
    cost = {"wall_s": 10.0, "model_cpu_s": 18.0, "workers": 2, "overhead": 0.1}
    told = document(found, tmp_path, files, cost)
    assert told["runs"] == len(asked.plan.runs) and len(told["indices"]) == 12
    assert "sensitivity/indices.csv" in told["files"]
    for lang, words in (("en", ("no effect", "10.0%")), ("zh", ("没有影响", "10.0%"))):
        show(screen(found, cost, lang), lang)
        shown = capsys.readouterr().out
        assert all(word in shown for word in words)
