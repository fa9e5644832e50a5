"""The program ``mlp``: its commands, and what an error becomes."""

import errno
import io
import os
import sys
import traceback
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import NoReturn

import click

from mlp_cli import __version__, blas
from mlp_cli.cli import colour
from mlp_cli.cli.bench import bench
from mlp_cli.cli.config import config
from mlp_cli.cli.data import data
from mlp_cli.cli.doctor import doctor
from mlp_cli.cli.evaluate import evaluate
from mlp_cli.cli.exits import BUG, DONE
from mlp_cli.cli.explain import explain
from mlp_cli.cli.export import export
from mlp_cli.cli.inspect import inspect
from mlp_cli.cli.interrupt import INTERRUPTED
from mlp_cli.cli.predict import predict
from mlp_cli.cli.ranks import end_all, hush, meet
from mlp_cli.cli.runs import runs
from mlp_cli.cli.sweep import sweep
from mlp_cli.cli.train import train
from mlp_cli.cli.walkthrough import walkthrough
from mlp_cli.errors import ConfigError, MlpError, UsageError, reason
from mlp_cli.launcher import place_of

STDOUT = (errno.EPIPE, errno.ENOSPC, errno.EIO)  # what writing to it may fail with


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="mlp-cli", message="mlp %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of any error.")
@click.pass_context
def mlp(context: click.Context, debug: bool) -> None:
    """Train multilayer perceptrons on MNIST, judge them, and let them read pictures.

    \b
    A first session:
      mlp train --config quickstart
      mlp eval latest
      mlp predict digit.png
    """
    command = context.invoked_subcommand
    if command != train.name and place_of(os.environ).size > 1:
        raise UsageError(
            f"mlp {command}: is for one process; mpirun shares out `mlp train` alone, so start "
            "this without it"
        )


for command in (
    train,
    sweep,
    evaluate,
    predict,
    explain,
    inspect,
    export,
    runs,
    walkthrough,
    bench,
    data,
    config,
    doctor,
):
    mlp.add_command(command)


def main() -> NoReturn:
    """Run the program and leave with its exit code."""
    if not sys.stdout:  # it was closed, as by >&-
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a code page without → or █ is no bug
    # Processes of ours take no modules from the current folder, which may be a stranger's.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    place = place_of(os.environ)
    kept = hush(place)
    code = run(sys.argv[1:], os.environ)
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _stdout_failed(error)
    end_all(place, code, kept)
    sys.exit(code)


def run(arguments: Sequence[str], environ: MutableMapping[str, str] | None = None) -> int:
    """Run a command line, and give its exit code, one of ``exits.EXITS``.

    ``environ`` is the environment to prepare for the matrix library, if the process is the
    program's own.
    """
    outside = dict(os.environ)  # for the commands, as it is before we add to it
    try:
        _refuse_nothing(arguments)
        if environ is not None:
            blas.prepare(environ)
            meet(place_of(environ))
        code = mlp.main(
            list(arguments),
            prog_name="mlp",
            standalone_mode=False,
            obj=outside,
            color=colour.wanted(),
        )
        return code if isinstance(code, int) else DONE
    except (click.ClickException, MlpError) as error:
        if "--debug" in arguments:
            traceback.print_exc()
        _tell(error)
        return error.exit_code
    except MemoryError as error:
        colour.tell(f"Error: {reason(error)}; make layers or batch_size smaller")
        return MlpError.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in STDOUT:
            return _stdout_failed(error)
        traceback.print_exc()
        click.echo("This is a bug of mlp; please report it with the lines above.", err=True)
        return BUG


def _refuse_nothing(arguments: Sequence[str]) -> None:
    """Take no empty name for a name: an empty path would be the current folder."""
    for word in arguments:
        if not word or (word.startswith("--") and word.find("=") == len(word) - 1):
            raise UsageError(
                f"{word or repr(word)}: holds nothing, as of a shell variable that is not set; "
                "say what is meant, or leave it out"
            )


def _tell(error: click.ClickException | MlpError) -> None:
    if isinstance(error, click.ClickException):
        said = io.StringIO()  # with the usage above it
        error.show(said)
        colour.tell(said.getvalue().rstrip("\n"))
    elif isinstance(error, ConfigError):
        colour.tell(error.told, "^.+?(?=: )")
    else:
        colour.tell(error.told)


def _stdout_failed(error: OSError) -> int:
    """Say why nothing more can be printed, unless nobody reads it; and print nothing more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # what is in its buffer goes there when Python ends
    if error.errno != errno.EPIPE:
        colour.tell(f"Error: the output cannot be written: {error.strerror}")
    return MlpError.exit_code
