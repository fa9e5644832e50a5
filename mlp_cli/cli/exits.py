"""How the program ends: every exit code that it has, and what each says."""

from mlp_cli.cli.interrupt import BY_SIGNAL, INTERRUPTED
from mlp_cli.errors import MlpError, UsageError

DONE, BUG = 0, 70

EXITS = {
    DONE: "done",
    MlpError.exit_code: "it failed: data, a picture, a checkpoint, a run, a network or a package "
    "that is missing; or not all of it could be read; or nobody reads the output on",
    UsageError.exit_code: "what was typed is wrong: the command line or a config",
    BUG: "a bug of ours, with its traceback",
    BY_SIGNAL + 1: "the terminal was closed (SIGHUP); a training is saved first",
    INTERRUPTED: "interrupted by Ctrl-C (SIGINT); a training is saved first",
    BY_SIGNAL + 15: "told to end (SIGTERM); a training is saved first",
}
