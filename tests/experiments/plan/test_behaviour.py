"""Draws of behaviour by mode, and the posterior's file with everything that can be wrong in it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace

import numpy as np
import pytest

from experiments.plan import behaviour as room
from experiments.plan.behaviour import (
    ABOUT,
    DRAWS,
    PER_DRAW,
    UNKNOWN,
    BehaviourError,
    Behaviours,
    behaviours_for,
    cube,
    draws,
    prior_hash,
    read,
    written,
)
from report.text.errors import told as message_in
from sim.engine.kernel import source_fingerprint
from sim.parameters.errors import InputError
from tests import worlds


@pytest.fixture(scope="module")
def library():
    return worlds.library()


@pytest.fixture
def folder(library, tmp_path):
    """A small posterior that is in order."""
    place = tmp_path / "posterior"
    place.mkdir()
    sample = room.values(library, cube(7, len(library.uncertainties)))
    lay(place, written(tuple(library.uncertainties), sample), prior_hash(library))
    return place


def lay(place, text, priors):
    (place / DRAWS).write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    about = {"draws_sha256": digest, "priors_sha256": priors, "targets_sha256": "", "model_sources": "", "method": "m"}
    (place / ABOUT).write_text("".join(f'{k} = "{v}"\n' for k, v in about.items()), encoding="utf-8")


def test_central_overrides_nothing_and_prior_gives_every_uncertainty_within_its_bounds(library):
    assert draws("central", library, 3) == [{}, {}, {}]
    found = draws("prior", library, 130)
    assert len(found) == 130 and all(set(one) == set(library.uncertainties) for one in found)
    for key, prior in library.uncertainties.items():
        column = np.array([one[key] for one in found])
        assert prior.low <= column.min() and column.max() <= prior.high and np.unique(column).size > 3, key
    assert draws("prior", library, 5) == found[:5]


def test_a_hypercube_has_one_draw_in_each_hundredth_and_can_be_extended():
    u = cube(250, 4)
    assert u.shape == (250, 4) and np.array_equal(u[:130], cube(130, 4))
    assert (np.sort((u[:100] * 100).astype(int), axis=0) == np.arange(100)[:, None]).all()
    assert not np.array_equal(u, cube(250, 4, "other")) and not np.array_equal(u, cube(250, 4, seed=1))


def test_the_posterior_is_read_in_order_and_comes_round_again(library, folder):
    fitted = read(library, folder)
    assert fitted.values.shape == (7, len(library.uncertainties))
    found = draws("posterior", library, 9, folder)
    assert found[7] == found[0] and found[8] == found[1] and found[0] != found[1]
    assert library.resolve("zhejiang_2015", behaviour=found[0])


def _broken(library, edit):
    sample = room.values(library, cube(3, len(library.uncertainties)))
    return edit(written(tuple(library.uncertainties), sample))


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda t: t.replace("entry.rate", "entry.rat", 1), ("entry.rat", "entry.rate")),
        (lambda t: t.replace("entry.rate", "weight", 1), ("weight",)),
        (lambda t: t.replace("entry.rate", "exit.hazard_year1", 1), ("exit.hazard_year1",)),
        (lambda t: t.replace(",entry.rate", "", 1), ("entry.rate",)),
        (lambda t: t.replace("\n0,", "\n0,9", 1), ("exit.hazard_year1", "0.01", "2")),
        (lambda t: t.replace("\n1,", "\n1,nan", 1), ("exit.hazard_year1", "3")),
        (lambda t: t.replace("\n1,", "\n1,many,", 1), ("3",)),
        (lambda t: t.split("\n")[0] + "\n", (DRAWS,)),
        (lambda t: "", (DRAWS,)),
    ],
)
def test_a_broken_table_is_told_once_with_its_place(library, folder, edit, told):
    lay(folder, _broken(library, edit), prior_hash(library))
    with pytest.raises(BehaviourError) as caught:
        read(library, folder)
    for lang in ("zh", "en"):
        said = message_in(caught.value, lang)
        assert all(word in said for word in told) and said.count("\n") < 4, said


def test_files_that_do_not_belong_together_or_to_these_priors_are_refused(library, folder):
    (folder / DRAWS).write_text((folder / DRAWS).read_text() + "\n")
    with pytest.raises(BehaviourError, match="hash"):
        read(library, folder)
    lay(folder, _broken(library, lambda t: t), "0" * 64)
    with pytest.raises(BehaviourError, match="calibrate"):
        read(library, folder)
    (folder / ABOUT).write_text("method = 3\n")
    with pytest.raises(BehaviourError, match="draws_sha256"):
        read(library, folder)
    (folder / ABOUT).write_text("method = \n")
    with pytest.raises(BehaviourError, match=ABOUT):
        read(library, folder)
    shutil.rmtree(folder)
    with pytest.raises(BehaviourError, match="calibrate"):
        read(library, folder)


def extended(library, *new, **changed):
    """The scenario files with uncertainties added at the front, or with other priors."""
    like = next(iter(library.uncertainties.values()))
    added = {key: replace(like, key=key) for key in new}
    known = {key: replace(u, **changed.get(key, {})) for key, u in library.uncertainties.items()}
    return replace(library, uncertainties={**added, **known})


def test_an_uncertainty_newer_than_the_fit_is_drawn_from_its_prior_and_named(library, folder):
    grown = extended(library, "entry.novel", "exit.novel")
    before, after = read(library, folder), read(grown, folder)
    assert before.at_prior == () and after.at_prior == ("entry.novel", "exit.novel")
    assert after.keys == tuple(grown.uncertainties) and np.array_equal(after.values[:, 2:], before.values)
    prior = grown.uncertainties["entry.novel"]
    one, other = after.values[:, 0], after.values[:, 1]
    assert (prior.low <= one).all() and (one <= prior.high).all() and np.unique(one).size == one.size
    assert not np.array_equal(one, other), "each has draws of its own"
    assert np.array_equal(read(extended(library, "entry.novel"), folder).values[:, 0], one), "which nothing else moves"
    assert [d["entry.novel"] for d in draws("posterior", grown, 9, folder)][:7] == one.tolist()


def test_a_posterior_of_a_model_whose_rules_have_moved_says_which_version_was_fitted(library, folder):
    about = (folder / ABOUT).read_text()
    assert read(library, folder).earlier == UNKNOWN, "other sources, and a file that does not name its version"
    (folder / ABOUT).write_text('version = "0.3.0"\n' + about)
    assert read(library, folder).earlier == behaviours_for("posterior", library, 2).earlier == "0.3.0"
    (folder / ABOUT).write_text(about.replace('sources = ""', f'sources = "{source_fingerprint()}"'))
    assert read(library, folder).earlier == ""


def test_a_changed_prior_of_a_fitted_uncertainty_is_refused_in_one_sentence(library, folder):
    key = next(iter(library.uncertainties))
    other = extended(library, "entry.novel", **{key: {"central": library.uncertainties[key].central * 1.01}})
    with pytest.raises(BehaviourError, match="prior of a fitted uncertainty has changed"):
        read(other, folder)


def test_replicates_share_draws_as_the_record_says():
    draws_of = ({"x": 0.0}, {"x": 1.0}, {"x": 2.0})
    pairs, single, none = Behaviours("prior", draws_of), Behaviours("prior", draws_of, each=1), Behaviours()
    assert [pairs.of(k)["x"] for k in range(7)] == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 0.0]
    assert [single.of(k)["x"] for k in range(4)] == [0.0, 1.0, 2.0, 0.0]
    assert (pairs.per_draw, single.per_draw, none.per_draw) == (PER_DRAW, 1, 1) and none.of(5) == {}


def test_an_unknown_mode_is_told_with_the_nearest(library):
    with pytest.raises(InputError) as caught:
        draws("posteror", library, 1)
    assert "posterior" in message_in(caught.value, "zh") and "posterior" in str(caught.value)
