"""``--set KEY=VALUE``: another value for a key of the config, from the command line."""

import click

from mlp_cli.errors import UsageError

set_option = click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True, help="Another value for a config key."
)


def setting(text: str) -> tuple[str, str, str]:
    """``KEY=VALUE`` as an override: the key, the value's YAML, and where it was said.

    Raises:
        UsageError: there is no key or no equals sign.
    """
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise UsageError(f"--set {text}: must be KEY=VALUE, such as --set optimizer.lr=3e-4")
    return key, value, f"--set {text}"
