"""The command line: one file a command, each thin, and each light to import."""

from mlp_cli.cli.main import main

__all__ = ["main"]
