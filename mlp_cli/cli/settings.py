"""``--set KEY=VALUE``: another value for a key of the config, from the command line."""

import click

from mlp_cli.errors import UsageError


def setting(text: str) -> tuple[str, str, str]:
    """``KEY=VALUE`` as an override: the key, the value's YAML, and where it was said.

    Raises:
        UsageError: there is no key or no equals sign, or the shell has cut the value at a space.
    """
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise UsageError(f"--set {text}: must be KEY=VALUE, such as --set optimizer.lr=3e-4")
    if value.startswith(("[", "{")) and not value.rstrip().endswith(("]", "}")):
        raise UsageError(
            f"--set {text}: its bracket is not closed; a value with spaces needs quotes, such as "
            "--set 'layers=[256, 128]'"
        )
    return key, value, f"--set {text}"


set_option = click.option(
    "--set",
    "settings",
    type=setting,
    metavar="KEY=VALUE",
    multiple=True,
    help="Another value for a config key.",
)
