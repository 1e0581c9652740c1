"""The instruments of a regime: found by their files, called at their moments, asked by their class.

Every public module of this folder but ``base`` is one instrument of the same name; a module with a leading underscore
is a part that several use.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

import scenarios
from sim.engine.column import allocate
from sim.instruments.acceptance import Acceptance
from sim.instruments.assessment import Assessment
from sim.instruments.base import MOMENTS, Forecast, Instrument, InstrumentError, LeverSet
from sim.instruments.call import Call
from sim.instruments.clawback import Clawback
from sim.instruments.grant import Grant
from sim.instruments.interest import Interest
from sim.instruments.list import Lists
from sim.instruments.rebate import Rebate
from sim.instruments.target import Target
from sim.state.province import Province

if TYPE_CHECKING:
    from sim.parameters import Resolved

K = TypeVar("K", bound=Instrument[Any])
Kind = type[Instrument[Any]]

__all__ = ["INSTRUMENTS", "Forecast", "Instrument", "InstrumentError", "LeverSet", "Policy"]


def find(modules: Iterable[str], folders: Iterable[Path] = ()) -> tuple[Kind, ...]:
    """The instruments that some modules define, in the order in which the quarter calls them.

    Args:
        modules: Import names; each defines one instrument whose id is the last part of the name.
        folders: Further folders; each ``X.toml`` in them has an ``X.py`` beside it that defines one instrument.

    Raises:
        InstrumentError: A module defines none or several, two share an id, or one needs another that is not there.
    """
    kinds = [_of(importlib.import_module(name)) for name in sorted(modules)]
    kinds += [_of(_load(path.with_suffix(".py"))) for folder in folders for path in sorted(folder.glob("[!.]*.toml"))]
    known = {kind.id: kind for kind in kinds}
    for kind in kinds:
        if known[kind.id] is not kind:
            raise InstrumentError(kind.id, "two instruments have this id")
        for other in kind.needs:
            if known.get(other.id) is not other:
                raise InstrumentError(kind.id, f"needs {other.id}, which is not among the instruments")
    return tuple(sorted(kinds, key=lambda kind: (kind.order, kind.id)))


def _of(module: ModuleType) -> Kind:
    found = [
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Instrument) and one.__module__ == module.__name__
    ]
    name = module.__name__.rpartition(".")[2]
    if [one.id for one in found] != [name]:
        told = ", ".join(one.id for one in found) or "none"
        raise InstrumentError(name, f"{module.__name__} must define one instrument of its own name", told, name)
    return found[0]


def _load(path: Path) -> ModuleType:
    """A module of a folder of one's own; it stands beside the package's, so that it pickles and is named in errors."""
    name = f"{__name__}.{path.stem}"
    if name in sys.modules:
        raise InstrumentError(path.stem, f"{path} takes the name of another instrument")
    spec = importlib.util.spec_from_file_location(name, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        raise InstrumentError(path.stem, f"{path.with_suffix('.toml')} has no {path.name} beside it")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _names() -> list[str]:
    own = (info.name for info in pkgutil.iter_modules(__path__))
    return [f"{__name__}.{name}" for name in own if name != "base" and not name.startswith("_")]


INSTRUMENTS: tuple[Kind, ...] = find(_names(), scenarios.extensions())
"""All instruments, in the order in which the quarter calls them."""


class Policy:
    """All instruments of one scenario.

    Args:
        scenario: The resolved scenario.
        sizes: Length of each axis of the instruments' own state, such as "town" and "quarter".
        kinds: The instruments; those of this folder unless told otherwise.
    """

    def __init__(self, scenario: Resolved, sizes: Mapping[str, int], kinds: tuple[Kind, ...] = INSTRUMENTS) -> None:
        self.everyone: tuple[Instrument[Any], ...] = tuple(kind(scenario) for kind in kinds)
        """All instruments, those that were left out included."""
        self.instruments = self.everyone
        for one in self.everyone:
            allocate(one, sizes)
        self._by_kind = {type(one): one for one in self.instruments}
        for one in self.instruments:
            one.meet(self._by_kind)
        self.target, self.call, self.assessment = self.the(Target), self.the(Call), self.the(Assessment)
        self.lists, self.acceptance, self.clawback = self.the(Lists), self.the(Acceptance), self.the(Clawback)
        self.rebate, self.grant, self.interest = self.the(Rebate), self.the(Grant), self.the(Interest)
        self.announced, self.effective = scenario.announced_index, scenario.effective_index
        self._hook()

    def _hook(self) -> None:
        self._hooks = {
            moment: [(getattr(one, one.HOOKS[moment]), one) for one in self.instruments if moment in one.HOOKS]
            for moment in MOMENTS
        }

    def the(self, kind: type[K]) -> K:
        """The instrument of a class."""
        found = self._by_kind[kind]
        if not isinstance(found, kind):
            raise TypeError(f"{kind.id} is not an instrument of its own class")
        return found

    def leave_out(self, *names: str) -> None:
        """Let some instruments neither act nor be expected to pay; what agents ask them is still answered."""
        self.instruments = tuple(one for one in self.instruments if one.id not in names)
        self._hook()

    def moment(self, name: str, p: Province) -> None:
        """Let every instrument that does something at a named moment of the quarter act."""
        for act, one in self._hooks[name]:
            act(p, one.now(p.t))

    def expected(self, p: Province, f: Forecast) -> NDArray[np.float64]:
        """What all instruments are expected to pay under each strategy, 万元, shape (strategies, T)."""
        total = np.zeros_like(f.invest)
        for instrument in self.instruments:
            part = instrument.expect(p, f)
            if part is not None:
                total += part
        return total

    def shortfall(self, p: Province) -> NDArray[np.float64]:
        """How far each listed town's reported investment lags behind the year's requirement, 0 to 1."""
        if not self.target.active(p.t):
            return np.zeros(p.towns.size)
        required, part = p.towns.required, self.target.part_of_year(p)
        done = p.true_effective() * self.target.counted(p) * (1.0 + p.towns.inflation)
        due = required * (p.clock.quarter.q - 4.0 * (1.0 - part)) / (4.0 * part)
        lag = np.clip((due - done) / np.maximum(1.0, required), 0.0, 1.0)
        return np.where(p.towns.on_a_list() & (required > 0.0), lag, 0.0)

    def levers_read(self) -> set[str]:
        """Keys of all levers that were looked at so far."""
        return {f"{i.id}.{name}" for i in self.instruments for name in i.read}
