"""What a product says and does that was extended as the how-tos tell; printed as JSON by a process of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import xiaozhen as xz
from calibration.fit.runs import carried_out, fit_plan
from calibration.moments import MOMENTS
from calibration.predict import predict
from experiments.analysis.doses.sweep import doses, measure
from experiments.analysis.readings.sweep import sweep as readings
from experiments.plan.behaviour import behaviours_for
from report.figures.draw import draw_all, drawable
from report.pages import places
from report.pages.odd import odd
from report.pages.regimes import accounts
from report.pages.worlds import document
from report.text.catalogue import say
from report.text.language import LANGS
from report.text.spoken import spoken
from sim.model import Simulation
from sim.outcomes import summarise
from sim.parameters import Library
from sim.run import RunSpec, run
from tests import fakes
from tests.worlds import COUNTIES, PLACES
from xiaozhen.api.comparison import run_study
from xiaozhen.api.names import explain

UPKEEP = "land.idle_upkeep"
STUDY = """
[study]
id = "two"
title = { zh = "两种", en = "Two" }
what = { zh = "两种倒扣。", en = "Two clawbacks." }
replicates = 2

[[scenario]]
id = "stated"
title = { zh = "原样", en = "As stated" }
regime = "zhejiang_2015"
world = "zhejiang"
effective = "2015Q2"
quarters = 6

[[scenario]]
id = "gentle"
title = { zh = "一倍", en = "Once" }
regime = "zhejiang_gentle"
world = "zhejiang"
effective = "2015Q2"
quarters = 6
"""
ZJ = "zhejiang_2015"


def main() -> None:
    """Run, show and study; print what came of it."""
    Path("counties.csv").write_text(COUNTIES, encoding="utf-8")
    library = xz.load()
    found = {
        "bonus": bonus(library),
        "regime": regime(library),
        "outcome": outcome(library),
        "rule": rule(library),
        "figure": figure(),
        "language": language(),
        "towns": towns(),
        "studies": studies(library),
    }
    print(json.dumps(found))


def small(regime: str = ZJ, quarters: int = 8, **given: Any) -> RunSpec:
    """A run of the small province."""
    made = xz.scenario(regime, {**PLACES, **given}, quarters=quarters, effective="2015Q2")
    return RunSpec(made, counties="counties.csv")


def bonus(library: Library) -> Any:
    """Public cost without and with the bonus, in a run as everybody makes it."""
    easy = {"target.first_year": 0, "target.three_year": 1, "acceptance.after": 4, "acceptance.function_min": 0}
    off, on = (run(small(**easy, **{"bonus.amount": amount})) for amount in (0, 5000))
    return {
        "cost": [off.summary["public_cost"], on.summary["public_cost"]],
        "read": "bonus.amount" in on.guards["levers_read"],
        "shown": explain(library, "bonus.amount", "lever")["title"]["en"],
    }


def regime(library: Library) -> Any:
    """What the regime sets, says and does."""
    made = xz.scenario("zhejiang_gentle", quarters=8)
    return {
        "multiple": [made.levers["clawback.multiple"][-1], library.resolve(ZJ).levers["clawback.multiple"][-1]],
        "said": next(
            part for part in accounts("en", library).split("\n## ") if part.startswith("Zhejiang 2015, clawed")
        ),
        "years": len(run(small("zhejiang_gentle")).years),
    }


def outcome(library: Library) -> Any:
    """Its value by hand and in a run, and how it is explained."""
    p = Simulation(small().scenario, counties="counties.csv")
    while p.t + 1 < p.clock.quarters:
        p.step()
    ever = p.towns.listed_at >= 0
    return {
        "by_hand": float((p.towns.idle[ever] > 0).mean()),
        "given": [summarise(p)["idle_towns"], run(small()).summary["idle_towns"]],
        "shown": explain(library, "idle_towns", "outcome")["title"]["en"],
    }


def rule(library: Library) -> Any:
    """What the rule books at several values of its parameter, how it is drawn, and where it is described."""
    paid = []
    for upkeep in (0.0, 0.5, 1.0):
        p = Simulation(small(**{UPKEEP: upkeep}).scenario, counties="counties.csv")
        while p.t + 1 < p.clock.quarters:
            p.step()
        paid.append(int(p.money.total(_reason()).sum()))
    return {
        "paid": paid,
        "drawn": {mode: _drawn(mode, library) for mode in ("posterior", "prior")},
        "at_prior": list(behaviours_for("posterior", library, 4).at_prior),
        "odd": f"`{UPKEEP}`" in odd("en", library),
    }


def _reason() -> Any:
    from sim.agents.upkeep import UPKEEP as reason  # a file of the how-to

    return reason


def _drawn(mode: str, library: Library) -> list[float]:
    draws = behaviours_for(mode, library, 40)
    return [draws.of(k)[UPKEEP] for k in range(0, 40, 2)]


def figure() -> Any:
    """Its place, its files and its finding, of a study of results that were made up."""
    study = fakes.study(3)
    from report.figures.registry import figures

    return {
        "order": drawable(study),
        "files": [path.name for path in draw_all(study, Path("drawn"), ("en", "zh"), names=("idle",))],
        "said": [spoken(figures()["idle"].said(study), lang) for lang in ("en", "zh")],
        "title": spoken(figures()["idle"].title, "zh"),
    }


def language() -> Any:
    """The languages there are, and what a command and a page say in the new one."""
    page = document("fr").split("\n")[0]
    return {"all": list(LANGS), "said": say("commands.schedule.help", "fr"), "page": page}


def towns() -> dict[str, Any]:
    """What the list of places says of the world that got towns by name."""
    rows = places.document("tongzhou")
    named = [row for row in rows if row["batch"]]
    return {"named": [row["name"]["en"] for row in named], "marks": [row["marks"] for row in named], "sites": len(rows)}


def studies(library: Library) -> dict[str, Any]:
    """One number of every kind of study, as small as it goes; a study that breaks on the extension never gets here."""
    Path("two.toml").write_text(STUDY, encoding="utf-8")
    design = xz.vary(ZJ, {UPKEEP: (0.0, 1.0), "clawback.multiple": [1, 2]}, n=2, replicates=1, quarters=4)
    centre: Mapping[str, float] = {key: entry.central for key, entry in library.uncertainties.items()}
    quick = {"quarters": 5, "outcomes": ["public_cost"], "workers": 1}
    compared = run_study(
        "two.toml", library=library, out=Path("compared"), workers=1, langs=("en",), figures=("differences",),
        counties="counties.csv", behaviour="posterior",
    )  # fmt: skip
    dose = next(one for one in doses() if one.id == "clawback_multiple")
    plan, moment = fit_plan("t", [centre], 1), next(iter(MOMENTS))
    fitted = carried_out(plan, [moment], Path("fit"), code="x", library=library, workers=1)
    shared = xz.attribute(ZJ, "zhejiang_gentle", "land_clawed", replicates=1, quarters=5, workers=1)
    return {
        "compare": compared is not None,
        "sweep": len(xz.sweep(design, workers=1, behaviour="prior")),
        "sensitivity": len(xz.sensitivity(design, "morris", n=4, **quick).table("public_cost")),
        "attribute": len(shared.frame()),
        "readings": len(readings(library, 1, 1, regimes=[ZJ], readings=["D-06"], quarters=5).swept),
        "doses": len(measure([dose], 2, 1, library=library, quarters=5)),
        "predict": len(predict("posterior", 1, library=library, workers=1, only=["jiangsu"]).values),
        "calibrate": bool(np.isfinite(fitted).any()),
    }
