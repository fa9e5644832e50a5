"""PyTorch as its tutorials write it: a DataLoader, and the optimizer as it comes."""

import common
import torch
import torch_net
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset


def main() -> None:
    """Train, and print how long it took and how well it went."""
    task = common.task()
    torch.manual_seed(task.seed)
    train, test = common.digits(task.data, "train"), common.digits(task.data, "t10k")
    dataset = TensorDataset(torch.from_numpy(train.images), torch.from_numpy(train.labels))
    loader = DataLoader(dataset, task.batch_size, shuffle=True)
    net = torch_net.network(task.sizes)
    optimizer = torch_net.optimizer(net, task, fused=False)

    def epoch() -> None:
        for images, labels in loader:
            optimizer.zero_grad()
            cross_entropy(net(images), labels).backward()
            optimizer.step()

    seconds = common.timed(epoch, task.epochs)
    test_images, test_labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    common.report(seconds, torch_net.accuracy(net, test_images, test_labels))


main()
