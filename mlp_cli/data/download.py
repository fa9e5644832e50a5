"""Files come from the first mirror that has them, and keep their name only if they are whole."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mlp_cli.data.catalogue import PublishedFile, Record
from mlp_cli.data.directory import folder, remedy, verify
from mlp_cli.data.http import CHUNK, MirrorError, over_http
from mlp_cli.errors import DataError, DownloadError, UsageError
from mlp_cli.files import replacing


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
            except MirrorError as error:
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
    pieces = _of_file(address) if local else over_http(address)
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
            raise MirrorError(f"its {file.name} is not the published one")


def _of_file(address: str) -> Iterator[bytes]:
    try:
        with Path(url2pathname(urlsplit(address).path)).open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")
    except FileNotFoundError:
        raise MirrorError(f"no {Path(address).name} there") from None
    except OSError as error:
        raise MirrorError(f"its {Path(address).name} cannot be read: {error.strerror}") from None


def _by_hand(
    name: str, wanted: list[PublishedFile], failures: dict[str, str], home: Path
) -> list[str]:
    return [
        f"{name}: no mirror gave {', '.join(file.name for file in wanted)}:",
        *(f"  {mirror}: {reason}" for mirror, reason in failures.items()),
        f"Put these files into {home} by hand and try again, "
        "or use mnist-5k, which comes with the program.",
    ]
