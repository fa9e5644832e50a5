"""Train multilayer perceptrons on MNIST from the command line, or from Python."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlp_cli.api import (
        Dataset,
        EpochDone,
        Evaluation,
        MlpError,
        Model,
        StepsDone,
        fit,
        load,
        load_data,
        prepare,
    )

__version__ = "0.1.0"

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


def __getattr__(name: str) -> object:
    """The API, imported when it is first asked for, so that the command line starts at once."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mlp_cli import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
