"""Contents out of the blue for everything that is read: python tests/faults/imagine.py 20000.

Where ``fuzz`` bends bytes, and checksums find most of that, these are whole in their form: what
they hold is what nobody expects. Of each kind so many cases are read, as ``reading`` says.
"""

from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from reading import Counts, Kind, judge, run


def imagine(kind: Kind, cases: int, folder: Path) -> Counts:
    """Read so many imagined cases of a kind."""
    from imagining import imagined

    counts = Counts()

    @seed(0)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(imagined(kind))
    def one(case: bytes) -> None:
        judge(kind, case, folder, counts)

    one()
    return counts


if __name__ == "__main__":
    run(imagine)
