"""The config, declared once: every key, its default, its limits and what it means."""

from dataclasses import dataclass
from typing import Literal

from mlp_cli.config.fields import setting
from mlp_cli.data.augment import AUGMENTATIONS, Augmentation
from mlp_cli.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    NORMALIZERS,
    OPTIMIZERS,
    SCHEDULES,
    Activation,
    Initializer,
    Loss,
    Normalizer,
    Optimizer,
    Schedule,
)

OUTPUTS = ("softmax", "sigmoid", "identity")


@dataclass(frozen=True)
class DataConfig:
    """Which digits, and how many of them are held out."""

    name: str = setting(
        doc="`mnist`, `mnist-5k`, `fashion-mnist`, `kmnist`, or the path of your own: a folder "
        "with a subfolder of images per class, a folder of IDX or `.npy` files, or an `.npz`"
    )
    validation: int | float = setting(
        0.1,
        "training examples held out to validate on: a number of them, or a share below 1",
        ge=0,
    )
    limit: int | None = setting(None, "use only this many training examples", ge=1)
    deskew: bool = setting(
        False, "set slanted digits upright by their moments, and centre them (LeCun et al. 1998)"
    )
    upstrokes: float = setting(
        0.0,
        "share of the 1s learned from that an upstroke is drawn onto, as many people write them",
        ge=0,
        le=1,
    )
    nondigits: float = setting(
        0.0,
        "drawings that are no digits, to learn not to be sure of, as a share of the digits learned "
        "from (Hendrycks et al. 2019)",
        ge=0,
        le=1,
    )


@dataclass(frozen=True)
class EarlyStopping:
    """When to stop before the last epoch."""

    patience: int = setting(3, "epochs without a new best before training stops", ge=1)


@dataclass(frozen=True)
class Config:
    """A training, from the digits to the last epoch."""

    data: DataConfig = setting(doc="the data set")
    augment: Augmentation | None = setting(
        None, "how far each image is changed whenever it is learned from", registry=AUGMENTATIONS
    )
    layers: tuple[int, ...] = setting(
        (128,), "neurons of each hidden layer; `[]` for none", ge=1, le=1_000_000
    )
    activation: Activation | tuple[Activation, ...] = setting(
        ACTIVATIONS["relu"](),
        "what a hidden neuron does with its sum",
        registry=ACTIVATIONS,
        each=True,
    )
    dropout: float | tuple[float, ...] = setting(
        0.0, "fraction of a hidden layer's neurons switched off", each=True, ge=0, lt=1
    )
    input_dropout: float = setting(0.0, "fraction of the pixels switched off", ge=0, lt=1)
    norm: Normalizer | None = setting(
        None, "brings a hidden neuron's sums to mean 0 and variance 1", registry=NORMALIZERS
    )
    noise: float | tuple[float, ...] = setting(
        0.0,
        "standard deviation of the noise added to a hidden layer's sums, once normalised",
        each=True,
        ge=0,
    )
    input_noise: float = setting(
        0.0, "standard deviation of the noise added to the pixels, which are from 0 to 1", ge=0
    )
    init: Initializer | None = setting(
        None,
        "how weights start; by default as suits each layer's activation",
        registry=INITIALIZERS,
    )
    output: Activation = setting(
        ACTIVATIONS["softmax"](),
        "activation of the output layer",
        registry=ACTIVATIONS,
        only=OUTPUTS,
    )
    loss: Loss = setting(LOSSES["cross_entropy"](), "what training makes small", registry=LOSSES)
    optimizer: Optimizer = setting(
        OPTIMIZERS["adam"](), "the rule by which weights change", registry=OPTIMIZERS
    )
    schedule: Schedule = setting(
        SCHEDULES["constant"](), "how the learning rate changes", registry=SCHEDULES
    )
    batch_size: int | Literal["all"] = setting(
        128, "examples per step; 1 is stochastic gradient descent, `all` gradient descent", ge=1
    )
    epochs: int = setting(10, "how often the training set is gone through", ge=1)
    minutes: float | None = setting(
        None,
        "about how long the program may take: as many epochs are planned, whatever `epochs` says",
        gt=0,
        le=525_600,
    )
    early_stopping: EarlyStopping | None = setting(
        None, "stop when validation accuracy has stopped rising"
    )
    seed: int = setting(0, "what all random numbers follow from", ge=0)
    plots: bool = setting(True, "draw `curves.png` and `confusion.png` at the end")

    def per_layer(self, value: object) -> tuple[object, ...]:
        """A value for each hidden layer, from one for all or one each."""
        return value if isinstance(value, tuple) else (value,) * len(self.layers)
