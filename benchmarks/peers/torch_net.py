"""What the PyTorch peers share: the network, its optimizer and how it is judged."""

from itertools import pairwise

import common
import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, Optimizer


def network(sizes: tuple[int, ...]) -> nn.Sequential:
    """A multilayer perceptron with ReLU between its layers; its outputs are logits."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def optimizer(net: nn.Module, task: common.Task, fused: bool) -> Optimizer:
    """The task's optimizer; fused, one call updates all parameters."""
    if task.optimizer == "adam":
        return Adam(net.parameters(), task.learning_rate, fused=fused)
    return SGD(net.parameters(), task.learning_rate, task.momentum, fused=fused)


@torch.inference_mode()
def accuracy(net: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of images (N, 784) whose labels (N,) the network tells."""
    return float((net(images).argmax(1) == labels).float().mean())
