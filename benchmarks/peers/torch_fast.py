"""From the start of the process to saved weights: a recipe of mlp's, trained by eager PyTorch.

The folder ``--data`` holds what it needs ready to load (``train_images.npy`` and the like, as
uint8), with ``rates.npy``, the learning rate of each step; ``torch.pt`` is put there.
"""

import json

import common
import numpy as np
import torch
import torch_net
from torch.nn.functional import cross_entropy


def main() -> None:
    """Train, judge, save, and print how well it went."""
    task = common.task()
    torch.manual_seed(task.seed)

    def digits(part: str) -> tuple[torch.Tensor, torch.Tensor]:
        images = torch.from_numpy(np.load(task.data / f"{part}_images.npy"))
        labels = torch.from_numpy(np.load(task.data / f"{part}_labels.npy"))
        return images.float().div_(255), labels.long()

    images, labels = digits("train")
    net = torch_net.network(task.sizes)
    optimizer = torch_net.optimizer(net, task, fused=True)
    rates = iter(np.load(task.data / "rates.npy").tolist())
    for _ in range(task.epochs):
        for rows in torch.randperm(len(labels)).split(task.batch_size):
            optimizer.param_groups[0]["lr"] = next(rates)
            optimizer.zero_grad()
            logits, smoothing = net(images[rows]), task.label_smoothing
            cross_entropy(logits, labels[rows], label_smoothing=smoothing).backward()
            optimizer.step()
    accuracy = torch_net.accuracy(net, *digits("test"))
    torch.save(net.state_dict(), task.data / "torch.pt")
    print(json.dumps({"test_accuracy": accuracy}))


main()
