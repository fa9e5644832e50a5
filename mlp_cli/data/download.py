"""Files come from the first mirror that has them, and keep their name only if they are whole."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mlp_cli.data.catalogue import PublishedFile, Record
from mlp_cli.data.directory import folder, remedy, verify
from mlp_cli.errors import DataError, DownloadError, UsageError

_SECONDS = 10  # to connect, and between two pieces of a file
_CHUNK = 2**16


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
        if urlsplit(mirror).scheme not in ("http", "https", "file"):
            raise UsageError(f"mirror {mirror!r} must start with http://, https:// or file://")
    statuses = verify(record, directory)
    wanted = [file for file in record.files if statuses[file.name] != "ok"]
    if wanted and record.shipped:
        raise DataError(
            f"{record.name}: {wanted[0].name} is not whole; {remedy(record, directory)}"
        )
    home = folder(record, directory)
    failures: dict[str, str] = {}
    for mirror in (*mirrors, *record.mirrors):
        for file in tuple(wanted):
            try:
                _fetch(file, mirror, home, progress)
                wanted.remove(file)
            except _MirrorError as error:
                failures.setdefault(mirror, str(error))
                if not error.answers:
                    break
            except OSError as error:
                raise DataError(f"{record.name}: cannot be stored in {home}: {error}") from error
    if wanted:
        raise DownloadError(_by_hand(record.name, wanted, failures, home))


class _MirrorError(Exception):
    """A mirror did not give a file; one that does not answer at all is not asked for the next."""

    def __init__(self, reason: str, *, answers: bool = True) -> None:
        super().__init__(reason)
        self.answers = answers


def _fetch(
    file: PublishedFile,
    mirror: str,
    home: Path,
    progress: Callable[[PublishedFile], Progress] | None,
) -> None:
    import pooch
    import requests  # what pooch downloads with

    pooch.get_logger().setLevel("WARNING")  # it would announce each file
    local = mirror.startswith("file:")
    with closing(progress(file)) if progress and not local else nullcontext(False) as bar:
        over_http = pooch.HTTPDownloader(
            bar, _CHUNK, timeout=_SECONDS, headers={"Accept-Encoding": "identity"}
        )
        try:
            pooch.retrieve(
                f"{mirror.rstrip('/')}/{file.name}",
                file.sha256,
                file.name,
                home,
                downloader=_copy if local else over_http,
            )
        except requests.HTTPError as error:
            raise _MirrorError(str(error).partition(" for url")[0]) from error
        except requests.RequestException as error:
            raise _MirrorError(type(error).__name__, answers=False) from error
        except ValueError as error:
            raise _MirrorError(f"its {file.name} is not the published one") from error
        except FileNotFoundError as error:
            raise _MirrorError(f"no {file.name} there") from error
    (home / file.name).chmod(0o644)  # pooch leaves it readable by its owner alone


def _copy(address: str, target: str, _pooch: object) -> None:
    shutil.copyfile(url2pathname(urlsplit(address).path), target)


def _by_hand(name: str, wanted: list[PublishedFile], failures: dict[str, str], home: Path) -> str:
    tried = "".join(f"\n  {mirror}: {reason}" for mirror, reason in failures.items())
    return (
        f"{name}: no mirror gave {', '.join(file.name for file in wanted)}:{tried}\n"
        f"Put these files into {home} by hand and try again, "
        "or use mnist-5k, which comes with the program."
    )
