"""The config's schema as JSON Schema, for editors that check and complete YAML."""

import inspect
from dataclasses import MISSING
from typing import Any

import msgspec

from mlp_cli.config.fields import ALIASES, Key, keys
from mlp_cli.config.load import to_plain
from mlp_cli.config.schema import Config
from mlp_cli.nn import Options

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """What a config may say, as JSON Schema (draft 2020-12), in short and in long form."""
    return {"$schema": DRAFT, "title": "mlp config", **_section(Config)}


def _section(cls: type) -> dict[str, Any]:
    """A mapping with the keys of a dataclass, each under any of its names but only once."""
    spec = keys(cls)
    aliases = {alias: name for alias, name in ALIASES.items() if name in spec}
    properties = {name: _key(key) for name, key in spec.items()}
    properties |= {
        alias: {**properties[name], "description": f"another word for {name}"}
        for alias, name in aliases.items()
    }
    return {
        "type": "object",
        "description": summary(cls),
        "properties": properties,
        "additionalProperties": False,
        "required": [name for name, key in spec.items() if key.default is MISSING],
        "dependentSchemas": {a: {"not": {"required": [name]}} for a, name in aliases.items()},
    }


def _key(key: Key) -> dict[str, Any]:
    """Any form of a key's value."""
    schema = _any(_forms(key))
    if key.each:
        schema = _any([schema, {"type": "array", "items": schema}])
    described = {"description": key.doc, **schema}
    return described if key.default is MISSING else {**described, "default": to_plain(key.default)}


def _forms(key: Key) -> list[dict[str, Any]]:
    """The forms that one value of a key may have, the short one first."""
    null = [{"type": "null"}] if key.default is None else []
    if key.registry is not None:
        classes = [key.registry[name] for name in key.choices]
        names = [name for cls in classes for name in (cls.name, *cls.aliases)]
        return [{"enum": names}, *(_option(cls, key.default) for cls in classes), *null]
    if key.group is not None:
        short = [{"type": "string"}] if "name" in keys(key.group) else []
        return [*short, _section(key.group), *null]
    return [msgspec.json.schema(key.checked)]


def _any(forms: list[dict[str, Any]]) -> dict[str, Any]:
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _option(cls: type[Options], default: object) -> dict[str, Any]:
    """The long form of an option; the name may be left out where it is the default's."""
    section = _section(cls)
    section["properties"] = {"name": {"enum": [cls.name, *cls.aliases]}, **section["properties"]}
    section["required"] = [] if type(default) is cls else ["name"]
    return section


def summary(cls: type) -> str:
    """The first line of a class's docstring, in Markdown."""
    return (inspect.getdoc(cls) or "").splitlines()[0].replace("``", "`")
