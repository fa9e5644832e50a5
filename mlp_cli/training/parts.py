"""Where the time of training goes: the parts of a step, each timed as it is called."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from time import perf_counter
from typing import Any

from mlp_cli.training.loop import Trainer

Method = Callable[..., Any]


def shares(trainer: Trainer, seconds: float) -> dict[str, float]:
    """Train for so long, and give the share of the time of each part and of the rest: in all 1.

    Dropout and noise are drawn in ``forward``; ``rest`` is shuffling, counting and Python's way
    from part to part. Timing takes time too, which is felt where a step takes few µs.
    """
    spent = dict.fromkeys(("gather", "forward", "loss", "backward", "optimizer"), 0.0)

    def timed(part: str, method: Method) -> Method:
        def call(*arguments: Any, **options: Any) -> Any:
            started = perf_counter()
            result = method(*arguments, **options)
            spent[part] += perf_counter() - started
            return result

        return call

    def timed_items(method: Method) -> Method:
        def call(*arguments: Any) -> Iterator[Any]:
            items = method(*arguments)
            return iter(timed("gather", lambda: next(items, None)), None)

        return call

    network = trainer.network
    with ExitStack() as replaced:
        for way in ("cut", "warped"):
            replaced.enter_context(_replaced(trainer.batches, way, timed_items))
        for part, owner, name in (
            ("forward", network, "forward"),
            ("loss", network.loss, "slope"),
            ("loss", network.loss, "each"),
            ("backward", network, "backward"),
            ("optimizer", trainer.descent, "step"),
        ):
            replaced.enter_context(_replaced(owner, name, partial(timed, part)))
        total, started = 0.0, perf_counter()
        for _ in trainer.fit():
            total = perf_counter() - started
            if total >= seconds:
                break
    spent["rest"] = total - sum(spent.values())
    return {part: share / total for part, share in spent.items()}


@contextmanager
def _replaced(owner: object, name: str, change: Callable[[Method], Method]) -> Iterator[None]:
    """Change a method of one object: an attribute of its own hides that of its class.

    It is set past the object's own ways, for a loss is frozen.
    """
    attributes = vars(owner)
    attributes[name] = change(getattr(owner, name))
    try:
        yield
    finally:
        del attributes[name]
