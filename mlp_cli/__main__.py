"""``python -m mlp_cli`` is ``mlp``."""

from mlp_cli.cli import main

main()
