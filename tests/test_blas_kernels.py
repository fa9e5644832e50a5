"""Whether OpenBLAS has a faster matrix kernel than the one in use."""

from dataclasses import replace

import pytest

from mlp_cli import blas

HASWELL = blas.Blas("OpenBLAS", "0.3", "Haswell", 2)
AMD = f"vendor_id\t: AuthenticAMD\nflags\t\t: {' '.join(blas.AVX512)}\n"


@pytest.mark.parametrize(
    ("changed", "kernel"),
    [
        ({}, "SkylakeX"),
        ({"kernel": "SkylakeX"}, None),
        ({"kernel": "Cooperlake"}, None),
        ({"library": "MKL", "kernel": ""}, None),
        ({"rejected": "SkylakeX"}, None),
    ],
)
def test_a_faster_kernel_is_unused_where_one_without_avx512_is_in_use(monkeypatch, changed, kernel):
    monkeypatch.setattr(blas, "_read", {"/proc/cpuinfo": AMD}.__getitem__)
    assert blas.unused_kernel(replace(HASWELL, **changed)) == kernel


def test_a_processor_that_gets_no_other_kernel_leaves_none_unused(monkeypatch):
    monkeypatch.setattr(blas, "_read", lambda _: AMD.replace("AuthenticAMD", "GenuineIntel"))
    assert blas.unused_kernel(HASWELL) is None
