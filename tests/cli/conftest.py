"""What the tests of sweeps share."""

import signal
from pathlib import Path

import pytest
from sweeps import SPACE


@pytest.fixture
def space(here):
    """The file ``space.yaml``."""
    Path("space.yaml").write_text(SPACE)


@pytest.fixture
def stopped_at(monkeypatch, mlp):
    """Runs a sweep that gets Ctrl-C at the first event that is so."""
    from mlp_cli.cli.clusterscreen import ClusterScreen
    from mlp_cli.cli.sweepscreen import SweepScreen

    def run(moment, *words):
        def interrupting(show):
            def shown(self, event):
                show(self, event)
                if moment(event, len(self._sweep.trials)):
                    signal.raise_signal(signal.SIGINT)

            return shown

        with monkeypatch.context() as patch:
            for screen in (SweepScreen, ClusterScreen):
                patch.setattr(screen, "show", interrupting(screen.show))
            return mlp("sweep", *words)

    return run
