"""Fill what a regime leaves unstated with what another regime says, and say so.

A fill names a regime and the instruments or levers to take from it. It lies beneath the regime it is used with: a lever
that the regime or one it extends sets at any time keeps its own values, so a fill closes gaps and never contradicts a
document. Its dates move with the regime: what began with the lending regime begins with the one filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sim.parameters.errors import check_known
from sim.parameters.names import Names
from sim.parameters.read import Document
from sim.parameters.records import Fill, Lever, Regime, Setting
from sim.parameters.tables import Table


def read_fill(document: Document, names: Names) -> Fill | None:
    """Read a fill file; None where it is not sound."""
    top = Table(document, document.data, ())
    head = top.table("fill")
    top.close()
    if head is None:
        return None
    name, title, what, regime = head.text("id"), head.both("title"), head.both("what"), head.text("from")
    names.check(head, "from", regime, "regime")
    take = head.ids("take")
    known = names.known.get("instrument", set())
    for place, wanted in enumerate(take):
        inner = Table(document, {}, (*head.path, "take"))
        names.check(inner, place, wanted, "lever", also=known)
    return Fill(name, title, what, regime, take, head.place) if head.close() else None


def takes(fill: Fill, key: str) -> bool:
    """Whether a fill takes a lever, by its own key or by its instrument."""
    return key in fill.take or key.partition(".")[0] in fill.take


def chosen(fills: str | Iterable[str], library: Mapping[str, Fill]) -> list[Fill]:
    """Return fills by name, in the order given, each once.

    Raises:
        UnknownName: where there is no such fill.
    """
    found = []
    for name in dict.fromkeys([fills] if isinstance(fills, str) else fills):
        check_known(name, library, "fill")
        found.append(library[name])
    return found


def fillings(
    fills: Iterable[Fill], chain: list[Regime], lenders: Mapping[str, list[Regime]], levers: Mapping[str, Lever]
) -> tuple[list[Regime], dict[str, str]]:
    """Return the layers that fills put beneath a regime, and lever key -> name of the fill that sets it.

    Args:
        fills: the fills, the first one to name a lever fills it.
        chain: the regime filled and those it extends, the base first.
        lenders: the chain of each fill's lending regime, by the name of the fill.
        levers: all levers.
    """
    stated = {setting.lever for regime in chain for setting in regime.values}
    layers: list[Regime] = []
    filled: dict[str, str] = {}
    for fill in fills:
        lent = lenders[fill.id]
        shift = chain[-1].effective - lent[-1].effective
        open_ = {
            setting.lever
            for regime in lent
            for setting in regime.values
            if takes(fill, setting.lever) and setting.lever not in stated and setting.lever not in filled
        }
        layers += [
            replace(regime, values=tuple(_moved(one, shift) for one in regime.values if one.lever in open_))
            for regime in lent
        ]
        filled |= {key: fill.id for key in levers if key in open_}
    return layers, filled


def _moved(setting: Setting, quarters: int) -> Setting:
    """Return a setting with its dates moved."""
    last = None if setting.last is None else setting.last + quarters
    return replace(setting, first=setting.first + quarters, last=last)
