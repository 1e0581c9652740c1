"""The command line: what every command prints, in both languages, and how it answers bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from report.text.language import chosen as language
from tests.lines import Answer, Ask
from xiaozhen.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


BAD_LINES = [
    ("runn",),
    ("comapre",),
    ("--nonsense",),
    ("run",),
    ("run", "zhejiang_2051"),
    ("run", "null", "extra"),
    ("run", "null", "--qarters", "3"),
    ("run", "null", "--quarters"),
    ("run", "null", "--quarters", "0"),
    ("run", "null", "--quarters", "201"),
    ("run", "null", "--quarters", "many"),
    ("run", "null", "--replicates", "0"),
    ("run", "null", "--replicates", "-1"),
    ("run", "null", "--replicates", "1.5"),
    ("run", "null", "--replicate", "x"),
    ("run", "null", "--workers", "0"),
    ("run", "null", "--start", "2015-2"),
    ("run", "null", "--start", "Q2"),
    ("run", "zhejiang_2015", "--effective", "soon"),
    ("run", "null", "--world", "atlantis"),
    ("run", "null", "--counties", "nowhere.csv"),
    ("run", "null", "--counties", "."),
    ("run", "null", "--tables", "town"),
    ("run", "null", "--out", "/dev/null/x"),
    ("run", "null", "--out", "bad\0name"),
    ("run", "null", "--lang", "xx"),
    ("run", "null", "--json=yes"),
    ("run", "null", "--set", "clawback.multipl=3"),
    ("run", "null", "--set", "clawback.multiple"),
    ("run", "null", "--set", "clawback.multiple=much"),
    ("run", "null", "--set", "clawback.multiple=99"),
    ("run", "null", "--set", "clawback.multiple=nan"),
    ("run", "null", "--set", "clawback.base=all"),
    ("run", "null", "--set", "exit.hazard_year1=7"),
    ("run", "null", "--set", "exit.hazard_yaer1=0.02"),
    ("run", "null", "--set", "clawback.multiple=1", "--set", "clawback.multiple=2"),
    ("run", "null", "--set", ""),
    ("run", "null", "--set", "=1"),
    ("run", "null", "--set"),
    ("compare", "provincse"),
    ("compare", "nowhere.toml"),
    ("compare", "--replicates", "0"),
    ("compare", "--workers", "1", "--threads", "1"),
    ("compare", "--threads", "0"),
    ("compare", "--lang", "de"),
    ("compare", "--out", "/dev/null"),
    ("compare", "--set", "nothing=1"),
    ("compare", "--counties", "nowhere.csv"),
    ("show",),
    ("show", "no_such_thing"),
    ("show", "lever", "clawback.multipl"),
    ("show", "leverr", "clawback.multiple"),
    ("show", "outcome", "public_costs"),
    ("show", "regime", "null", "more"),
    ("coverage", "extra"),
    ("coverage", "--status", "RUL"),
    ("coverage", "--status"),
    ("coverage", "--regime", "zhejang_2015"),
    ("coverage", "--check=yes"),
    ("coverage", "--chek"),
    ("coverage", "--workers", "0", "--check"),
    ("plan", "extra"),
    ("plan", "--verbose"),
    ("readings", "--only", "D-99"),
    ("readings", "--regime", "zhejiang_2016"),
    ("readings", "--replicates", "1"),
    ("bench", "--rounds", "0"),
    ("bench", "--regime", "nothing"),
    ("targets", "--replicates", "none"),
    ("version", "extra"),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_input_is_one_message(ask: Ask, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOZHEN_LANG", lang)
    wrong = {words: told for words in BAD_LINES if (told := not_one_message(ask(*words), lang))}
    assert not wrong, "\n".join(f"{' '.join(words)}: {told}" for words, told in wrong.items())


def not_one_message(answer: Answer, lang: str) -> list[str]:
    """What is wrong with the answer to a bad line; nothing when it is one short message in its language."""
    lines = answer.err.splitlines()
    checks = {
        f"code {answer.code}": answer.code == 2,
        "something on stdout": answer.out == "",
        "nothing said": bool(answer.err.strip()),
        "a traceback": "Traceback" not in answer.err and "Error" not in answer.err,
        "the other language": bool(lines) and bool(CHINESE.search(lines[0])) == (lang == "zh"),
        f"{len(lines)} lines": len(lines) <= 6,
    }
    return [what for what, right in checks.items() if not right]


def test_a_message_that_is_none_is_noticed() -> None:
    assert not_one_message(Answer(1, "out", ""), "en") == [
        "code 1", "something on stdout", "nothing said", "the other language",
    ]  # fmt: skip
    assert not_one_message(Answer(2, "", "Traceback\n" * 7), "zh") == ["a traceback", "the other language", "7 lines"]


def test_misspelt_names_bring_a_proposal(ask: Ask) -> None:
    assert "did you mean: compare" in ask("comapre").err
    assert "--quarters" in ask("run", "null", "--qarters", "3").err
    assert "clawback.multiple?" in ask("run", "null", "--set", "clawback.multipl=3").err
    assert "exit.hazard_year1?" in ask("run", "null", "--set", "exit.hazard_yaer1=0.02").err
    assert "zhejiang_2015" in ask("run", "zhejiang_2051").err
    assert "public_cost?" in ask("show", "public_costs").err
    assert "did you mean: RULE" in ask("coverage", "--status", "RUL").err
    assert "zhejiang_2015?" in ask("coverage", "--regime", "zhejang_2015").err
    assert "--check" in ask("coverage", "--chek").err


def test_a_folder_with_other_files_is_left_alone(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.docx").write_text("years of work", encoding="utf-8")
    for command in (("run", "null"), ("compare", "--replicates", "1")):
        answer = ask(*command, "--out", str(folder))
        assert answer.code == 2, answer
        assert [p.name for p in folder.iterdir()] == ["thesis.docx"]


def test_a_file_is_no_folder(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert ask("run", "null", "--out", "file").code == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_read_only_folder_is_told(ask: Ask, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert ask("run", "null", "--out", "here").code == 2
    finally:
        tmp_path.chmod(0o700)


def test_help_of_every_command_in_both_languages(ask: Ask) -> None:
    for name in (None, *cli.list_commands(click.Context(cli))):
        for lang in ("zh", "en"):
            words = [name] if name else []
            os.environ["XIAOZHEN_LANG"] = lang
            answer = ask(*words, "--help")
            assert answer.code == 0 and "--help" in answer.out
            assert bool(CHINESE.search(answer.out)) == (lang == "zh"), answer.out


def test_no_words_is_help(ask: Ask) -> None:
    answer = ask()
    assert answer.code == 0 and "compare" in answer.out


def test_plan_lists_the_steps_that_run(ask: Ask) -> None:
    from sim.schedule import STEPS

    found = json.loads(ask("plan", "--json").out)
    assert [step["name"] for step in found] == [step.name for step in STEPS]
    for lang in ("zh", "en"):
        printed = ask("plan", "--lang", lang).out
        assert all(step.name in printed and step.title[lang] in printed for step in STEPS)


def shown(step: int) -> None:
    """Explain each entry of every kind, and print one in some of them in both languages."""
    from report.pages.entry import screen
    from report.render.terminal import show
    from xiaozhen.api.library import load
    from xiaozhen.api.names import explain, kinds, records

    for kind in kinds():
        for place, name in enumerate(records(load(), kind)):
            found = explain(load(), name, kind)
            json.dumps(found, default=str)
            for lang in ("zh", "en") if place % step == 0 else ():
                show(screen(found, load()), lang)


def test_show_knows_every_name(ask: Ask) -> None:
    shown(15)


@pytest.mark.slow
def test_show_prints_every_name(ask: Ask) -> None:
    shown(1)


@pytest.mark.parametrize("kind", ["levers", "regimes", "studies", "uncertainties", "outcomes", "条款", "world"])
def test_show_lists_a_kind(ask: Ask, kind: str) -> None:
    listed = json.loads(ask("show", kind, "--json").out)
    printed = ask("show", kind).out
    assert listed and all(entry["id"] in printed for entry in listed)


def test_show_gives_clause_and_source(ask: Ask) -> None:
    english, chinese = ask("show", "clawback.multiple").out, ask("show", "clawback.multiple", "--lang", "zh").out
    assert "ZJ-CLAW-1" in english and "zhejiang_2015" in english and "scenarios/instruments/clawback.toml" in english
    assert "倒扣倍数" in chinese and "ZJ-CLAW-1" in chinese
    found = json.loads(ask("show", "clawback.multiple", "--json").out)
    assert found["kind"] == "lever" and found["set_by"][0]["clause"][0]["id"]


def test_version(ask: Ask) -> None:
    from xiaozhen import __version__

    assert json.loads(ask("version", "--json").out)["xiaozhen"] == __version__
    assert __version__ in ask("version").out


def test_run_prints_and_writes(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("run", "zhejiang_2015", "--quarters", "8", "--set", "clawback.multiple=3", "--out", str(out))
    answer = ask(*words, "--tables", "towns", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["overridden"] == {"clawback.multiple": "command line"} and found["quarters"] == 8
    assert found["outcomes"]["investment_total"]["value"] > 0
    assert {"run.json", "runs.csv", "yearly.parquet", "towns-000.csv"} <= {p.name for p in out.iterdir()}
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["fingerprint"] == found["fingerprint"]
    refused = ask(*words, "--lang", "zh")
    assert refused.code == 2 and "--force" in refused.err and "xiaozhen run zhejiang_2015" in refused.err
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert ask(*words, "--tables", "towns").code == 0, "the same line again is no new run"
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert ask("status", str(out)).code == 0 and ask("verify", str(out)).code == 0
    again = ask(*words, "--lang", "zh", "--force")
    assert again.code == 0 and CHINESE.search(again.out) and "clawback.multiple" in again.out


def test_the_same_line_gives_the_same_numbers(ask: Ask) -> None:
    words = ("run", "null", "--quarters", "4", "--json")
    assert ask(*words).out == ask(*words).out


def test_replicates_bring_intervals_whatever_the_workers(ask: Ask) -> None:
    words = ("run", "null", "--quarters", "4", "--replicates", "3", "--json", "--workers")
    one = json.loads(ask(*words, "1").out)
    assert [run["replicate"] for run in one["runs"]] == [0, 1, 2]
    jobs = one["outcomes"]["jobs_end"]
    assert jobs["low"] < jobs["value"] < jobs["high"]


@pytest.mark.slow
def test_workers_change_nothing(ask: Ask) -> None:
    words = ("run", "null", "--quarters", "4", "--replicates", "3", "--json", "--workers")
    assert ask(*words, "1").out == ask(*words, "2").out


@pytest.mark.slow
def test_compare_writes_a_study(ask: Ask, tmp_path: Path) -> None:
    answer = ask("compare", "--replicates", "2", "--out", "study", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["replicates"] == 2 and len(found["scenarios"]) >= 4
    assert {"summary.zh.md", "summary.en.md"} <= set(found["files"])
    assert all((tmp_path / "study" / name).is_file() for name in found["files"])
    printed = ask("compare", "--replicates", "2", "--out", "study", "--lang", "zh", "--force")
    assert printed.code == 0 and "summary.zh.md" in printed.out and CHINESE.search(printed.out)


@pytest.mark.slow
def test_bench_has_the_promised_keys(ask: Ask) -> None:
    found = json.loads(ask("bench", "--rounds", "1", "--json").out)
    keys = (
        "seconds_per_run agent_updates_per_second bytes_per_agent first_start_s later_start_s agents quarters".split()
    )
    assert all(found[key] > 0 for key in keys)
    assert found["later_start_s"] < found["first_start_s"]


def test_the_language_is_chosen_in_this_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "XIAOZHEN_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language([]) == "zh"
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert language([]) == "en"
    monkeypatch.setenv("XIAOZHEN_LANG", "zh")
    assert language([]) == "zh"
    assert language(["run", "--lang", "en"]) == "en" == language(["--lang=en"])
    assert language(["compare", "--lang", "both"]) == "zh"


def fresh(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line in a process of its own."""
    command = [sys.executable, "-m", "xiaozhen", *words]
    return subprocess.run(command, capture_output=True, cwd=ROOT, env={**os.environ, **environment}, check=False)


def test_the_folder_one_stands_in_is_not_our_code(tmp_path: Path) -> None:
    """A researcher's own ``sim`` folder, and names of the standard library and of our dependencies."""
    for name in ("json/__init__.py", "sim/__init__.py", "click.py", "report.py", "numpy.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("raise SystemExit('not ours')\n", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSAFEPATH"} | {"PYTHONPATH": str(ROOT)}
    for flags in ((), ("-P",)):
        command = [sys.executable, *flags, "-m", "xiaozhen", "show", "clawback.multiple", "--json"]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)


def test_chinese_survives_a_narrow_stream() -> None:
    done = fresh("show", "clawback.multiple", "--lang", "zh", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "倒扣倍数" in done.stdout.decode("utf-8")


def test_a_closed_pipe_is_no_error() -> None:
    command = f'"{sys.executable}" -m xiaozhen show levers --json | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT, check=False)
    assert done.stderr == b"" and done.stdout.strip() in (b"[", b"")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom xiaozhen.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'numba', 'mesa', 'matplotlib', 'scipy', 'pandas', 'pyarrow', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT)


def test_the_library_is_thin() -> None:
    code = (
        "import sys, xiaozhen\nassert not {'numpy', 'sim.parameters', 'click'} & set(sys.modules)\nprint(dir(xiaozhen))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT, text=True)
    assert "compare" in done.stdout


def test_the_library_runs_and_explains() -> None:
    import xiaozhen as xz

    found = xz.run("null", quarters=4)
    assert found.summary == xz.run(xz.scenario("null", quarters=4)).summary or found.spec_key
    with_settings = xz.scenario("zhejiang_2015", {"clawback.multiple": 3, "exit.hazard_year1": 0.02})
    assert with_settings.behaviour["exit.hazard_year1"] == 0.02 and len(with_settings.overridden) == 2
    assert xz.show("ZJ-CLAW-1")["kind"] == "clause"
    assert "zhejiang_2015" in xz.load().regimes
    with pytest.raises(xz.InputError):
        xz.run("nowhere")
    with pytest.raises(AttributeError):
        xz.nothing  # noqa: B018


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_tells_a_regime_as_its_account_does(ask: Ask, lang: str) -> None:
    from report.pages.regimes import told
    from report.text.spoken import spoken
    from xiaozhen.api.library import load

    library, shown = load(), ask("show", "regime", "zhejiang_2015", "--lang", lang).out
    sections = told(library, library.regimes["zhejiang_2015"])
    assert sections and all(spoken(title, lang) in shown and spoken(text, lang) in shown for title, text in sections)


def test_coverage_lists_every_clause_once(ask: Ask) -> None:
    from xiaozhen.api.library import load

    found = json.loads(ask("coverage", "--json").out)
    assert set(found) == {"acts", "context", "missing", "detail"}
    ids = [*found["acts"], *found["context"], *found["missing"]]
    assert sorted(ids) == sorted(load().clauses)
    assert found["detail"]["ZJ-CLAW-1"]["levers"] and found["detail"]["ZJ-DEF-1"]["context"]["zh"]
    rules = json.loads(ask("coverage", "--json", "--regime", "tongzhou_2017", "--status", "RULE").out)
    assert rules["acts"] and {found["detail"][name]["status"] for name in rules["acts"]} == {"RULE"}


@pytest.mark.parametrize(("lang", "words"), [("zh", "条起作用"), ("en", " act, ")])
def test_coverage_tells_in_both_languages(ask: Ask, lang: str, words: str) -> None:
    answer = ask("coverage", "--regime", "zhejiang_2015", "--lang", lang)
    assert answer.code == 0 and words in answer.out.splitlines()[-1]
    assert "ZJ-CLAW-1" in answer.out and "clawback.multiple" in answer.out
    assert bool(CHINESE.search(answer.out)) == (lang == "zh")


def test_coverage_lever_by_lever_says_how_each_stands(ask: Ask, tmp_path: Path) -> None:
    line = ("coverage", "--levers", "--regime", "gansu", "--workers", "1")
    answer = ask(*line, "--json", "--out", str(tmp_path / "levers"))
    assert answer.code == 0, answer
    found = json.loads(answer.out)
    assert set(found) == {"acts", "nominal", "excused", "dead", "belied", "readings", "reasons", "regimes", "detail"}
    assert found["belied"] == []
    assert found["nominal"] == ["gansu/call.creation_places"] and found["dead"] == [] and found["excused"] == {}
    assert "gansu/acceptance.active" in found["acts"]
    assert {p.name for p in (tmp_path / "levers").iterdir()} >= {"levers.csv", "levers.md", "levers.zh.md"}
    assert "acceptance.active" in (tmp_path / "levers" / "levers.zh.md").read_text(encoding="utf-8")


def test_coverage_leaves_with_one_where_a_lever_is_dead(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.analysis.coverage import levers
    from experiments.analysis.coverage.trials import Turn

    dead = levers.Verdicts((levers.Verdict(Turn("gansu", "call.mode", ()), levers.Kind.DEAD),), ())
    monkeypatch.setattr(levers, "judge", lambda *_, **__: dead)
    answer = ask("coverage", "--levers", "--regime", "gansu", "--lang", "en")
    assert answer.code == 1 and "gansu/call.mode" in answer.out


def test_coverage_leaves_with_one_where_a_meaning_said_to_be_silent_acts(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments.analysis.coverage import levers
    from experiments.analysis.coverage.trials import Moved, Place, Turn
    from experiments.analysis.coverage.where import Reason

    turn = Turn("tongzhou_2017", "D-26.automatic", ({"list.promotion_rule": "automatic"},))
    moved = Moved(turn, Place("tongzhou", 8), turn.sets[0], ("towns:status",), {})
    belied = levers.Verdicts((), (levers.Verdict(turn, levers.Kind.ACTS, moved, Reason.SILENT),))
    monkeypatch.setattr(levers, "judge", lambda *_, **__: belied)
    answer = ask("coverage", "--levers", "--regime", "tongzhou_2017", "--lang", "en")
    assert answer.code == 1 and "yet they act: tongzhou_2017/D-26.automatic" in " ".join(answer.out.split())


def test_coverage_check_says_what_moved(ask: Ask) -> None:
    line = ("coverage", "--check", "--regime", "zhejiang_2015_yiwu", "--workers", "1")
    answer = ask(*line, "--json")
    assert answer.code == 0, answer
    checked = json.loads(answer.out)["detail"]["YW-APPR-1"]["check"]
    assert checked["moved"] and checked["levers"] == ["approval.days"] and checked["largest"]
    told = ask(*line, "--lang", "zh").out
    assert "YW-APPR-1" in told and "2 条里有 2 条改变了结果" in told
