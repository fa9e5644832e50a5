"""Bytes over HTTP, in time: a server that hangs, drips or sends on for ever is left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

SECONDS = 10  # to connect, and between two pieces of a file
BEGINNING = 20  # seconds until a file begins to come, redirects and all
SLOWEST = 2000  # bytes a second, on average,
GRACE = 20  # once so many seconds are over
CHUNK = 2**16
DIGITS = 9  # of seconds to wait: no mirror means more


class MirrorError(Exception):
    """A mirror did not give a file.

    One that does not ``answer`` at all is not asked for the next; one where it was chance is asked
    ``again``.
    """

    def __init__(self, reason: str, *, answers: bool = True, again: bool = False) -> None:
        super().__init__(reason)
        self.answers, self.again = answers, again


def over_http(address: str) -> Iterator[bytes]:
    """The bytes behind an address as they come, not unpacked on the way, and not too slowly."""
    with _told(), _answer(address) as answer:
        if not answer.ok:
            raise MirrorError(_refusal(answer))
        started, length = time.monotonic(), 0
        while piece := answer.raw.read1(CHUNK, decode_content=False):
            yield piece
            length += len(piece)
            seconds = time.monotonic() - started
            if seconds > GRACE and length < SLOWEST * seconds:
                slow = f"too slow, at {length / seconds:,.0f} bytes a second"
                raise MirrorError(slow, answers=False)


def _answer(address: str) -> "Response":
    """What a server answers, once its header is here.

    It is waited for beside a thread: a header that drips in keeps a connection busy for ever.
    """
    import requests

    answers: list[Response] = []
    errors: list[Exception] = []

    def ask() -> None:
        asked = {"Accept-Encoding": "identity"}
        try:
            answers.append(requests.get(address, stream=True, timeout=SECONDS, headers=asked))
        except Exception as error:  # it is raised where the answer is waited for
            errors.append(error)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(BEGINNING)
    if errors:
        raise errors.pop()
    if not answers:
        raise MirrorError(f"no answer in {BEGINNING} seconds", answers=False)
    return answers.pop()


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong between here and a mirror, in words."""
    import requests
    from urllib3.exceptions import HTTPError, LocationValueError, ReadTimeoutError

    try:
        yield
    except (requests.Timeout, ReadTimeoutError):
        raise MirrorError(f"no answer in {SECONDS} seconds", answers=False) from None
    except requests.exceptions.SSLError:
        raise MirrorError("its certificate is not valid", answers=False) from None
    except requests.ConnectionError:
        raise MirrorError("cannot be reached", answers=False, again=True) from None
    except requests.TooManyRedirects:
        raise MirrorError("it redirects without end") from None
    except (requests.exceptions.InvalidURL, LocationValueError):
        raise MirrorError("its address is not valid", answers=False) from None
    except (requests.RequestException, HTTPError):
        raise MirrorError("the connection broke off", again=True) from None
    except ValueError:  # it sends us on to what is no address
        raise MirrorError("its answer makes no sense") from None


def _refusal(answer: Any) -> str:
    """The status that a server answered with, and when to come again if it says so."""
    later = answer.headers.get("Retry-After", "")
    told = later.isdecimal() and len(later) <= DIGITS
    when = f", try again in {int(later):,} seconds" if told else ""
    return f"{answer.status_code} {answer.reason}{when}"
