"""PyTorch at its fastest without compiling: indexed tensors in memory and a fused optimizer."""

import common
import torch
import torch_net
from torch.nn.functional import cross_entropy


def main() -> None:
    """Train, and print how long it took and how well it went."""
    task = common.task()
    torch.manual_seed(task.seed)
    train, test = common.digits(task.data, "train"), common.digits(task.data, "t10k")
    images, labels = torch.from_numpy(train.images), torch.from_numpy(train.labels)
    net = torch_net.network(task.sizes)
    optimizer = torch_net.optimizer(net, task, fused=True)

    def epoch() -> None:
        for rows in torch.randperm(len(labels)).split(task.batch_size):
            optimizer.zero_grad()
            cross_entropy(net(images[rows]), labels[rows]).backward()
            optimizer.step()

    seconds = common.timed(epoch, task.epochs)
    test_images, test_labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    common.report(seconds, torch_net.accuracy(net, test_images, test_labels))


main()
