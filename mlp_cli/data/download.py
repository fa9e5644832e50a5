"""Files come from the first mirror that has them, and keep their name only if they are whole."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mlp_cli.data.catalogue import PublishedFile, Record
from mlp_cli.data.directory import folder, remedy, verify
from mlp_cli.errors import DataError, DownloadError, UsageError
from mlp_cli.files import replacing

_SECONDS = 10  # to connect, and between two pieces of a file
_SLOWEST = 2000  # bytes a second, on average,
_GRACE = 20  # once so many seconds are over
_CHUNK = 2**16
_DIGITS = 9  # of seconds to wait: no mirror means more


class Progress(Protocol):
    """A bar for one file, such as tqdm's; its length is in bytes."""

    total: float | None

    def update(self, n: int, /) -> object:
        """Counts ``n`` more bytes."""

    def reset(self) -> object:
        """Starts again at 0."""

    def close(self) -> object:
        """Ends the bar, however the download ended."""


def download(
    record: Record,
    directory: Path,
    mirrors: Sequence[str] = (),
    progress: Callable[[PublishedFile], Progress] | None = None,
) -> None:
    """Fetches the files of a data set that are missing or damaged; whole ones stay as they are.

    Args:
        record: the data set.
        directory: the data directory; the files go into the folder of the data set in it.
        mirrors: addresses (http, https or file) to try before the published ones.
        progress: opens the bar for a file that comes over the network.

    Raises:
        UsageError: a mirror is not an http, https or file address.
        DownloadError: no mirror has all the files whole; it says how to get them by hand.
        DataError: the folder cannot be written, or the files come with the program.
    """
    for mirror in mirrors:
        _check(mirror)
    statuses = verify(record, directory)
    wanted = [file for file in record.files if statuses[file.name] != "ok"]
    if wanted and record.shipped:
        raise DataError(
            f"{record.name}: {wanted[0].name} is not whole; {remedy(record, directory)}"
        )
    home = folder(record, directory)
    failures: dict[str, str] = {}
    coming = [*mirrors, *record.mirrors]
    for mirror in coming:
        for file in tuple(wanted):
            try:
                _fetch(file, mirror, home, progress)
                wanted.remove(file)
            except _MirrorError as error:
                failures.setdefault(mirror, str(error))
                if error.again and coming.count(mirror) == 1:
                    coming.append(mirror)  # after all others, once
                if not error.answers:
                    break
            except OSError as error:
                raise DataError(f"{record.name}: cannot be stored in {home}: {error}") from error
    if wanted:
        raise DownloadError(*_by_hand(record.name, wanted, failures, home))


def _check(mirror: str) -> None:
    """See that a mirror of the user's is an address.

    Raises:
        UsageError: it is none.
    """
    try:
        scheme = urlsplit(mirror).scheme
    except ValueError as error:
        raise UsageError(f"mirror {mirror!r} is no address: {error}") from error
    if scheme not in ("http", "https", "file"):
        raise UsageError(f"mirror {mirror!r} must start with http://, https:// or file://")


class _MirrorError(Exception):
    """A mirror did not give a file.

    One that does not ``answer`` at all is not asked for the next; one where it was chance is asked
    ``again``.
    """

    def __init__(self, reason: str, *, answers: bool = True, again: bool = False) -> None:
        super().__init__(reason)
        self.answers, self.again = answers, again


def _fetch(
    file: PublishedFile,
    mirror: str,
    home: Path,
    progress: Callable[[PublishedFile], Progress] | None,
) -> None:
    """Store a file under its name, if the mirror has it whole."""
    home.mkdir(parents=True, exist_ok=True)
    address = f"{mirror.rstrip('/')}/{file.name}"
    local = urlsplit(mirror).scheme == "file"
    pieces = _of_file(address) if local else _over_http(address)
    shown = closing(progress(file)) if progress and not local else nullcontext()
    found, length = hashlib.sha256(), 0
    with shown as bar, replacing(home / file.name) as target:
        for piece in pieces:
            length += len(piece)
            if length > file.size:
                break  # whatever else comes
            found.update(piece)
            target.write(piece)
            if bar is not None:
                bar.update(len(piece))
        if length != file.size or found.hexdigest() != file.sha256:
            raise _MirrorError(f"its {file.name} is not the published one")


def _of_file(address: str) -> Iterator[bytes]:
    try:
        with Path(url2pathname(urlsplit(address).path)).open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")
    except FileNotFoundError:
        raise _MirrorError(f"no {Path(address).name} there") from None
    except OSError as error:
        raise _MirrorError(f"its {Path(address).name} cannot be read: {error.strerror}") from None


def _over_http(address: str) -> Iterator[bytes]:
    """The bytes behind an address as they come, not unpacked on the way, and not too slowly."""
    import requests

    with _told():
        asked = {"Accept-Encoding": "identity"}
        with requests.get(address, stream=True, timeout=_SECONDS, headers=asked) as answer:
            if not answer.ok:
                raise _MirrorError(_refusal(answer))
            started, length = time.monotonic(), 0
            while piece := answer.raw.read1(_CHUNK, decode_content=False):
                yield piece
                length += len(piece)
                seconds = time.monotonic() - started
                if seconds > _GRACE and length < _SLOWEST * seconds:
                    slow = f"too slow, at {length / seconds:,.0f} bytes a second"
                    raise _MirrorError(slow, answers=False)


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong between here and a mirror, in words."""
    import requests
    from urllib3.exceptions import HTTPError, LocationValueError, ReadTimeoutError

    try:
        yield
    except (requests.Timeout, ReadTimeoutError):
        raise _MirrorError(f"no answer in {_SECONDS} seconds", answers=False) from None
    except requests.exceptions.SSLError:
        raise _MirrorError("its certificate is not valid", answers=False) from None
    except requests.ConnectionError:
        raise _MirrorError("cannot be reached", answers=False, again=True) from None
    except requests.TooManyRedirects:
        raise _MirrorError("it redirects without end") from None
    except (requests.exceptions.InvalidURL, LocationValueError):
        raise _MirrorError("its address is not valid", answers=False) from None
    except (requests.RequestException, HTTPError):
        raise _MirrorError("the connection broke off", again=True) from None
    except ValueError:  # it sends us on to what is no address
        raise _MirrorError("its answer makes no sense") from None


def _refusal(answer: Any) -> str:
    """The status that a server answered with, and when to come again if it says so."""
    later = answer.headers.get("Retry-After", "")
    told = later.isdecimal() and len(later) <= _DIGITS
    when = f", try again in {int(later):,} seconds" if told else ""
    return f"{answer.status_code} {answer.reason}{when}"


def _by_hand(
    name: str, wanted: list[PublishedFile], failures: dict[str, str], home: Path
) -> list[str]:
    return [
        f"{name}: no mirror gave {', '.join(file.name for file in wanted)}:",
        *(f"  {mirror}: {reason}" for mirror, reason in failures.items()),
        f"Put these files into {home} by hand and try again, "
        "or use mnist-5k, which comes with the program.",
    ]
