"""The only source of randomness: counter-based uniforms keyed by who decides what, and when.

A uniform is ``mix(mix(root, decision name, quarter) + agent key)``. Nothing is advanced or shuffled, so the order of
draws, the number of workers and the number of agents cannot change anybody else's luck; replicate ``k`` has the same
root in every scenario, which is what makes policy contrasts paired.

A decision is declared by its owner, ``ENFORCE = decision("clawback.enforce")``, and drawn with
``draws.uniforms(ENFORCE, keys, quarter)``. The scheme has a version that is written into every result.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import inline, kernel
from sim.engine.numeric import normal_quantiles
from sim.engine.registry import Registry, declaring_module

SCHEME = "xz-draws-1"
"""Version of the key scheme. Draws do not move inside a major version of the product."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_PAIR = np.uint64(0xD1B54A32D192ED03)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_S32, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_UNIT = 2.0**-53
_MASK = (1 << 64) - 1
_STEP = int(_ODD)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """Something that is decided by luck; made by :func:`decision`.

    Attributes:
        name: The name that is hashed.
        owner: Module that declares it.
        code: 64-bit hash of the name, the same on every machine and in every Python.
    """

    name: str
    owner: str
    code: int


DECISIONS: Registry[Decision] = Registry("decision")
"""Every decision declared so far, by name."""


def decision(name: str) -> Decision:
    """Declare a decision that consumes randomness, at the top of the module that owns it.

    Args:
        name: What is decided, such as "clawback.enforce". The name alone is hashed: never rename one.

    Raises:
        sim.engine.registry.DoubleDeclaration: Another place declares that name.
    """
    owner, place = declaring_module()
    code = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    return DECISIONS.add(name, Decision(name, owner, code), place)


REPLICATE = decision("replicate")
"""What separates replicates of one root."""


@inline
def mix64(z: np.uint64) -> np.uint64:
    """Splitmix64's finaliser: a bijection on 64 bits with full avalanche."""
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@inline
def uniform(stream: np.uint64, key: np.uint64) -> float:
    """Uniform on [0, 1) for one agent key of one stream."""
    return np.float64(mix64(stream + key * _ODD) >> _S11) * _UNIT


@inline
def uniform_two(stream: np.uint64, key: np.uint64) -> tuple[float, float]:
    """Two independent uniforms of 32 bits from one word, for two small decisions of one agent."""
    word = mix64(stream + key * _ODD)
    return np.float64(word >> _S32) * 2.0**-32, np.float64(word & _LOW) * 2.0**-32


@inline
def pair_stream(stream: np.uint64, key: np.uint64) -> np.uint64:
    """Key of one agent's draws with its many partners, for :func:`uniform_partner`."""
    return mix64(stream + key * _ODD)


@inline
def uniform_partner(pair: np.uint64, partner: np.uint64) -> float:
    """Uniform on [0, 1) for an ordered pair of agents, ``pair`` being the :func:`pair_stream` of the first."""
    return np.float64(mix64(pair + partner * _PAIR) >> _S11) * _UNIT


@inline
def child_key(parent: np.uint64, ordinal: np.uint64) -> np.uint64:
    """Birth identity of the ``ordinal``-th child of ``parent``."""
    return mix64(mix64(parent * _ODD) + ordinal * _PAIR)


@kernel
def child_keys(parent: np.uint64, count: int) -> NDArray[np.uint64]:
    """Birth identities of the first ``count`` children of ``parent``, shape (count,)."""
    out = np.empty(count, dtype=np.uint64)
    for k in range(count):
        out[k] = child_key(parent, np.uint64(k))
    return out


@kernel
def _fill(stream: np.uint64, keys: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
    for i in range(keys.size):
        out[i] = uniform(stream, keys[i])


def _mix_int(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


class Draws:
    """The draws of one replicate.

    Args:
        root: The study's root seed.
        replicate: Replicate number; replicate ``k`` has the same root in every scenario.
    """

    __slots__ = ("_streams", "root")

    def __init__(self, root: int, replicate: int = 0) -> None:
        self.root = _mix_int((_mix_int(root & _MASK) + REPLICATE.code + replicate * int(_PAIR)) & _MASK)
        self._streams: dict[tuple[Decision, int], np.uint64] = {}

    def stream(self, decision: Decision, quarter: int = 0) -> np.uint64:
        """Key of one decision in one quarter, to be combined with agent keys inside a kernel."""
        known = self._streams.get((decision, quarter))
        if known is None:
            mixed = _mix_int((_mix_int(self.root ^ decision.code) + (int(quarter) + 1) * _STEP) & _MASK)
            known = self._streams[decision, quarter] = np.uint64(mixed)
        return known

    def uniforms(self, decision: Decision, keys: NDArray[np.uint64], quarter: int = 0) -> NDArray[np.float64]:
        """Uniforms on [0, 1), one for each agent key.

        Args:
            decision: What is being decided.
            keys: Birth identities, shape (n,), dtype uint64.
            quarter: Quarters since the start of the run.

        Returns:
            Array of shape (n,).
        """
        out = np.empty(keys.size, dtype=np.float64)
        _fill(self.stream(decision, quarter), np.ascontiguousarray(keys, dtype=np.uint64), out)
        return out

    def normals(self, decision: Decision, keys: NDArray[np.uint64], quarter: int = 0) -> NDArray[np.float64]:
        """Standard normal draws by inversion, one for each agent key; see
        :func:`sim.engine.numeric.normal_quantile`.
        """
        return normal_quantiles(self.uniforms(decision, keys, quarter))
