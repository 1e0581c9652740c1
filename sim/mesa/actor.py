"""What every Mesa agent of the model is: a row of the columns and an account in both ledgers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

import mesa

from sim.mesa.live import CENTI, Live
from sim.state.books import Kind

if TYPE_CHECKING:
    from sim.mesa.model import Province


class _Counters(WeakKeyDictionary[Any, Iterator[int]]):
    """Agent numbers by model, without holding on to models (Mesa 3.3 keeps every model that ever had agents)."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        if model not in self:
            self[model] = itertools.count(1)
        return super().__getitem__(model)


class Actor(mesa.Agent):  # type: ignore[misc]
    """Base of the agents: a row of the columns and an account in both ledgers.

    Attributes:
        index: Row in its columns, also its place in ``province.cast``.
    """

    _ids: ClassVar[Any] = _Counters()
    kind: Kind
    model: Province

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Every column, by name."""

    def __init__(self, model: Province, index: int) -> None:
        super().__init__(model)
        self.index = index

    def account(self) -> int:
        """Number of its account, the same in the money and the land ledger."""
        return int(self.model.books.chart.of(self.kind)[self.index])

    money: Live[int] = Live(
        lambda a: int(a.model.money.balance[a.account()]), "货币账户余额，万元", "Balance of its money account, 万元"
    )
    quota: Live[float] = Live(
        lambda a: float(a.model.land.balance[a.account()]) / CENTI,
        "建设用地指标余额，亩",
        "Balance of construction-land quota, mu",
    )
