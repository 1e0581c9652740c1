"""A language is added by adding files: a page and a command speak it, and what it lacks is said in English."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from report.text.language import LANGS, bracketed, chosen, joined, language, listed
from report.text.quantity import counted, money, people, percent
from sim.parameters.read import read_document
from sim.parameters.tables import Table

ROOT = Path(__file__).resolve().parents[2]

LANGUAGE = """
name = "Français"
system = ["fr"]

[marks]
and = " et "
open = " («"
close = "»)"

[units]
town = "{n} bourgs"
"""
SAID = {
    "help": 'options = "Options possibles"\nschedule = "Les étapes d\'un trimestre."\n',
    "worlds": 'title = "Les territoires et leurs chiffres"\n[levels]\nprovince = "province (fr)"\n',
    "mistakes": '[command]\nno_command = "il n\'y a pas de commande « {found} »"\n',
}


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    """A folder with a small third language."""
    folder = tmp_path_factory.mktemp("languages")
    (folder / "fr.toml").write_text(LANGUAGE, encoding="utf-8")
    (folder / "fr").mkdir()
    for name, text in SAID.items():
        (folder / "fr" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def speak(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python where the language is known."""
    variables = {**os.environ, "XIAOZHEN_LANGUAGES": str(folder), "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, encoding="utf-8", env=variables, check=False, cwd=folder
    )


def test_a_command_speaks_it_and_falls_back_to_english(french):
    done = speak(french, "-m", "xiaozhen", "compare", "--help", "--lang", "fr")
    assert done.returncode == 0 and "Options possibles" in done.stdout
    assert "Worker processes; all cores by default." in done.stdout
    wrong = speak(french, "-m", "xiaozhen", "comparer", XIAOZHEN_LANG="fr")
    assert wrong.returncode == 2 and "il n'y a pas de commande « comparer »" in wrong.stderr
    assert "did you mean: compare?" in wrong.stderr


def test_a_page_speaks_it_and_falls_back_to_english(french):
    code = "from report.pages.worlds import FILES, document; print(FILES['fr']); print(document('fr'))"
    done = speak(french, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("worlds.fr.md\n# Les territoires et leurs chiffres\n")
    assert "province (fr)" in done.stdout and "general knowledge, to be checked" in done.stdout


def test_numbers_and_marks_are_its_own_where_it_has_them(french):
    code = (
        "from report.text.quantity import quantity; from report.text.language import *; "
        "print(quantity(3, 'town', 'fr'), quantity(3, 'firm', 'fr'), joined(['a', 'b'], 'fr'), bracketed('x', 'fr'))"
    )
    assert speak(french, "-c", code).stdout == "3 bourgs 3 firms a et b  («x»)\n"


def test_the_languages_are_those_that_have_a_file():
    assert LANGS[:2] == ("zh", "en") and chosen(["--lang", "zh"]) == "zh" == chosen(["run", "--lang=zh"])


def test_a_language_without_a_file_is_written_as_english():
    assert language("xx").marks["pause"] == ", " and language("xx").marks["tag"] == "xx"
    assert listed(["a", "b"], "xx") == "a, b" and joined(["a", "b", "c"], "zh") == "a、b和c"
    assert bracketed("", "zh") == "" and bracketed("x", "zh") == "（x）"


def test_sums_people_and_plurals_are_told_as_each_language_counts():
    assert [money(25_000, lang) for lang in ("zh", "en")] == ["2.5亿元", "250 million yuan"]
    assert [people(30_000, lang) for lang in ("zh", "en")] == ["3万", "30,000"]
    assert [percent(0.625, lang) for lang in ("zh", "en")] == ["62%", "62 %"]
    assert counted("{n} towns", "1", "en") == "1 town" and counted("{n}个", "1", "zh") == "1个"


def test_titles_of_scenario_files_may_have_further_languages(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        'title = { zh = "浙江", en = "Zhejiang", fr = "Le Zhejiang" }\nbad = { zh = "a", en = "b", french = "c" }\n',
        encoding="utf-8",
    )
    document = read_document(path, "x.toml")
    table = Table(document, document.data, ())
    found = table.both("title")
    assert [found[lang] for lang in ("zh", "en", "fr", "de")] == ["浙江", "Zhejiang", "Le Zhejiang", "Zhejiang"]
    assert not document.problems
    table.both("bad")
    assert [problem.key for problem in document.problems] == ["bad.french"], "a language is two letters"
