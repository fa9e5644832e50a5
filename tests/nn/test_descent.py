"""A step is the same in blocks as in one piece, decays weights alone and keeps its float type."""

import threading
from typing import Any

import numpy as np
import pytest
import references
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.nn import OPTIMIZERS, Descent, Optimizer, descent

NAMES = list(OPTIMIZERS)


def steps(name: str, size: int, n_weights: int, dtype: type = np.float64) -> tuple[Descent, ...]:
    """Three penalised and clipped steps: the walker, and the textbook's theta in float64."""
    optimizer = OPTIMIZERS[name](weight_decay=0.1, l1=0.01, clip_norm=1.0)
    rng = np.random.default_rng(0)
    theta, *grads = (rng.normal(size=size).astype(dtype) for _ in range(4))
    walker = Descent(optimizer, theta.copy(), n_weights)
    for t, g in enumerate(grads, start=1):
        walker.step(g.copy(), 0.1, t)
    wide = [g.astype(np.float64) for g in grads]
    expected = references.descend(optimizer, theta.astype(np.float64), wide, 0.1, n_weights)
    return walker, expected


@pytest.mark.parametrize("name", NAMES)
@given(size=st.integers(1, 20), share=st.floats(0, 1), block=st.integers(1, 8))
def test_blocks_change_nothing(name: str, size: int, share: float, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(descent, "BLOCK", block)
        walker, expected = steps(name, size, n_weights=round(share * size))
    np.testing.assert_allclose(walker.theta, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_theta_longer_than_a_block(name: str) -> None:
    size, n_weights = 2 * descent.BLOCK + 123, descent.BLOCK + 57
    walker, expected = steps(name, size, n_weights)
    np.testing.assert_allclose(walker.theta, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32(name: str) -> None:
    walker, expected = steps(name, size=50, n_weights=40, dtype=np.float32)
    assert {walker.theta.dtype, *(m.dtype for m in walker.memory.values())} == {
        np.dtype(np.float32)
    }
    np.testing.assert_allclose(walker.theta, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_memory_is_named_and_starts_at_zero(name: str) -> None:
    walker = Descent(OPTIMIZERS[name](), np.ones(3), 2)
    assert tuple(walker.memory) == OPTIMIZERS[name].memory
    assert not any(m.any() for m in walker.memory.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_walk_goes_on_from_theta_and_memory_alone(name: str) -> None:
    optimizer = OPTIMIZERS[name](weight_decay=0.1)
    rng = np.random.default_rng(0)
    theta, *grads = rng.normal(size=(7, 6))
    straight = Descent(optimizer, theta.copy(), 4)
    walker = Descent(optimizer, theta.copy(), 4)
    for t, g in enumerate(grads, start=1):
        straight.step(g.copy(), 0.1, t)
        saved = {name: m.copy() for name, m in walker.memory.items()}
        walker = Descent(optimizer, walker.theta.copy(), 4)
        for key, m in walker.memory.items():
            m[:] = saved[key]
        walker.step(g.copy(), 0.1, t)
    np.testing.assert_array_equal(walker.theta, straight.theta)


@pytest.mark.parametrize("name", NAMES)
def test_biases_never_decay(name: str) -> None:
    theta = np.array([1.0, 2.0, 3.0, 4.0])
    walker = Descent(OPTIMIZERS[name](weight_decay=0.1, l1=0.1), theta, n_weights=2)
    for t in range(1, 4):
        walker.step(np.zeros(4), 0.1, t)
    assert (theta[:2] < [1.0, 2.0]).all()
    assert theta[2:].tolist() == [3.0, 4.0]


def test_clipping_is_over_all_blocks_and_before_the_penalty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(descent, "BLOCK", 1)
    theta = np.array([10.0, 0.0])
    walker = Descent(OPTIMIZERS["sgd"](clip_norm=1.0, weight_decay=0.5), theta, n_weights=1)
    walker.step(np.array([3.0, 4.0]), lr=1.0, t=1)
    np.testing.assert_allclose(theta, [10 - 3 / 5 - 0.5 * 10, -4 / 5], rtol=1e-15)


def spied(monkeypatch: pytest.MonkeyPatch, optimizer: type[Optimizer]) -> set[int]:
    """The threads in which the optimizer has worked."""
    at_work: set[int] = set()
    update = optimizer.update

    def noted(*arguments: Any) -> None:
        at_work.add(threading.get_ident())
        update(*arguments)

    monkeypatch.setattr(optimizer, "update", noted)
    return at_work


def test_there_are_no_more_threads_than_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descent, "SHARED_FROM", 2)
    theta, before = np.ones(2), threading.active_count()
    Descent(OPTIMIZERS["sgd"](), theta, 2, threads=64).step(np.ones(2), 0.1, 1)
    assert threading.active_count() <= before  # those of other tests may end meanwhile
    assert theta.tolist() == [0.9, 0.9]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_share_the_blocks_and_change_no_bit(
    name: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descent, "BLOCK", 7)
    monkeypatch.setattr(descent, "SHARED_FROM", 50)
    optimizer = OPTIMIZERS[name](weight_decay=0.1, clip_norm=1.0)
    at_work = spied(monkeypatch, OPTIMIZERS[name])
    rng = np.random.default_rng(0)
    theta, *grads = rng.normal(size=(6, 50)).astype(np.float32)
    alone = Descent(optimizer, theta.copy(), 33)
    together = Descent(optimizer, theta.copy(), 33, threads)
    for t, g in enumerate(grads, start=1):
        alone.step(g.copy(), 0.1, t)
        assert at_work == {threading.get_ident()}
        together.step(g.copy(), 0.1, t)
        assert len(at_work) > 1
        at_work.clear()
    assert together.theta.tobytes() == alone.theta.tobytes()
    for key, memory in alone.memory.items():
        assert together.memory[key].tobytes() == memory.tobytes()


def test_what_fails_in_another_thread_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descent, "BLOCK", 1)
    monkeypatch.setattr(descent, "SHARED_FROM", 2)
    at_work = spied(monkeypatch, OPTIMIZERS["sgd"])
    walker = Descent(OPTIMIZERS["sgd"](), np.array([1.0, 3e38], np.float32), 2, threads=2)
    grad = np.array([0.0, -3e38], np.float32)  # the second block's, so the second thread's
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        walker.step(grad, 1.0, 1)
    assert len(at_work) == 2
    with np.errstate(over="ignore"):
        walker.step(grad, 1.0, 2)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_remembers_of_slopes_long_gone_is_forgotten_and_never_subnormal(name: str) -> None:
    walker = Descent(OPTIMIZERS[name](), np.ones(3, np.float32), 2)
    slopes = np.array([1, 1e-3, 0], np.float32)
    for t in range(1, 8_001):
        walker.step(slopes if t < 3 else np.zeros(3, np.float32), 0.01, t)
        if t % descent.FORGOTTEN_EVERY == 0:
            sizes = np.abs(list(walker.memory.values()))
            assert not ((sizes > 0) & (sizes < descent.FAINT)).any()
    faded = [m for kind, m in walker.memory.items() if kind in ("velocity", "m", "square_mean")]
    assert not np.any(faded)
