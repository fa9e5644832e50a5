"""Writing files so that nobody ever sees half of one."""

import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

LEFT_OVER = ".*.half"  # what a process that was killed may leave beside its targets


@contextmanager
def replacing(path: Path, previous: Path | None = None) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of ``path`` once it is whole and on the disk.

    It is written beside its target, flushed and renamed; if anything fails in between it is
    removed and ``path`` is what it was.

    Args:
        path: the file.
        previous: gets what ``path`` was until then, if it was there.

    Raises:
        OSError: the folder cannot be written to.
    """
    if os.path.lexists(path) and not os.path.isfile(path):  # a rename would replace even a device
        raise FileExistsError(errno.EEXIST, "it is there, and no file", str(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".half")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        written.chmod(0o666 & ~_umask())  # mkstemp keeps others out
        if previous is not None and path.exists():
            _keep(path, previous)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)  # the folder itself may be gone
        raise


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which gets the name ``folder`` once all is written.

    If anything fails in between, nothing of it is left; what a process left that was killed while
    it made a folder of this name is removed.

    Raises:
        OSError: it cannot be made there, or something of this name is there by now.
    """
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.*.half"):
        with suppress(OSError), locked(left) as alone:
            if alone:
                shutil.rmtree(left)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".half"))
    try:
        with locked(made):
            yield made
        made.chmod(0o777 & ~_umask())
        if os.path.lexists(folder):  # an empty folder would be replaced
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Lock a folder for this process; the system unlocks it however the process ends.

    Yields:
        Whether it is locked: there are no such locks on Windows, nor on every file system.

    Raises:
        BlockingIOError: another process has locked it.
        OSError: it cannot be opened.
    """
    try:
        import fcntl
    except ImportError:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        alone = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            alone = False
        yield alone
    finally:
        os.close(handle)


def _keep(path: Path, previous: Path) -> None:
    """Let ``previous`` be what ``path`` is, at no moment neither of them."""
    spare = previous.with_name(f".{previous.name}.half")
    spare.unlink(missing_ok=True)
    try:
        try:
            os.link(path, spare)
        except OSError:  # not every file system has a second name for a file
            shutil.copyfile(path, spare)
        spare.replace(previous)
    finally:  # a second name of what is `previous` already stays, and no error is told
        spare.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
