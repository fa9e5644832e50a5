"""A tenth of the kills that tests/faults/kill.py tells of."""

from kill import kill


def test_killed_at_any_moment_and_resumed_it_ends_as_if_undisturbed(tmp_path):
    counts = kill(30, tmp_path)
    assert counts.kills >= 30
    assert counts.in_a_write > 0
