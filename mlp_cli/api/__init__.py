"""The API: networks trained, loaded and asked from Python; ``mlp_cli`` has these names too."""

from mlp_cli.api.fitting import fit, load_data
from mlp_cli.api.inputs import prepare
from mlp_cli.api.model import Model, load
from mlp_cli.data.split import Dataset
from mlp_cli.errors import MlpError
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.metrics import Evaluation

__all__ = [
    "Dataset",
    "EpochDone",
    "Evaluation",
    "MlpError",
    "Model",
    "StepsDone",
    "fit",
    "load",
    "load_data",
    "prepare",
]
