"""Exponential, logarithm and normal quantile from exactly rounded operations only.

A library's ``exp`` differs in the last bit between versions and vector widths, and one such bit can flip a choice.
These use ``+ - * /`` and powers of two alone, so that Python, NumPy and compiled code give the same bits everywhere.
Relative error is below 1e-13 over the ranges used by the model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import inline, kernel

_LN2_HI = 0.693147180369123816490
_LN2_LO = 1.90821492927058770002e-10
_INV_LN2 = 1.4426950408889634
_SQRT_HALF = 0.7071067811865476
_EXP_LEAD = 1.0 / 6227020800.0
_EXP = (
    1.0 / 479001600.0,
    1.0 / 39916800.0,
    1.0 / 3628800.0,
    1.0 / 362880.0,
    1.0 / 40320.0,
    1.0 / 5040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
)
"""Taylor coefficients 1/12! ... 1/0!; with reduction to half of ln 2 the rest is below 1e-16."""
_LOG = (
    1.0 / 23.0,
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 3.0,
    1.0,
)
"""Coefficients of the series of the inverse hyperbolic tangent."""


@inline
def split(x: float) -> tuple[np.float64, np.int64]:
    """Mantissa in [0.5, 1) and exponent of a positive number: ``frexp`` without a call into the C library."""
    shift = np.int64(1022)
    if x < 2.2250738585072014e-308:
        x *= 18014398509481984.0
        shift += np.int64(54)
    bits = np.float64(x).view(np.int64)
    exponent = ((bits >> np.int64(52)) & np.int64(0x7FF)) - shift
    mantissa = np.int64((bits & np.int64(0x000FFFFFFFFFFFFF)) | np.int64(0x3FE0000000000000)).view(np.float64)
    return mantissa, exponent


@inline
def power_of_two(n: int) -> float:
    """2 ** n for n within the range of normal numbers."""
    return np.int64((np.int64(n) + np.int64(1023)) << np.int64(52)).view(np.float64)


@inline
def reduced(x: float) -> tuple[np.float64, np.int64]:
    """Z and e with ln x = 2 artanh z + e ln 2 and z small, for positive x."""
    m, e = split(x)
    if m < _SQRT_HALF:
        m *= 2.0
        e -= 1
    return (m - 1.0) / (m + 1.0), e


@inline
def exp_(x: float) -> float:
    """Exponential; arguments are clipped to [-700, 700]."""
    if x < -700.0:
        x = -700.0
    elif x > 700.0:
        x = 700.0
    n = math.floor(x * _INV_LN2 + 0.5)
    r = (x - n * _LN2_HI) - n * _LN2_LO
    s = _EXP_LEAD
    for c in _EXP:
        s = s * r + c
    return s * power_of_two(int(n))


@inline
def log_(x: float) -> float:
    """Natural logarithm of a positive number; non-positive arguments give -745."""
    if x <= 0.0:
        return -745.0
    z, e = reduced(x)
    w = z * z
    s = 0.0
    for c in _LOG:
        s = s * w + c
    return e * _LN2_LO + 2.0 * z * s + e * _LN2_HI


@inline
def log_quick(x: float) -> float:
    """Natural logarithm to about 1e-9, for taste shocks, where only the order of sums matters."""
    if x <= 0.0:
        return -745.0
    z, e = reduced(x)
    w = z * z
    s = (((w * (1.0 / 9.0) + 1.0 / 7.0) * w + 1.0 / 5.0) * w + 1.0 / 3.0) * w + 1.0
    return e * 0.6931471805599453 + 2.0 * z * s


@inline
def logistic(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp_(-x))


@inline
def normal_quantile(u: float) -> float:
    """Inverse of the standard normal distribution (Acklam's rational approximation, absolute error below 2e-9)."""
    if u < 1e-16:
        u = 1e-16
    elif u > 1.0 - 1e-16:
        u = 1.0 - 1e-16
    if u < 0.02425 or u > 0.97575:
        tail = u if u < 0.5 else 1.0 - u
        q = math.sqrt(-2.0 * log_(tail))
        x = (
            (
                (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734)
                * q
                + 4.374664141464968
            )
            * q
            + 2.938163982698783
        ) / (
            (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) * q
            + 1.0
        )
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    return (
        (
            (
                (
                    ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
                    + 1.383577518672690e02
                )
                * r
                - 3.066479806614716e01
            )
            * r
            + 2.506628277459239
        )
        * q
    ) / (
        (
            (((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r + 6.680131188771972e01)
            * r
            - 1.328068155288572e01
        )
        * r
        + 1.0
    )


@inline
def gumbel(u: float) -> float:
    """Standard Gumbel variate from a uniform: the taste shock of a logit choice."""
    if u < 1e-15:
        u = 1e-15
    return -log_(-log_(u) + 1e-300)


@kernel
def _map_exp(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.size):
        out[i] = exp_(x[i])


@kernel
def _map_log(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.size):
        out[i] = log_(x[i])


@kernel
def _map_normal(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.size):
        out[i] = normal_quantile(x[i])


@kernel
def _map_logistic(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.size):
        out[i] = logistic(x[i])


@kernel
def _map_gumbel(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.size):
        out[i] = gumbel(x[i])


def _apply(mapping: Callable[[Any, Any], None], x: NDArray[Any]) -> NDArray[np.float64]:
    x = np.asarray(x, dtype=np.float64, order="C")
    out = np.empty(x.shape)
    if x.ndim == 1:
        mapping(x, out)
    else:
        mapping(x.reshape(-1), out.reshape(-1))
    return out


def exp(x: NDArray[Any]) -> NDArray[np.float64]:
    """Elementwise :func:`exp_`."""
    return _apply(_map_exp, x)


def log(x: NDArray[Any]) -> NDArray[np.float64]:
    """Elementwise :func:`log_`."""
    return _apply(_map_log, x)


def logistics(x: NDArray[Any]) -> NDArray[np.float64]:
    """Elementwise :func:`logistic`."""
    return _apply(_map_logistic, x)


def normal_quantiles(u: NDArray[Any]) -> NDArray[np.float64]:
    """Elementwise :func:`normal_quantile`."""
    return _apply(_map_normal, u)


def gumbels(u: NDArray[Any]) -> NDArray[np.float64]:
    """Elementwise :func:`gumbel`."""
    return _apply(_map_gumbel, u)


def normal_cdf(z: NDArray[Any]) -> NDArray[np.float64]:
    """Standard normal distribution by the logistic approximation 1/(1+exp(-1.702 z)), error below 0.01."""
    return logistics(1.702 * np.asarray(z, dtype=np.float64))
