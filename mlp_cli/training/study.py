"""The study of a sweep: what was asked for and what came of each trial, in a database."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import optuna
from optuna.exceptions import DuplicatedStudyError, StorageInternalError
from optuna.storages import RDBStorage
from optuna.trial import TrialState
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from mlp_cli.config import from_plain, to_plain
from mlp_cli.config.space import Space
from mlp_cli.config.spacecheck import load_space
from mlp_cli.errors import ConfigError, RunError, UsageError
from mlp_cli.training.names import DATABASE, find_path
from mlp_cli.training.trials import settled

PLAN = "mlp sweep"  # the attribute of a study that says what was asked for


@dataclass(frozen=True)
class Plan:
    """What a sweep was asked for, as plain values."""

    config: dict[str, Any]  # in all trials the same, but for what is in the space
    source: str  # where that came from
    space: str  # YAML
    space_source: str
    sampler: str
    prune: bool
    trials: int  # in all

    def dimensions(self) -> Space:
        """The space.

        Raises:
            ConfigError: with a line for each fault.
        """
        return load_space(self.space, self.space_source, self.config, self.source)


def _refuse_new(url: str | None) -> None:
    """Make no database where a sweep is to go on, by a URL that is mistyped."""
    with contextlib.suppress(ArgumentError):  # which is told where it is opened
        made = make_url(url) if url else None
        file = made.database if made and made.get_backend_name() == "sqlite" else None
        if file and not file.startswith("file:") and not os.path.isfile(file):
            raise UsageError(f"--storage: there is no file {file}; name that of the sweep")


def sweep_folder(name: str, url: str | None) -> Path:
    """The folder of a sweep that is to go on.

    Raises:
        RunError: there is none, or its study is elsewhere.
        UsageError: its study is not elsewhere.
    """
    path = find_path(name)
    if not os.path.isdir(path):
        raise RunError(f"{name}: there is no such folder; name that of a sweep")
    if url is None and not os.path.isfile(path / DATABASE):
        raise RunError(
            f"{name}: has no {DATABASE}; name the folder of a sweep, and its --storage if it was "
            "begun with one"
        )
    if url is not None and os.path.isfile(path / DATABASE):
        raise UsageError(f"--storage: {name} has its study in {DATABASE}; leave --storage out")
    _refuse_new(url)
    return path


@contextlib.contextmanager
def database(folder: Path, url: str | None) -> Iterator[RDBStorage]:
    """Open the database at a URL, or the one in a sweep's folder, which is made if it is not there.

    Raises:
        UsageError: the URL is none.
        RunError: the database cannot be read or written, then or later.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = None
    try:
        storage = _own(folder / DATABASE) if url is None else RDBStorage(_literal(url))
        yield storage
    except (ArgumentError, ImportError) as error:
        raise UsageError(f"--storage: is no URL of a database that works here: {error}") from error
    except (SQLAlchemyError, StorageInternalError) as error:
        place = "--storage" if url else folder / DATABASE
        reason = getattr(error, "orig", None) or getattr(error.__cause__, "orig", error)
        raise RunError(f"{place}: the study cannot be read or written: {reason}") from error
    finally:
        if storage is not None:
            storage.remove_session()
            storage.engine.dispose()
        else:
            with contextlib.suppress(OSError):
                folder.rmdir()  # a new one is still empty


def _literal(url: str) -> str:
    """A URL whose braces Optuna does not take for a place to fill in."""
    return url.replace("{", "{{").replace("}", "}}")


def without_password(url: str) -> str:
    """A URL to be shown; of one with a password, that is left out."""
    made = make_url(url)
    return url if made.password is None else made.render_as_string(hide_password=True)


def _own(path: Path) -> RDBStorage:
    """An SQLite file; not by a URL, in which % and ? of a path would mean something."""
    connect = partial(sqlite3.connect, path, timeout=60, check_same_thread=False)
    return RDBStorage("sqlite:///", engine_kwargs={"creator": connect})


def _name(folder: Path) -> str:
    """What the study of a sweep is called; a database wants UTF-8, which a folder's need not be."""
    return os.fsencode(folder.resolve().name).decode("utf-8", "backslashreplace")


def begin(folder: Path, storage: RDBStorage, plan: Plan) -> tuple[optuna.Study, Plan]:
    """A new study and its plan; it is named like the sweep's folder.

    Raises:
        UsageError: the storage has one of that name.
    """
    try:
        study = optuna.create_study(storage=storage, study_name=_name(folder), direction="maximize")
    except DuplicatedStudyError:
        with contextlib.suppress(OSError):
            folder.rmdir()  # a new one is still empty
        raise UsageError(
            f"--storage: has a study {folder.name} already; name another folder with --out"
        ) from None
    study.set_user_attr(PLAN, asdict(plan))
    return study, plan


def _found(folder: Path, storage: RDBStorage) -> str:
    """What the study of a folder is called that was begun."""
    names = optuna.get_all_study_names(storage)
    if os.path.isfile(folder / DATABASE) and len(names) == 1:
        return names[0]  # its folder may have another name by now
    if _name(folder) not in names:
        raise RunError(
            f"{folder}: its storage has no study called {_name(folder)}; name the storage, and the "
            "folder, that the sweep was begun with"
        )
    return _name(folder)


def take_up(folder: Path, storage: RDBStorage, trials: int | None) -> tuple[optuna.Study, Plan]:
    """The study of a folder and its plan, with another number of trials if that is given.

    A trial that was under way when the sweep stopped counts as failed, and is made anew.

    Raises:
        RunError: it is no study of a sweep.
    """
    try:
        study = optuna.load_study(storage=storage, study_name=_found(folder, storage))
        plan = msgspec.convert(study.user_attrs[PLAN], Plan)
        plan = replace(plan, config=to_plain(from_plain(plan.config, plan.source)))
        settled(study, plan.dimensions())
    except (LookupError, TypeError, ValueError, msgspec.MsgspecError, ConfigError) as error:
        raise RunError(f"{folder}: its storage has no study of mlp sweep: {error}") from error
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    if trials is not None:
        plan = replace(plan, trials=trials)
        study.set_user_attr(PLAN, asdict(plan))
    return study, plan
