"""Checkpoints to export, of any make, and what their networks answer."""

from dataclasses import replace

import numpy as np

from mlp_cli import shipped
from mlp_cli.config import build_network
from mlp_cli.data.deskew import deskew
from mlp_cli.nn import ACTIVATIONS, LOSSES, NORMALIZERS
from mlp_cli.training.checkpoint import load


def checkpoint(activation="relu", output="softmax", norm=None, deskewed=False, layers=(12, 9)):
    """A network of random weights and statistics."""
    saved = load(shipped.MODEL)
    config = replace(
        saved.config,
        data=replace(saved.config.data, deskew=deskewed),
        layers=layers,
        activation=ACTIVATIONS[activation](),
        output=ACTIVATIONS[output](),
        loss=LOSSES["mse"](),
        norm=norm and NORMALIZERS[norm](),
    )
    network, rng = build_network(config, 784, 10), np.random.default_rng(0)
    theta = rng.normal(0, 0.15, network.theta.size).astype(np.float32)
    kept = rng.uniform(0.5, 2, network.kept.size).astype(np.float32)
    return replace(saved, config=config, theta=theta, kept=kept, temperature=1.3)


def inputs(saved, images):
    """What the network is shown of images (N, height * width)."""
    upright = deskew(images, saved.shape) if saved.config.data.deskew else images
    return upright * np.float32(1 / 255)
