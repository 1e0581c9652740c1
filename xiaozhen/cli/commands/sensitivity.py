"""``xiaozhen sensitivity``: which factors move the outcomes, with a store, tables, figures and a page."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Among, Command, Count, argument, chosen, common, option
from xiaozhen.cli.output import line, note, print_json, table
from xiaozhen.cli.sweep_consent import asking, keeping
from xiaozhen.cli.sweep_progress import watching

if TYPE_CHECKING:
    from experiments.analysis.sensitivity.study import Asked, Found
    from experiments.run.meter import State
    from experiments.run.pilot import Estimate
    from experiments.store.folder import Store

METHODS, GROUPS = ("sobol", "morris", "pawn"), ("none", "instrument", "clause")


class Clock:
    """Wall time, processor time of the model and of everything: what the overhead is measured from.

    Processor time tells the overhead also where other work shares the machine. That of workers counts once they have
    ended; those of a scheduler do not, nor do any on Windows, and the overhead is then that of the wall clock.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        self.started, self.folder, self.workers = time.perf_counter(), folder, workers
        self.before = model_seconds(folder)
        self.cpu, self.spent = 0.0, processor_seconds()

    def engaged(self, found: Estimate) -> None:
        """Take the number of workers from the pilot."""
        self.workers = found.workers

    def tell(self, forward: Callable[[State], None]) -> Callable[[State], None]:
        """Pass progress on; after the last run read the CPU time, for merging forgets it."""

        def told(state: State) -> None:
            forward(state)
            if state.done == state.total:
                self.cpu = max(0.0, model_seconds(self.folder) - self.before)

        return told

    def read(self) -> dict[str, float]:
        """Seconds and overhead now; NaN overhead where nothing was run."""
        wall = time.perf_counter() - self.started
        spent = processor_seconds() - self.spent
        whole = spent if spent > self.cpu else wall * self.workers
        overhead = 1.0 - self.cpu / whole if self.cpu else float("nan")
        return {"wall_s": wall, "model_cpu_s": self.cpu, "workers": self.workers, "overhead": overhead}


def processor_seconds() -> float:
    """Processor seconds of this process and of its workers that have ended; of this process alone on Windows."""
    try:
        import resource
    except ImportError:
        return time.process_time()
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def model_seconds(folder: Path) -> float:
    """CPU seconds of the runs in a store's shards."""
    import pyarrow.compute as pc
    from pyarrow import parquet

    found = (pc.sum(parquet.read_table(p, columns=["seconds"])["seconds"]) for p in folder.glob("shards/*.parquet"))
    return float(sum(s.as_py() or 0.0 for s in found))


@click.command(cls=Command, help="commands.sensitivity.help", epilog="commands.sensitivity.more")
@argument("subject", default="zhejiang_2015", required=False, metavar="[REGIME|DESIGN]")
@option("--method", type=Among(METHODS), default="sobol", show_default=True, help="sensitivity.opt_sens_method")
@option("--n", type=Count(), default=None, help="sensitivity.opt_sens_n")
@option("--second-order", is_flag=True, help="sensitivity.opt_sens_second")
@option("--group", type=Among(GROUPS), default="none", show_default=True, help="sensitivity.opt_sens_group")
@option("--outcomes", default=None, metavar="A,B", help="sensitivity.opt_sens_outcomes")
@option("--quarters", type=Count(), default=None, help="sensitivity.opt_sens_quarters")
@option("--seed", type=Count(0), default=None, help="sensitivity.opt_sens_seed")
@option("--out", default=None, metavar="DIR", help="sensitivity.opt_sens_out")
@option("--workers", type=Count(), default=None, help="sweep.opt_workers_sweep")
@option("--threads", type=Count(), default=None, help="sweep.opt_threads_sweep")
@option("--scheduler", default=None, metavar="ADDRESS", help="sweep.opt_scheduler")
@option("--yes", is_flag=True, help="sweep.opt_yes")
@common
def sensitivity(subject: str, yes: bool, as_json: bool, lang: str | None, **asked: Any) -> None:
    """Run a sensitivity study into a store and tell what it found."""
    from experiments.analysis.sensitivity.study import analyse
    from experiments.store import manifest
    from experiments.store.reading import frame
    from report.text.sensitivity import study_text

    told = chosen(lang)
    study = _laid_out(subject, asked)
    folder = Path(asked["out"] or f"results/sensitivity-{Path(subject).stem}-{study.method}")
    note(say("sensitivity.sens_plan", told, study=study_text(study, told), evaluations=f"{study.evaluations:,}",
             runs=f"{len(study.plan.runs):,}"))  # fmt: skip
    clock = Clock(folder, _slots(asked, len(study.plan.runs)))
    store = _run(study, folder, clock, asked, told, yes or as_json, _line(subject, asked))
    found = analyse(study, frame(store))
    files = _write(found, folder)
    manifest.add(folder, files)
    cost = clock.read()
    if as_json:
        print_json(document(found, folder, files, cost))
    else:
        _print(found, folder, cost, told)


def _laid_out(subject: str, asked: dict[str, Any]) -> Asked:
    from experiments.analysis.sensitivity.study import ask
    from xiaozhen.api.library import load

    outcomes = None
    if asked["outcomes"] is not None:
        outcomes = [name.strip() for name in asked["outcomes"].split(",") if name.strip()]
    return ask(
        asked["method"], subject, n=asked["n"], outcomes=outcomes, group=asked["group"], seed=asked["seed"],
        second_order=asked["second_order"], quarters=asked["quarters"], library=load(),
    )  # fmt: skip


def _slots(asked: dict[str, Any], jobs: int) -> int:
    """Runs at the same time; of a scheduler this is told by the pilot."""
    from experiments.run.engines.local import available_cores

    return min(jobs, asked["workers"] or asked["threads"] or available_cores())


def _line(subject: str, asked: dict[str, Any]) -> str:
    """The line that makes the same result: nothing about where it ran."""
    parts = ["xiaozhen", "sensitivity", Path(subject).name if subject.endswith(".toml") else subject]
    parts += ["--method", asked["method"]]
    for name in ("n", "group", "outcomes", "quarters", "seed"):
        if asked[name] not in (None, "none"):
            parts += [f"--{name}", str(asked[name])]
    return shlex.join([*parts, "--second-order"] if asked["second_order"] else parts)


def _run(
    study: Asked, folder: Path, clock: Clock, asked: dict[str, Any], lang: str, silent: bool, command: str
) -> Store:
    """Run into the store.

    Raises:
        InputError: If the folder holds something else, or a point is not acceptable.
    """
    from experiments.run.carry import Way, carry_out
    from experiments.run.engines.choose import Where
    from xiaozhen.api.library import load

    where = Where(asked["workers"], asked["threads"], asked["scheduler"])
    # Rows have luck of their own, so a point has one replicate and its interval is not the question.
    consent = asking(lang, silent, told=clock.engaged, least=2)
    with watching(lang) as forward, keeping(folder, lang, "sensitivity.sens_declined", folder):
        way = Way(where, None, clock.tell(forward), consent)
        return carry_out(study.plan, folder, way, library=load(), command=command)


def _write(found: Found, folder: Path) -> list[Path]:
    from report.pages.sensitivity import FOLDER, write

    return write(found, folder / FOLDER)


def document(found: Found, folder: Path, files: list[Path], cost: dict[str, float]) -> dict[str, Any]:
    """The result as one JSON document."""
    asked = found.asked
    return {
        "method": asked.method,
        "design": dict(asked.plan.design),
        "regime": asked.subject.design.base.regime,
        "n": asked.n,
        "evaluations": asked.evaluations,
        "runs": len(asked.plan.runs),
        "failed": found.failed,
        "indices": found.indices.to_dict("records"),
        "shares": found.shares.to_dict("records"),
        "second": found.second.to_dict("records"),
        "cost": cost,
        "folder": str(folder),
        "files": [path.relative_to(folder).as_posix() for path in files],
    }


def _print(found: Found, folder: Path, cost: dict[str, float], lang: str) -> None:
    from report.pages.sensitivity import FOLDER, cells, heads, remarks, title

    for outcome in found.asked.subject.design.outcomes:
        head = heads(found, lang)
        table(title(found, outcome, lang), head, cells(found, outcome, lang), right=range(1, len(head) - 1))
        for text in remarks(found, outcome, lang):
            line(text)
        line("")
    if found.failed:
        line(say("sensitivity.sens_failed", lang, failed=found.failed))
    shown = {"wall": f"{cost['wall_s']:,.0f}", "cpu": f"{cost['model_cpu_s']:,.0f}", "workers": cost["workers"],
             "overhead": f"{100.0 * cost['overhead']:.1f}"}  # fmt: skip
    line(say("sensitivity.sens_done" if cost["model_cpu_s"] else "sensitivity.sens_done_kept", lang, **shown))
    line(say("output.written", lang, folder=folder))
    line(say("output.read_first", lang, file=folder / FOLDER / f"summary.{lang}.md"))
