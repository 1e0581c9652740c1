"""What a reader of a result needs beside its numbers: the question, the documents behind regimes, what checks found.

Stored in the result folder as ``context.json``, so that a brief says what the scenario files said when the study ran,
not what they say today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from experiments.analysis.guards import Finding
from experiments.analysis.study import Study
from sim.parameters.compose import chain_of
from sim.parameters.enforcement import doubtful

CONTEXT = "context.json"
FORMAT = 1
"""Version of the file; stands under the key ``xiaozhen_context``."""


def context_of(
    study: Study, library: Any, findings: Sequence[Finding], question: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Collect it as plain data.

    Args:
        study: A finished study.
        library: The scenario files; what they lack is left out.
        findings: What the guards found.
        question: What the study asks, by language.

    Returns:
        Keys question, worlds, regimes, levers, fills, enforcement, guards.
    """
    regimes = list(dict.fromkeys(g.resolved.regime for g in study.groups))
    fills = list(dict.fromkeys(name for g in study.groups for name in g.resolved.filled.values()))
    known, lending = getattr(library, "regimes", {}), getattr(library, "fills", {})
    return {
        "xiaozhen_context": FORMAT,
        "question": both(question) if question else None,
        "worlds": {name: both(title) for name, title in study.worlds.items()},
        "regimes": {name: _regime(name, library) for name in regimes if name in known},
        "levers": {key: both(lever.title) for key, lever in library.levers.items()},
        "fills": {name: _fill(lending[name]) for name in fills if name in lending},
        "enforcement": _enforcement(study, library),
        "guards": [asdict(f) for f in findings],
    }


def both(text: Any) -> dict[str, str]:
    """A text as plain data in both languages; one that is the same in both stays so."""
    return {lang: text if isinstance(text, str) else str(text[lang]) for lang in ("zh", "en")}


def _fill(fill: Any) -> dict[str, Any]:
    return {"title": both(fill.title), "what": both(fill.what), "regime": fill.regime}


def _enforcement(study: Study, library: Any) -> list[dict[str, Any]]:
    """Clauses that may not be carried out: what they are, the uncertainty, and the scenarios that have them."""
    found: dict[str, dict[str, Any]] = {}
    for group in study.groups:
        for lever in doubtful(library, group.resolved.levers):
            one = {"title": both(lever.title), "clause": list(lever.source), "uncertainty": lever.enforcement}
            found.setdefault(lever.key, {**one, "scenarios": []})["scenarios"].append(group.id)
    return list(found.values())


def _regime(name: str, library: Any) -> dict[str, Any]:
    """One regime with every clause that it or a regime it extends rests on."""
    chain = chain_of(name, library.regimes)
    record = chain[-1]
    values = [s for one in chain for s in one.values]
    cited = [c for one in chain for c in one.source] + [c for s in values for c in s.clause]
    return {
        "title": both(record.title),
        "summary": both(record.summary),
        "authority": both(record.authority),
        "announced": str(record.announced),
        "effective": str(record.effective),
        "extends": record.extends,
        "unstated": [both(text) for text in record.unstated],
        "assumed": list(dict.fromkeys(s.lever for s in values if s.evidence == "assumption")),
        "levers_set": len({s.lever for s in values}),
        "clauses": list(_clauses(cited, library)),
    }


def _clauses(ids: Iterable[str], library: Any) -> Iterable[dict[str, Any]]:
    """Clauses and published facts by id, each once, in the order in which they are first cited."""
    clauses, facts = getattr(library, "clauses", {}), getattr(library, "facts", {})
    for name in dict.fromkeys(ids):
        if name in clauses:
            one = clauses[name]
            yield {"id": name, "status": one.status, "text": both(one.text), "source": both(one.source)}
        elif name in facts and facts[name].reliability["en"] != "general":  # “no source found” is no source
            fact = facts[name]
            yield {"id": name, "status": "FACT", "text": both(fact.value), "source": both(fact.source)}
