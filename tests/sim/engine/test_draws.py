"""The draws: pinned to the bit, uniform, independent, and keyed so that nobody shares another's luck."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import sim.run
import sim.schedule  # noqa: F401
from sim.engine import draws
from sim.engine.draws import (
    DECISIONS,
    SCHEME,
    Draws,
    child_key,
    decision,
    mix64,
    pair_stream,
    uniform,
    uniform_partner,
    uniform_two,
)
from sim.engine.registry import DoubleDeclaration, Registry

N = 20_000
KEYS = np.arange(N, dtype=np.uint64)
ALMOST_SURELY = 1e-4
"""Significance of a single check. Draws are pinned, so a check that passes once passes for ever."""
U64 = st.integers(0, 2**64 - 1)

PINNED_STREAMS = {
    (1, 0, DECISIONS["leave.close"], 0): 15768042202415237937,
    (20150422, 0, DECISIONS["plan.strategy"], 3): 8056368706582328281,
    (20150422, 7, DECISIONS["prospect.town"], -9000): 6287968897252992265,
    (2**64 - 1, 999, DECISIONS["veto.audit"], 199): 612645286809610220,
}
PINNED_UNIFORMS = {
    (DECISIONS["leave.close"], 0): [
        "0x1.2e70ec2651c00p-10",
        "0x1.d0b4e0cd7f45fp-1",
        "0x1.588fe8ed22068p-4",
        "0x1.e65a869664ee8p-4",
    ],
    (DECISIONS["talent.arrive"], 11): [
        "0x1.0caa09b38af7cp-2",
        "0x1.9330927f91b38p-3",
        "0x1.c438aee78a52cp-1",
        "0x1.ad9eddc32d30ap-1",
    ],
    (DECISIONS["report.noise"], -1): [
        "0x1.d5c65df1e8d66p-1",
        "0x1.ce70c88157877p-1",
        "0x1.462d04b72302ap-2",
        "0x1.f765873056c86p-1",
    ],
}
PINNED_KEYS = {
    (0, 0): 0,
    (1, 0): 5197578548964807871,
    (1, 1): 3454618561189201622,
    (9223372036854775808, 12345): 15464265371604308822,
}
PINNED_PAIRS = {(1, 2, 3): 0.07329395603334576, (18446744073709551615, 5, 1099511627776): 0.989973847824664}


def pair(stream: np.uint64, key: np.uint64, partner: np.uint64) -> float:
    """Uniform for an ordered pair of agents."""
    return uniform_partner(np.uint64(pair_stream(stream, key)), partner)


def python_mix(z: int) -> int:
    """Splitmix64's finaliser written a second time, in whole numbers."""
    mask = (1 << 64) - 1
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


# --- draws never move ------------------------------------------------------------------------------------------------


def test_the_scheme_is_the_one_of_this_major_version():
    assert SCHEME == "xz-draws-1"


@pytest.mark.parametrize(("root", "replicate", "decision", "quarter"), PINNED_STREAMS)
def test_streams_are_pinned(root, replicate, decision, quarter):
    assert int(Draws(root, replicate).stream(decision, quarter)) == PINNED_STREAMS[root, replicate, decision, quarter]


@pytest.mark.parametrize(("decision", "quarter"), PINNED_UNIFORMS)
def test_uniforms_are_pinned(decision, quarter):
    keys = np.array([0, 1, 2**32, 2**64 - 1], dtype=np.uint64)
    drawn = Draws(20150422, 3).uniforms(decision, keys, quarter)
    assert [u.hex() for u in drawn.tolist()] == PINNED_UNIFORMS[decision, quarter]


def test_birth_identities_and_pairs_are_pinned():
    assert {k: int(child_key(np.uint64(k[0]), np.uint64(k[1]))) for k in PINNED_KEYS} == PINNED_KEYS
    assert {k: pair(*map(np.uint64, k)) for k in PINNED_PAIRS} == PINNED_PAIRS


def test_names_of_decisions_are_pinned():
    """A renamed decision moves its draws, so the names of this major version may be added to and never changed."""
    missing = set(PINNED_NAMES) - set(DECISIONS)
    assert not missing, f"decisions that had draws and are gone or renamed: {missing}"


PINNED_NAMES = """
replicate county.place county.skill county.industry county.wealth
county.land town.industry town.segment town.place
town.potential town.capability town.kind town.people firm.start firm.size firm.age firm.productivity
firm.industry talent.start talent.tier talent.home village.place village.population
village.income village.land conditions.cycle call.apply call.review call.nominate incident
list.reversal plan.strategy prospect.type prospect.home prospect.knows prospect.nest
prospect.town prospect.budget prospect.staff prospect.quality prospect.operates contract.sign
contract.drop approval.time finance.match finance.contact build.delay build.cost build.rework
build.abandon operate.growth leave.close leave.relocate leave.town talent.arrive
talent.knows talent.town talent.hire talent.found talent.leave talent.track
talent.return talent.project village.shock
village.migrate report.noise assess.third assess.noise veto.audit clawback.enforce
grant.sponge_tag grant.facility_start
grant.facility_match
""".split()


# --- who shares a stream ---------------------------------------------------------------------------------------------


def test_every_decision_has_a_name_and_a_code_of_its_own():
    assert len({d.code for d in DECISIONS.values()}) == len(DECISIONS)
    assert all(name == d.name for name, d in DECISIONS.items())


def test_a_second_declaration_of_a_name_is_refused_with_both_places(monkeypatch):
    declared: Registry[draws.Decision] = Registry("decision")
    monkeypatch.setattr("sim.engine.draws.DECISIONS", declared)  # what a test declares is no part of the model
    decision("test.twice")
    with pytest.raises(DoubleDeclaration) as refused:
        decision("test.twice")
    first, second = refused.value.places
    assert refused.value.name == "test.twice" and first != second
    assert first.startswith(f"{__name__}:") and second.startswith(f"{__name__}:") and second in str(refused.value)
    assert declared["test.twice"].owner == __name__ and "test.twice" not in DECISIONS


def test_no_two_decisions_quarters_or_replicates_share_a_stream():
    """Quarters include the offsets that the model uses for second draws of a decision (down to -9040, up to 9040)."""
    quarters = [q + t for q in (-9040, -1040, -3, 5000, 7000, 9000) for t in range(41)]
    seen = {int(Draws(1, k).stream(d, q)) for k in (0, 1) for d in DECISIONS.values() for q in quarters}
    assert len(seen) == 2 * len(DECISIONS) * len(quarters)


def test_replicates_and_roots_have_roots_of_their_own():
    roots = {Draws(r, k).root for r in (0, 1, 2, 20150422, 2**64 - 1) for k in range(5000)}
    assert len(roots) == 25_000
    assert Draws(5, 3).root == Draws(5 + 2**64, 3).root, "roots are taken modulo 2**64"


def test_child_keys_are_unique_within_and_across_parents():
    parents = [int(Draws(1, 0).stream(DECISIONS["prospect.type"], -1000 - t)) for t in range(40)] + [0, 1, 2, 3]
    keys = [int(child_key(np.uint64(p), np.uint64(i))) for p in parents for i in range(500)]
    assert len(set(keys)) == len(keys)
    grandchildren = {int(child_key(np.uint64(k), np.uint64(0))) for k in keys[:3000]}
    assert len(grandchildren) == 3000 and not grandchildren & set(keys)


@given(z=U64)
@settings(max_examples=200, deadline=None)
def test_the_mixer_is_splitmix64(z):
    assert int(mix64(np.uint64(z))) == python_mix(z) == draws._mix_int(z)


@given(stream=U64, key=U64, partner=U64)
@settings(max_examples=200, deadline=None)
def test_compiled_and_plain_python_draw_the_same(stream, key, partner):
    s, k, q = map(np.uint64, (stream, key, partner))
    mask = (1 << 64) - 1
    inner = python_mix((stream + key * int(draws._ODD)) & mask)
    assert uniform(s, k) == (inner >> 11) * 2.0**-53
    both = python_mix((inner + partner * int(draws._PAIR)) & mask)
    assert pair(s, k, q) == (both >> 11) * 2.0**-53
    assert uniform_two(s, k) == ((inner >> 32) * 2.0**-32, (inner & 0xFFFFFFFF) * 2.0**-32)
    child = python_mix((python_mix(stream * int(draws._ODD) & mask) + key * int(draws._PAIR)) & mask)
    assert int(child_key(s, k)) == child
    with np.errstate(over="ignore"):
        assert uniform.py_func(s, k) == uniform(s, k)
        assert uniform_partner.py_func(s, q) == uniform_partner(s, q)
        assert child_key.py_func(s, k) == child_key(s, k)
        assert mix64.py_func(s) == mix64(s)


def test_a_draw_depends_on_its_own_key_alone():
    """Order, number and company of the keys change nobody's draw."""
    d = Draws(3, 1)
    whole = d.uniforms(DECISIONS["leave.close"], KEYS[:500], 4)
    assert np.array_equal(d.uniforms(DECISIONS["leave.close"], KEYS[:500][::-1], 4)[::-1], whole)
    assert np.array_equal(d.uniforms(DECISIONS["leave.close"], KEYS[:500][7::3], 4), whole[7::3])
    assert d.uniforms(DECISIONS["leave.close"], KEYS[:0], 4).shape == (0,)
    some = np.ascontiguousarray(KEYS[:500]).astype(np.int64)
    assert np.array_equal(d.uniforms(DECISIONS["leave.close"], some, 4), whole)


# --- they look like luck ---------------------------------------------------------------------------------------------

SAMPLES = {
    "keys in a row": lambda d: d.uniforms(DECISIONS["leave.close"], KEYS, 3),
    "keys far apart": lambda d: d.uniforms(DECISIONS["leave.close"], KEYS << np.uint64(40), 3),
    "children's keys": lambda d: d.uniforms(DECISIONS["talent.hire"], mix_all(KEYS), 3),
    "quarters in a row": lambda d: np.array(
        [d.uniforms(DECISIONS["plan.strategy"], KEYS[5:6], q)[0] for q in range(4000)]
    ),
    "replicates in a row": lambda d: np.array(
        [Draws(7, k).uniforms(DECISIONS["plan.strategy"], KEYS[5:6])[0] for k in range(4000)]
    ),
    "partners in a row": lambda d: np.array([pair(d.stream(DECISIONS["prospect.town"]), KEYS[9], k) for k in KEYS]),
}


def mix_all(keys: np.ndarray) -> np.ndarray:
    return np.array([child_key(np.uint64(77), k) for k in keys], dtype=np.uint64)


@pytest.mark.parametrize("name", SAMPLES)
def test_draws_are_uniform(name):
    u = SAMPLES[name](Draws(20150422, 0))
    assert np.all((u >= 0.0) & (u < 1.0))
    assert stats.kstest(u, "uniform").pvalue > ALMOST_SURELY
    cells = np.bincount((u * 100).astype(int), minlength=100)
    assert stats.chisquare(cells).pvalue > ALMOST_SURELY
    low = np.floor(u * 2.0**53).astype(np.uint64) & np.uint64(255)
    assert stats.chisquare(np.bincount(low.astype(int), minlength=256)).pvalue > ALMOST_SURELY, "low bits"


@pytest.mark.parametrize("name", SAMPLES)
def test_neighbours_are_independent(name):
    u = SAMPLES[name](Draws(20150422, 0))
    limit = stats.norm.isf(ALMOST_SURELY / 2) / np.sqrt(u.size)
    for lag in (1, 2, 7):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < limit, lag
    pairs = np.floor(u[: u.size // 2 * 2].reshape(-1, 2) * 10).astype(int)
    cells = np.bincount(pairs[:, 0] * 10 + pairs[:, 1], minlength=100)
    assert stats.chisquare(cells).pvalue > ALMOST_SURELY, "pairs fill the square evenly"


def test_decisions_quarters_and_replicates_are_independent_of_each_other():
    samples = [
        *(Draws(1, 0).uniforms(d, KEYS[:4000], 2) for d in list(DECISIONS.values())[::4]),
        *(Draws(1, 0).uniforms(DECISIONS["leave.close"], KEYS[:4000], q) for q in (0, 1, 4, 5000, -1)),
        *(Draws(1, k).uniforms(DECISIONS["leave.close"], KEYS[:4000], 0) for k in (1, 2, 3)),
        *(Draws(r, 0).uniforms(DECISIONS["leave.close"], KEYS[:4000], 0) for r in (2, 3)),
    ]
    pairs = list(itertools.combinations(range(len(samples)), 2))
    limit = stats.norm.isf(ALMOST_SURELY / 2 / len(pairs)) / np.sqrt(4000)
    correlation = np.corrcoef(np.stack(samples))
    worst = max(pairs, key=lambda ij: abs(correlation[ij]))
    assert abs(correlation[worst]) < limit, worst


def test_the_two_halves_of_a_word_are_uniform_and_independent():
    stream = Draws(1, 0).stream(DECISIONS["talent.leave"], 3)
    u, v = np.array([uniform_two(stream, k) for k in KEYS]).T
    assert stats.kstest(u, "uniform").pvalue > ALMOST_SURELY and stats.kstest(v, "uniform").pvalue > ALMOST_SURELY
    assert abs(np.corrcoef(u, v)[0, 1]) < stats.norm.isf(ALMOST_SURELY / 2) / np.sqrt(N)


def test_normals_are_normal():
    z = Draws(1, 0).normals(DECISIONS["build.cost"], KEYS)
    assert stats.kstest(z, "norm").pvalue > ALMOST_SURELY
    assert np.all(np.isfinite(z)) and np.abs(z).max() < 8.3


def test_one_bit_of_a_key_moves_half_of_the_bits():
    """Avalanche: related birth identities have unrelated luck."""
    base = mix_all(KEYS[:200])
    moved = []
    for bit in range(0, 64, 3):
        flip = np.uint64(1) << np.uint64(bit)
        moved.append(np.mean([(int(mix64(k)) ^ int(mix64(k ^ flip))).bit_count() for k in base]) / 64)
    assert 0.47 < min(moved) and max(moved) < 0.53
