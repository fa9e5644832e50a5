"""``mlp``, which is ``python -m mlp_cli``: Ctrl-C ends it in a word, while it is imported too."""

import os
import sys


def main() -> None:
    """Run the program and leave with its exit code."""
    try:
        from mlp_cli.cli import main as program

        program()
    except KeyboardInterrupt:
        os.write(2, b"Interrupted.\n")
        sys.exit(130)  # as mlp_cli.cli.interrupt has it, which may not be here yet


if __name__ == "__main__":
    main()
