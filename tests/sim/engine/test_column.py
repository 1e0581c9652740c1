"""State declared by its owner: arrays of the right shape, fresh for every run, seen whole, shown by title."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engine.column import State, allocate, column, declared, element, field, fields, snapshot, titled, value
from sim.engine.table import Table

SIZES = {"orchard": 3, "season": 4}


class Ripeness(IntEnum):
    GREEN = 0
    RIPE = 1


class Orchards(State):
    """What changes about orchards."""

    trees = column("orchard", np.int64, fill=7, zh="树，株", en="Trees", unit="")
    ripe = column("orchard", np.int64, codes=Ripeness, zh="成熟", en="Ripeness", shown="ripeness")
    picked = column(("season", "orchard"), np.float64)
    frost = column((2, "orchard"), np.bool_)
    price = value(1.5)


class Trees(NamedTuple):
    """A population."""

    key: Annotated[NDArray[np.uint64], field("编号", "Key")]
    orchard: Annotated[NDArray[np.int32], field("果园", "Orchard")]
    height: Annotated[NDArray[np.float64], field("高，米", "Height, m")]


def test_arrays_have_the_declared_shape_type_and_start():
    o = Orchards(SIZES)
    assert o.trees.tolist() == [7, 7, 7] and o.trees.dtype == np.int64
    assert o.picked.shape == (4, 3) and o.picked.dtype == np.float64 and not o.picked.any()
    assert o.frost.shape == (2, 3) and o.frost.dtype == bool and o.price == 1.5


def test_every_run_has_arrays_of_its_own():
    one, two = Orchards(SIZES), Orchards(SIZES)
    one.trees[0], one.price = 99, 2.0
    assert two.trees[0] == 7 and two.price == 1.5 and Orchards.trees.fill == 7


def test_reset_goes_back_to_the_start_in_the_same_arrays():
    o = Orchards(SIZES)
    held = o.trees
    o.trees[:], o.price = 1, 9.0
    o.reset()
    assert o.trees is held and held.tolist() == [7, 7, 7] and o.price == 1.5


def test_a_snapshot_holds_every_declared_piece_and_nothing_else():
    o = Orchards(SIZES)
    o.note = np.ones(3)
    assert set(snapshot(o)) == set(declared(Orchards)) == {"trees", "ripe", "picked", "frost", "price"}
    assert snapshot(object()) == {}


def test_whoever_declares_is_given_its_arrays():
    class Keeper:
        bees = column("orchard", np.int64)

    keeper = Keeper()
    with pytest.raises(AttributeError, match="bees is not allocated"):
        keeper.bees  # noqa: B018
    allocate(keeper, SIZES)
    assert keeper.bees.shape == (3,)


def test_an_axis_without_a_size_is_an_error():
    with pytest.raises(KeyError, match="season"):
        Orchards({"orchard": 3})


def test_columns_with_a_title_are_found_by_entity():
    found = {one.title: one for one in titled("orchard") if one.owner is Orchards}
    assert set(found) == {"trees", "ripeness"} and found["ripeness"].codes is Ripeness
    assert found["trees"].entity == "orchard" and Orchards.picked.entity == "orchard"


def test_the_type_of_a_population_column_is_that_of_its_array():
    assert {name: one.dtype for name, one in fields(Trees).items()} == {
        "key": np.uint64, "orchard": np.int32, "height": np.float64,
    }  # fmt: skip
    assert fields(Trees)["height"].zh == "高，米" and fields(Trees)["height"].owner is Trees


def test_a_table_grows_forgets_and_is_seen_in_the_order_of_keys():
    table = Table(Trees, 2)
    table.append(key=np.array([5, 3, 9], dtype=np.uint64), height=np.array([1.0, 2.0, 3.0]))
    assert table.n == 3 and table.capacity >= 3 and table.names == ("key", "orchard", "height")
    assert table.live("orchard").tolist() == [0, 0, 0], "columns that are not named start at zero"
    table.keep(np.array([False, True, True]))
    assert sorted(table.live("key").tolist()) == [3, 9]
    assert table.snapshot()["height"].tolist() == [2.0, 3.0]
    assert table.nbytes() == 2 * (8 + 4 + 8)


def test_the_type_of_an_element_is_that_of_the_annotation_in_every_numpy():
    assert element(NDArray[np.int16]) is np.int16
    assert element(np.ndarray[tuple[int, ...], np.dtype[np.float64]]) is np.float64
    assert element(int) is np.object_


def test_every_column_of_the_state_is_an_array_of_numbers():
    from sim.state import populations

    kinds = [one for one in vars(populations).values() if isinstance(one, type) and hasattr(one, "_fields")]
    found = {name: c.dtype for kind in kinds for name, c in fields(kind).items()}
    assert found and np.object_ not in found.values()
