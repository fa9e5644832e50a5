"""scikit-learn: MLPClassifier, one epoch a call, with no penalty on the weights."""

import common
import numpy as np
from sklearn.neural_network import MLPClassifier


def main() -> None:
    """Train, and print how long it took and how well it went."""
    task = common.task()
    train, test = common.digits(task.data, "train"), common.digits(task.data, "t10k")
    net = MLPClassifier(
        task.sizes[1:-1],
        solver=task.optimizer,
        alpha=0,
        batch_size=task.batch_size,
        learning_rate_init=task.learning_rate,
        momentum=task.momentum,
        nesterovs_momentum=False,
        random_state=task.seed,
    )
    classes = np.arange(task.sizes[-1])

    def epoch() -> None:
        net.partial_fit(train.images, train.labels, classes=classes)

    seconds = common.timed(epoch, task.epochs)
    common.report(seconds, net.score(test.images, test.labels))


main()
