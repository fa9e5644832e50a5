"""Random numbers follow from (seed, purpose, epoch, step) and from nothing else."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.randomness import stream

keys = st.tuples(
    st.integers(0, 2**63),
    st.sampled_from(["shuffle", "dropout", "weights", "validation"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000_000),
)


def numbers(key):
    return stream(*key).integers(0, 2**63, 4).tolist()


@given(keys, keys)
def test_the_same_key_gives_the_same_numbers_and_another_key_others(one, other):
    assert numbers(one) == numbers(one)
    assert (numbers(one) == numbers(other)) == (one == other)


def test_global_state_changes_nothing():
    before = numbers((0, "shuffle", 1, 2))
    np.random.seed(5)  # noqa: NPY002
    stream(0, "shuffle", 1, 2).random(1000)
    assert numbers((0, "shuffle", 1, 2)) == before


def test_another_process_sees_the_same_numbers():
    code = (
        "from mlp_cli.randomness import stream\n"
        "print(stream(7, 'dropout', 3, 4).integers(0, 2**63, 4).tolist())"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert seen.stdout.strip() == str(numbers((7, "dropout", 3, 4)))
