"""An attribution that keeps its runs: going on after a stop, draws of behaviour as units, captions that stand alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis.attribution.attribute import attribute
from experiments.analysis.attribution.design import design, plan_of
from experiments.analysis.attribution.differences import compare_regimes
from experiments.analysis.attribution.fates import Fates, compare_fates
from experiments.analysis.attribution.units import over_units, units_of
from experiments.analysis.estimates.contrasts import paired
from experiments.plan.behaviour import Behaviours, behaviours_for
from experiments.plan.plan import Point
from experiments.run.evaluate import evaluate
from experiments.run.verify import verify
from experiments.store.folder import Store
from experiments.store.manifest import unsound as changed_files
from report.blocks import Fold, Grid, Picture, Section
from report.figures import waterfall
from report.pages.attribution import page as report
from report.pages.comparison.brief import write_brief
from report.render import json as data
from report.text import attribution as telling
from report.text.spoken import spoken
from sim.parameters.mix import with_behaviour
from tests import worlds

ENDS = ("tongzhou_2017", "zhejiang_2015")
FOLDER = "r"
LINE = (*ENDS, "--by", "instrument", "--quarters", "8", "--replicates", "3", "--max-runs", "120", "--no-fates",
        "--workers", "1", "--yes", "--out", FOLDER)  # fmt: skip


def small(spec: object) -> dict[str, float]:
    """A stand-in for the model whose instruments act the more, the stronger one parameter of behaviour."""
    levers, behaviour = spec.scenario.levers, spec.scenario.behaviour  # type: ignore[attr-defined]
    strength = sum(behaviour.values()) % 1.0
    land, claw = levers["land_reward.share"][-1], levers["clawback.multiple"][-1]
    luck = 0.003 * (spec.replicate % 2)  # type: ignore[attr-defined]
    done = 0.2 + (0.1 + strength + luck) * land - 0.02 * claw * (1.0 + luck) + 0.01 * land * claw
    return {"completion_common": done, "investment_effective": 5000.0 + 70.0 * land}


@pytest.fixture
def ask(ask, monkeypatch):
    """Run one line against the stand-in; what ran is counted."""
    calls, stop_at = [], [10**9]

    def task(spec):
        if len(calls) >= stop_at[0]:
            raise KeyboardInterrupt
        calls.append(spec.replicate)
        return small(spec)

    for module in ("tasks", "carry"):
        monkeypatch.setattr(f"experiments.run.{module}.task_of", lambda name: task)

    def drawn(found, library, out, langs):
        """Files where figures would stand: to draw them takes longer than all else here."""
        out.mkdir(exist_ok=True)
        files = [out / f"waterfall_{s.outcome}.{lang}.png" for s in found.outcomes for lang in langs]
        for file in files:
            file.write_bytes(repr(found.outcomes).encode())
        return files

    monkeypatch.setattr(report, "_figures", drawn)

    def run(*words: str, stop: int = 10**9):
        calls.clear()
        stop_at[0] = stop
        said = ask("attribute", *words)
        return said.code, len(calls), said.out, said.err

    return run


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# --- going on ---------------------------------------------------------------------------------------------------------


def test_what_was_stopped_goes_on_with_the_same_line_and_gives_the_same_bytes(ask, tmp_path):
    code, ran, _, err = ask(*LINE, stop=40)
    assert code != 0 and ran == 40 and "the same line goes on" in err and "Traceback" not in err
    assert not (tmp_path / FOLDER / "manifest.json").exists()
    code, ran, _, err = ask(*LINE)
    runs = len(Store.open(tmp_path / FOLDER).plan.runs)
    assert code == 0, err
    assert 0 < ran < runs, "finished runs are not run again"
    broken = contents(tmp_path / FOLDER)
    assert ask(*LINE[:-1], "whole")[:2] == (0, runs)
    assert contents(tmp_path / "whole") == broken


def test_a_finished_result_is_told_again_without_a_run_and_with_other_outcomes(ask, tmp_path):
    assert ask(*LINE)[0] == 0
    first = contents(tmp_path / FOLDER)
    assert ask(*LINE)[:2] == (0, 0)
    assert contents(tmp_path / FOLDER) == first
    assert ask(*LINE, "--outcome", "investment_effective")[:2] == (0, 0), "other pages of the same runs"
    assert (tmp_path / FOLDER / "figures" / "waterfall_investment_effective.en.png").is_file()
    assert changed_files(tmp_path / FOLDER) == []


def test_more_orders_are_added_and_fewer_replicates_are_refused(ask, tmp_path):
    _, ran, *_ = ask(*LINE)
    more = ("170" if word == "120" else word for word in LINE)
    code, added, *_ = ask(*more)
    assert code == 0 and 0 < added < ran
    assert changed_files(tmp_path / FOLDER) == []
    before = contents(tmp_path / FOLDER)
    code, ran, out, err = ask(*("2" if word == "3" else word for word in LINE))
    assert (code, ran, out) == (2, 0, "") and "another folder" in err
    assert contents(tmp_path / FOLDER) == before


def test_while_new_runs_are_added_the_result_counts_as_unfinished(ask, tmp_path):
    ask(*LINE)
    assert ask(*("170" if word == "120" else word for word in LINE), stop=9)[0] != 0
    assert [p.kind for p in verify(tmp_path / FOLDER, 0).problems] == ["unfinished"]


def test_the_folder_is_verified_with_its_runs(ask, tmp_path, monkeypatch):
    ask(*LINE)
    assert verify(tmp_path / FOLDER, 3).holds
    monkeypatch.setattr("experiments.run.tasks.task_of", lambda name: lambda spec: {**small(spec), "x": 1.0})
    assert {p.kind for p in verify(tmp_path / FOLDER, 3).problems} == {"run_differs"}
    table = next((tmp_path / FOLDER / "runs").glob("*.parquet"))
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    (found,) = verify(tmp_path / FOLDER, 3).problems
    assert (found.kind, found.where) == ("changed", "runs/" + table.name)


def test_an_attribution_without_a_store_is_still_verified(tmp_path):
    c = compare_regimes(worlds.library(), *ENDS, by="instrument", quarters=8)
    run = partial(evaluate, library=worlds.library(), workers=1, task=small)
    report.write(attribute(c, design(len(c.groups), 2, max_runs=80), run), worlds.library(), tmp_path / "r")
    assert [p.kind for p in verify(tmp_path / "r", 2).problems] == ["nothing_kept"]


def test_what_somebody_put_beside_the_runs_stays(ask, tmp_path):
    ask(*LINE, stop=30)
    (tmp_path / FOLDER / "thesis.txt").write_text("mine")
    assert ask(*LINE)[0] == 0
    assert (tmp_path / FOLDER / "thesis.txt").read_text() == "mine"
    assert [(p.kind, p.where) for p in verify(tmp_path / FOLDER, 0).problems] == [("foreign", "thesis.txt")]


def test_a_plan_read_back_from_its_store_is_the_plan(tmp_path):
    library = worlds.library()
    c = compare_regimes(library, *ENDS, by="instrument", quarters=8)
    plan = plan_of(c, design(len(c.groups), 4, max_runs=160), behaviour=behaviours_for("prior", library, 4))
    again = Store.create(tmp_path / "s", plan, library=library).plan
    assert again == plan
    assert again.points[3].mix == plan.points[3].mix and isinstance(again.points[3].mix, tuple)
    assert again.points[-1].resolve(library) == c.scenario_b


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_the_model_killed_goes_on(tmp_path):
    words = [w for w in LINE if w not in ("--out", FOLDER)] + ["--outcome", "investment_effective"]
    line = [sys.executable, "-m", "xiaozhen", "attribute", *words, "--lang", "en", "--out"]
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen([*line, str(tmp_path / "a")], cwd=root, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while len(list((tmp_path / "a").glob("shards/*.parquet"))) < 3 and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "a" / "manifest.json").exists()
    for name in "ab":
        done = subprocess.run([*line, str(tmp_path / name)], cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert verify(tmp_path / "a", 2).holds


# --- behaviour --------------------------------------------------------------------------------------------------------


@cache
def made(mode: str, replicates: int = 6):
    library = worlds.library()
    c = compare_regimes(library, *ENDS, by="instrument", quarters=8)
    chosen = design(len(c.groups), replicates, max_runs=40 * replicates)
    plan = plan_of(c, chosen, behaviour=behaviours_for(mode, library, replicates))
    run = partial(evaluate, library=library, workers=1, task=small)
    return attribute(c, chosen, run, plan=plan)


def test_draws_are_the_units_and_the_sum_is_exact_in_every_replicate():
    central, drawn = (made(mode).outcomes[0] for mode in ("central", "prior"))
    assert central.units == (0, 1, 2, 3, 4, 5) and drawn.units == (0, 0, 1, 1, 2, 2)
    assert (central.difference.difference.n, drawn.difference.difference.n) == (6, 3)
    assert {p.contrast.difference.n for p in drawn.contributions} == {3} and drawn.start.n == 3
    assert drawn.exact and all(len(p.exact) == 6 for p in drawn.contributions)
    total = sum(p.contrast.difference.value for p in drawn.contributions)
    assert total == pytest.approx(drawn.difference.difference.value, rel=1e-12)
    land = next(p for p in drawn.contributions if p.group.id == "land_reward")
    pairs = [float((one + other) / 2) for one, other in zip(land.exact[::2], land.exact[1::2], strict=True)]
    assert land.contrast.difference == paired(pairs, np.zeros(3), unit=drawn.unit).difference
    naive = paired([float(x) for x in land.exact], np.zeros(6)).difference
    assert land.contrast.difference.half_width > naive.half_width, "two replicates of a draw are no two draws"


def test_bars_still_join_where_draws_are_the_units():
    shared = made("prior").outcomes[0]
    rows = waterfall.bars(shared, ("A", "B"), "en")
    assert rows[-2].high == pytest.approx(shared.end.value, rel=1e-12)


def test_one_draw_has_no_interval_and_is_told_without_a_number_that_is_none(tmp_path):
    found = made("prior", 2)
    assert found.outcomes[0].units == (0, 0) and found.outcomes[0].exact
    assert {p.verdict for p in found.outcomes[0].contributions} <= {"unresolved", "nothing"}
    written = report.write(found, worlds.library(), tmp_path / "r")
    pages = [p.read_text(encoding="utf-8") for p in written if p.suffix == ".md"]
    assert len(pages) == 2 and not any(re.search(r"\bnan\b", page) for page in pages)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-1e6, 1e6)), min_size=1, max_size=20))
def test_means_over_units_weigh_units_alike(pairs):
    units, values = zip(*pairs, strict=True)
    found = over_units(values, units)
    assert len(found) == len(set(units))
    for unit, mean in zip(dict.fromkeys(units), found, strict=True):
        own = [Fraction(v) for u, v in pairs if u == unit]
        assert mean == float(sum(own) / len(own))
    assert over_units(values, range(len(values))) == list(values)


def test_a_draw_that_comes_again_is_the_same_unit():
    two = Behaviours("prior", ({"x": 0.1}, {"x": 0.2}))
    assert units_of(two, range(6)) == (0, 0, 1, 1, 0, 0)
    assert units_of(Behaviours(), (0, 2, 5)) == (0, 2, 5)


def test_fates_are_run_under_the_same_behaviour_and_counted_by_draw():
    library, seen = worlds.library(), []
    a, b = (Point(name, name, quarters=8) for name in ("null", "zhejiang_2015"))

    def task(spec):
        seen.append((spec.replicate, spec.scenario))
        raise ValueError("enough")

    drawn = behaviours_for("prior", library, 4)
    with pytest.raises(Exception, match="enough"):
        compare_fates(a, b, 4, task=task, behaviour=drawn, library=library)
    assert [k for k, _ in seen] == [0, 1, 2, 3, 0, 1, 2, 3]
    ends = [point.resolve(library) for point in (a, b)]
    assert all(s == with_behaviour(library, ends[i // 4], drawn.of(k)) for i, (k, s) in enumerate(seen))
    rows = tuple(
        {"replicate": k, "changed": True, "fate_a": "named", "fate_b": "exited"} for k, n in enumerate((3, 5, 9, 9))
        for _ in range(n)
    )  # fmt: skip
    found = Fates(rows, (), 4, 10, (0, 0, 0, 0), units_of(drawn, range(4)))
    assert (found.changed("towns").value, found.changed("towns").n) == (6.5, 2)


@pytest.mark.parametrize("kind", ["towns", "firms"])
def test_counts_lie_between_none_and_all(kind: str):
    rows = tuple({"replicate": k, "changed": True, "fate_a": "a", "fate_b": "b"} for k in (0,) * 10 + (1,) * 9 + (2,))
    towns, firms = (rows, ()) if kind == "towns" else ((), rows)
    e = Fates(towns, firms, 3, 10, (10, 10, 10)).changed(kind)
    assert (e.low, e.high) == (0.0, 10.0)


def test_no_posterior_and_no_such_behaviour_are_told(ask, tmp_path):
    for word in ("centre", "priors"):
        code, ran, out, err = ask(*LINE, "--behaviour", word)
        assert (code, ran, out) == (2, 0, "") and word in err
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_which_behaviour_and_so_does_the_folder(ask, tmp_path):
    code, _, out, err = ask(*LINE, "--behaviour", "prior", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["behaviour"] == "prior" and found["outcomes"][0]["difference"]["difference"]["n"] == 2
    spec = json.loads((tmp_path / FOLDER / "spec.json").read_text(encoding="utf-8"))
    assert spec["behaviour"]["mode"] == "prior" and len(spec["behaviour"]["sha256"]) == 64
    assert "--behaviour prior" in spec["command"]


# --- captions ---------------------------------------------------------------------------------------------------------

ALONE = {
    "zh": ("南通市通州区2017年", "浙江省2015年", "浙江省", "8个季度", "6次重复", "95%区间", "行为参数"),
    "en": ("Tongzhou 2017", "Zhejiang 2015", "in Zhejiang", "8 quarters", "6 replicates", "95% interval", "Behaviour"),
}


def few_fates() -> Fates:
    town = {"replicate": 0, "changed": True, "fate_a": "warned", "fate_b": "named", "what": "strategy"}
    town |= {"quarter": "2016Q1", "a": "coast", "b": "push", "industry": "health", "site": 3}
    firm = {
        "replicate": 1,
        "changed": True,
        "fate_a": "present",
        "fate_b": "never",
        "what": "born",
        "quarter": "2016Q1",
    }
    return Fates((town,), (firm,), 6, 130, (10,) * 6)


def captions_of(folder: Path, lang: str) -> list[str]:
    """Captions of all tables and figures of the page that a result keeps."""

    def inside(blocks: Sequence[object]) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, Grid | Picture):
                yield spoken(block.caption, lang)
            elif isinstance(block, Section | Fold):
                yield from inside(block.blocks)

    page = data.restored(json.loads((folder / data.FILE).read_text(encoding="utf-8")), folder)
    return list(inside(page.blocks))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("mode", "units"), [("central", {"zh": "未经拟合", "en": "over replicates"}),
                                             ("prior", {"zh": "3次抽样", "en": "over the 3 draws"})])  # fmt: skip
def test_every_table_and_figure_has_a_caption_that_stands_alone(tmp_path, lang, mode, units):
    report.write(made(mode), worlds.library(), tmp_path / "r", fates=few_fates())
    shown = captions_of(tmp_path / "r", lang)
    assert len(shown) == 6
    for caption in shown[:-1]:
        assert all(word in caption for word in (*ALONE[lang], units[lang])), caption
    assert all(name in shown[-1] for name in ALONE[lang][:2]), "what the groups are has no runs"
    assert len(set(shown)) == 6 and not any("*" in caption for caption in shown)


def test_the_waterfall_itself_says_what_it_rests_on():
    for lang in ("zh", "en"):
        page = waterfall.draw(made("prior"), made("prior").outcomes[0], worlds.library(), lang)
        words = "".join(t.get_text() for t in page.figure.texts).replace("\n", "").replace(" ", "")
        assert all(word.replace(" ", "") in words for word in ALONE[lang])


class Captions(HTMLParser):
    """The captions of the tables of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found, self._open = [""], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "caption":
            self._open = True
            self.found.append("")

    def handle_endtag(self, tag):
        self._open = self._open and tag != "caption"

    def handle_data(self, data):
        if self._open:
            self.found[-1] += data


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_brief_takes_the_captions_and_says_how_behaviour_was_set(tmp_path, lang):
    report.write(made("prior"), worlds.library(), tmp_path / "r", fates=few_fates(), command="xiaozhen attribute a b")
    text = write_brief(tmp_path / "r", lang=lang)[0].read_text(encoding="utf-8")
    captions = [c for c in Captions(text).found if all(word in c for word in ALONE[lang])]
    assert len(captions) == 4
    mode = {"zh": "行为参数取先验的3次抽样", "en": "Behaviour: 3 draws from the priors"}[lang]
    assert mode in text.split('id="' + lang + '-caveats"')[1]
    assert verify(tmp_path / "r", 0).holds


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_captions_of_a_sensitivity_study_stand_alone_too(tmp_path, lang):
    from experiments.analysis.sensitivity.study import analyse
    from report.pages.sensitivity import write
    from tests.experiments.analysis.test_sensitivity_study import ask as lay_out
    from tests.experiments.analysis.test_sensitivity_study import small as subject
    from tests.experiments.analysis.test_sensitivity_study import stand_in

    asked = lay_out("sobol", subject(), n=16, library=worlds.library(), second_order=True)
    write(analyse(asked, stand_in(asked.plan)), tmp_path / "sensitivity", (lang,))
    captions = captions_of(tmp_path / "sensitivity", lang)
    words = {"zh": ("zhejiang_2015", "16 行", "次运行", "区间", "行为参数"),
             "en": ("zhejiang_2015", "16 rows", "runs", "95% interval", "Behaviour")}[lang]  # fmt: skip
    assert len(captions) >= 4 and all(word in c for c in captions for word in words), captions
    assert len(set(captions)) == len(captions)


def test_a_study_keeps_its_fingerprint_at_the_centre_and_has_another_with_draws():
    central, drawn = made("central"), made("prior")
    assert telling.fingerprint(central) != telling.fingerprint(drawn)
    other = replace(central, plan=replace(central.plan, behaviour=Behaviours()))
    assert telling.fingerprint(other) == telling.fingerprint(central)
