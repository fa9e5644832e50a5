"""What is under the hood, step by step: the program's own code, run on few and small numbers.

Pages are made one by one, so that the first is there at once. Read ``page``, then the pages in
their order: ``neuron``, ``slope``, ``descent``, ``overfitting``.
"""

from collections.abc import Callable, Iterator

from mlp_cli.data.split import Dataset
from mlp_cli.reports.walkthrough import descent, neuron, overfitting, slope
from mlp_cli.reports.walkthrough.page import Page

PAGES: tuple[Callable[[Dataset], Page], ...] = (
    neuron.forward_pass,
    neuron.activations,
    neuron.losses,
    slope.loss_and_weight,
    slope.one_step,
    slope.learning_rates,
    descent.loss_and_cost,
    descent.batches,
    overfitting.twenty_digits,
)


def pages(digits: Dataset) -> Iterator[Page]:
    """All pages; those that need real digits take them from this data set."""
    return (make(digits) for make in PAGES)
