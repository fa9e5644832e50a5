"""Ctrl-C and its kin ask a training to stop after the steps under way; again, it stops at once."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
BY_SIGNAL = 128  # and its number is the exit code of what a signal ended
ASKING = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, the system, the terminal that was closed


@contextmanager
def interruptible() -> Iterator[Callable[[], int]]:
    """Give a question that is answered by the number of the signal that came, or 0.

    A signal that the process was started deaf to, as ``nohup`` does, is left alone.
    """
    asked = 0

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = number
        signal.signal(number, _at_once(number))

    numbers = [getattr(signal, name) for name in ASKING if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heard}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _at_once(number: int) -> Callable[[int, FrameType | None], object] | signal.Handlers:
    return signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
