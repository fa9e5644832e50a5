"""What is compared: five trainings on MNIST's 60,000 digits, and the arithmetic that each takes."""

from dataclasses import dataclass
from typing import Any

from mlp_cli.training.speed import flops_per_example

EXAMPLES = 60_000
MOMENTUM = 0.9


@dataclass(frozen=True)
class Case:
    """A network, a batch size and an optimizer; of its epochs the first is not counted."""

    name: str
    sizes: tuple[int, ...]  # neurons per layer, inputs first and outputs last
    batch_size: int
    optimizer: str  # as mlp calls it
    learning_rate: float
    epochs: int

    def __str__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        return f"{self.name}: {sizes}, batches of {self.batch_size}, {self.optimizer}"

    @property
    def gigaflop(self) -> float:
        """The arithmetic of an epoch, in 10⁹ additions and multiplications in matrix products."""
        return EXAMPLES * flops_per_example(self.sizes) / 1e9

    def config(self) -> dict[str, Any]:
        """The case as a config of mlp's."""
        optimizer = {"name": self.optimizer, "learning_rate": self.learning_rate}
        if self.optimizer == "momentum":
            optimizer["momentum"] = MOMENTUM
        return {
            "data": {"name": "mnist", "validation": 0},
            "layers": list(self.sizes[1:-1]),
            "activation": "relu",
            "optimizer": optimizer,
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "plots": False,
        }

    def arguments(self) -> list[str]:
        """The case on a peer's command line."""
        return [
            f"--sizes={','.join(map(str, self.sizes))}",
            f"--batch-size={self.batch_size}",
            f"--epochs={self.epochs}",
            f"--optimizer={'adam' if self.optimizer == 'adam' else 'sgd'}",
            f"--learning-rate={self.learning_rate}",
            f"--momentum={MOMENTUM if self.optimizer == 'momentum' else 0}",
        ]


SMALL, LARGE, TINY = (784, 128, 10), (784, 1024, 1024, 10), (784, 30, 10)
CASES = (
    Case("small-adam", SMALL, 128, "adam", 0.001, epochs=8),
    Case("large-adam", LARGE, 128, "adam", 0.001, epochs=3),
    Case("large-momentum", LARGE, 512, "momentum", 0.05, epochs=3),
    Case("tiny-batch-10", TINY, 10, "sgd", 0.1, epochs=4),
    Case("tiny-batch-1", TINY, 1, "sgd", 0.1, epochs=3),
)
