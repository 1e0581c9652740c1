"""The commands around a store: what they print, and that bad input touches nothing."""

from __future__ import annotations

import json
import re

import pytest

from experiments.plan.from_study import plan_named
from experiments.run.evaluate import stored
from experiments.store.folder import Store
from sim.parameters import load_library
from tests import sweep_tasks

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LIBRARY = load_library()


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store") / "done"
    stored(folder, workers=1, library=LIBRARY, command="xiaozhen sweep small")(sweep_tasks.plan("failing"))
    return folder


BAD = [
    ("sweep",),
    ("sweep", "three_regmes"),
    ("sweep", "nowhere.toml"),
    ("sweep", "three_regimes", "--replicates", "0"),
    ("sweep", "three_regimes", "--n", "8"),
    ("sweep", "three_regimes", "--shard", "4/3"),
    ("sweep", "three_regimes", "--shard", "0/3"),
    ("sweep", "three_regimes", "--shard", "a third"),
    ("sweep", "three_regimes", "--workers", "2", "--threads", "2"),
    ("sweep", "three_regimes", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"),
    ("sweep", "three_regimes", "--counties", "nowhere.csv"),
    ("sweep", "three_regimes", "--out", "foreign"),
    ("sweep", "three_regimes", "--out", "newer"),
    ("sweep", "three_regimes", "--out", "foreign/file.txt"),
    ("sweep", "three_regimes", "--out", "/dev/null/x"),
    ("sweep", "three_regimes", "--out", "bad\0name"),
    ("resume", "foreign"),
    ("resume", "nowhere"),
    ("resume", "newer"),
    ("status", "foreign"),
    ("status", "newer"),
    ("verify", "foreign"),
    ("verify", "nowhere"),
    ("export", "foreign"),
    ("export", "nowhere", "--format", "doc"),
    ("query", "foreign", "select 1"),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_input_is_one_message_and_touches_nothing(ask, tmp_path, lang):
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "file.txt").write_text("mine")
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "plan.json").write_text('{"xiaozhen_store": 99}')
    before = sweep_tasks.hashes(tmp_path)
    wrong = []
    for words in BAD:
        code, out, err = ask(*words, "--lang", lang)
        said = code == 2 and out == "" and "Traceback" not in err and bool(CHINESE.search(err)) == (lang == "zh")
        if not said or sweep_tasks.hashes(tmp_path) != before:
            wrong.append(f"{' '.join(words)}: {code} {out} {err}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_status_says_how_far_a_store_is(ask, finished, lang):
    code, out, _ = ask("status", str(finished), "--lang", lang)
    assert code == 0
    assert "32" in out
    assert "audit" in out
    assert bool(CHINESE.search(out)) == (lang == "zh")
    document = json.loads(ask("status", str(finished), "--json")[1])
    assert (document["runs"], document["done"], document["failed"], document["waiting"]) == (32, 28, 4, 0)
    assert document["finished"]
    assert document["command"] == "xiaozhen sweep small"


def test_resume_of_a_part_finishes_it(ask, tmp_path):
    stored(tmp_path / "part", workers=1, shard="1/2", library=LIBRARY)(sweep_tasks.plan())
    document = json.loads(ask("status", "part", "--json")[1])
    assert (document["done"], document["waiting"], document["finished"]) == (16, 16, False)
    code, out, _ = ask("resume", "part", "--workers", "1", "--task", "tests.sweep_tasks:quick")
    assert code == 0
    assert "manifest.json" in out
    assert Store.open(tmp_path / "part").finished


def test_query_and_export(ask, finished, tmp_path):
    rows = json.loads(ask("query", str(finished), "select count(*) as n from runs", "--json")[1])
    assert rows == [{"n": 32}]
    code, _, err = ask("query", str(finished), "selec nothing")
    assert code == 2
    assert "Traceback" not in err
    assert ask("export", str(finished), "--table", "runs", "--out", "given")[0] == 0
    assert (tmp_path / "given" / "runs.csv").is_file()
    assert ask("export", str(finished), "--table", "runs", "--out", "given")[0] == 2


def test_verify_finds_a_flipped_byte(ask, finished, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(finished, copy)
    assert ask("verify", "copy", "--sample", "0")[0] == 0
    path = copy / "points.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    code, _, err = ask("verify", "copy", "--sample", "0")
    assert code == 1
    assert "points.parquet" in err
    for words in (("status", "copy"), ("query", "copy", "SELECT count(*) AS n FROM runs")):
        assert "points.parquet" in ask(*words)[2], words


@pytest.mark.parametrize("study", sorted(LIBRARY.studies))
def test_a_study_as_a_plan_is_the_study(study):
    plan = plan_named(study, LIBRARY, replicates=2)
    record = LIBRARY.studies[study]
    resolved = LIBRARY.resolve_study(study).values()
    assert [p.resolve(LIBRARY) for p in plan.points] == list(resolved)
    assert [dict(p.resolve(LIBRARY).overridden) for p in plan.points] == [dict(one.overridden) for one in resolved]
    assert [p.id for p in plan.points] == [one.id for one in record.scenarios]
    assert len(plan.runs) == 2 * len(plan.points)


@pytest.mark.slow
def test_a_sweep_from_the_line(ask, tmp_path):
    study = tmp_path / "own.toml"
    study.write_text(
        """
[study]
id = "own"
title = { zh = "小", en = "small" }
what = { zh = "小", en = "small" }
replicates = 7
"""
        + "".join(
            f"""
[[scenario]]
id = "{name}"
title = {{ zh = "{name}", en = "{name}" }}
regime = "{name}"
world = "zhejiang"
quarters = 6
set = {{}}
"""
            for name in ("null", "zhejiang_2015", "tongzhou_2017", "pingxiang_2017")
        ),
        encoding="utf-8",
    )
    code, out, err = ask("sweep", "own.toml", "--out", "out", "--workers", "1")
    assert code == 0, err
    assert "28 runs" in err
    assert "95%" in err
    assert "manifest.json" in out
    assert Store.open(tmp_path / "out").file.command == "xiaozhen sweep own.toml"
    code, out, _ = ask("verify", "out", "--sample", "2")
    assert code == 0
