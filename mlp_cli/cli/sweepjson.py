"""A sweep for a script: one JSON object a line on stdout, each trial, and the summary last."""

import json
from dataclasses import asdict
from typing import Any

import click

from mlp_cli.cli.sweepscreen import SweepScreen
from mlp_cli.training.names import BEST
from mlp_cli.training.sweep import Happening
from mlp_cli.training.trials import Trial, states


class JsonSweepScreen(SweepScreen):
    """Shows trials that came to their end, and nothing else."""

    def begin(self, blas: str) -> None:
        pass

    def show(self, event: Happening) -> None:
        if isinstance(event, Trial):
            click.echo(json.dumps(_plain(event)))

    def interrupted(self, going_on: str) -> None:
        click.echo(f"Go on with: {going_on}", err=True)

    def finish(self, best: Trial, importances: dict[str, float], following: str) -> None:
        plain = _plain(best)
        summary = {
            "sweep": str(self._sweep.path),
            "trials": len(self._sweep.trials),
            "states": states(self._sweep.trials),
            "best": plain.pop("trial"),
            **plain,
            "importances": importances,
            "config": str(self._sweep.path / BEST),
        }
        click.echo(json.dumps(summary))


def _plain(trial: Trial) -> dict[str, Any]:
    values = {key: json.loads(text) for key, text in trial.values.items()}
    told = {"trial": trial.number, "state": trial.state, "values": values}
    return {**told, **asdict(trial.result)}
