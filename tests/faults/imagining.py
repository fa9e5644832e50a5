"""Files and flags out of the blue, whole in their form: Hypothesis strategies of their bytes."""

import gzip
import io
import json
import struct
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import yaml
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image
from reading import Kind

from mlp_cli.config.schema import Config, DataConfig
from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.data.images import FORMATS
from mlp_cli.nn import ACTIVATIONS, INITIALIZERS, LOSSES, NORMALIZERS, OPTIMIZERS, SCHEDULES

Cases = st.SearchStrategy[bytes]

REGISTRIES = (
    ACTIVATIONS,
    AUGMENTATIONS,
    INITIALIZERS,
    LOSSES,
    NORMALIZERS,
    OPTIMIZERS,
    SCHEDULES,
)
CHOICES = [(name, registry[name]) for registry in REGISTRIES for name in registry]
KEYS = [key.name for key in fields(Config)]

texts = st.text(max_size=12)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
values = st.recursive(
    scalars | st.integers(-2, 2000) | st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=6,
)


@st.composite
def choices(draw: Callable[..., Any]) -> Any:
    """An option by its name, with any of its own keys or of others."""
    name, cls = draw(st.sampled_from(CHOICES))
    keys = st.sampled_from([*[key.name for key in fields(cls)], "rate", "name"])
    return draw(
        st.just(name) | st.dictionaries(keys, values, max_size=3).map({"name": name}.__or__)
    )


settings = st.one_of(values, choices(), st.lists(st.integers(-1, 2000) | choices(), max_size=4))
trees = st.dictionaries(st.sampled_from(KEYS) | texts, settings, max_size=6)


@st.composite
def configs(draw: Callable[..., Any]) -> bytes:
    """A config of known and unknown keys with values of all kinds."""
    tree = draw(trees)
    known = draw(st.sampled_from(["quickstart", "mnist", "mnist-5k", None]))
    if known:
        keys = {key.name: draw(values) for key in fields(DataConfig) if draw(st.booleans())}
        tree["data"] = keys | {"name": known}
    written = yaml.safe_dump(tree, default_flow_style=draw(st.booleans()), allow_unicode=True)
    return str(written).encode("utf-8", "surrogatepass")


@st.composite
def flags(draw: Callable[..., Any]) -> bytes:
    """A value for ``--set``."""
    keys = st.sampled_from(KEYS)
    key = draw(keys | st.builds("{}.{}".format, keys, texts) | texts)
    value = draw(settings.map(json.dumps) | texts)
    return f"{key}{draw(st.sampled_from(['=', ' = ', '', '==']))}{value}".encode(
        "latin-1", "replace"
    )


@st.composite
def idx_files(draw: Callable[..., Any]) -> bytes:
    """A header of an IDX file, with as many bytes as it promises, or not."""
    sides = draw(st.lists(st.integers(0, 6) | st.integers(0, 2**32 - 1), max_size=4))
    kind = draw(st.sampled_from([8, 8, 8, 9, 11, 12, 13, 14]) | st.integers(0, 255))
    start = draw(st.just(b"\0\0") | st.binary(min_size=2, max_size=2))
    promised = min(int(np.prod(sides, dtype=object)), 5000)
    body = bytes(promised) if draw(st.booleans()) else draw(st.binary(max_size=300))
    return start + bytes([kind, len(sides)]) + struct.pack(f">{len(sides)}I", *sides) + body


def gzipped(contents: Cases) -> Cases:
    """The same packed, in one piece or two."""
    pieces = st.lists(contents, min_size=1, max_size=2)
    return st.builds(
        lambda parts, level, after: b"".join(gzip.compress(part, level) for part in parts) + after,
        pieces,
        st.integers(0, 9),
        st.just(b"") | st.binary(max_size=20),
    )


@st.composite
def pictures(draw: Callable[..., Any]) -> bytes:
    """A picture of any size, format and mode, turned any way by its notes, perhaps cut short."""
    sides = draw(array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))
    ground, ink = draw(st.integers(0, 255)), draw(st.integers(0, 255))
    pixels = np.full(sides, ground, np.uint8)
    top, left = draw(st.integers(0, sides[0])), draw(st.integers(0, sides[1]))
    pixels[top : top + draw(st.integers(0, 40)), left : left + draw(st.integers(0, 40))] = ink
    if draw(st.booleans()):
        pixels = draw(arrays(np.uint8, sides))
    notes = Image.Exif()
    notes[0x0112] = draw(st.integers(0, 65535))
    mode = draw(st.sampled_from(["L", "RGB", "P", "1", "RGBA", "LA", "CMYK", "I;16", "F"]))
    held = io.BytesIO()
    try:
        Image.fromarray(pixels).convert(mode).save(held, draw(st.sampled_from(FORMATS)), exif=notes)
    except (OSError, ValueError):  # not every format has every mode
        Image.fromarray(pixels).save(held, "PNG")
    whole = held.getvalue()
    return whole[: draw(st.just(len(whole)) | st.integers(0, len(whole)))]


KINDS = (
    "?",
    "u1",
    "i1",
    "<u2",
    ">i4",
    "<i8",
    "<f4",
    ">f8",
    "<f2",
    "<c8",
    "<U3",
    "S2",
    "<M8[s]",
    "O",
)
any_arrays = st.sampled_from(KINDS).flatmap(
    lambda kind: (
        arrays(kind, array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
        if kind != "O"
        else st.just(np.array([{}, None], object))
    )
)


NAMES = (
    ["x_train", "y_train"],
    ["images", "labels"],
    ["x_train", "y_train", "x_test", "y_test"],
)


@st.composite
def archives(draw: Callable[..., Any]) -> bytes:
    """Arrays of data of one's own: some that fit, some that do not."""
    examples = draw(st.integers(1, 14))
    shape = (examples, *draw(array_shapes(min_dims=1, max_dims=2, max_side=6)))
    images = arrays(np.uint8, shape)
    labels = arrays(draw(st.sampled_from(["u1", "<i8"])), examples, elements=st.integers(0, 4))
    names = draw(st.sampled_from(NAMES) | st.sets(st.sampled_from(NAMES[-1])))
    found = {}
    for name in names:
        good = images if name.startswith(("x", "images")) else labels
        found[name] = draw(good | any_arrays if draw(st.integers(0, 3)) == 0 else good)
    held = io.BytesIO()
    np.savez(held, **found)
    return held.getvalue()


@st.composite
def npy_files(draw: Callable[..., Any]) -> bytes:
    """An array of any kind, or a header that says anything, with as much behind it, or not."""
    if draw(st.booleans()):
        held = io.BytesIO()
        np.save(held, draw(any_arrays | arrays(np.uint8, array_shapes(min_dims=1, max_dims=3))))
        return held.getvalue()
    sides = draw(st.lists(st.integers(-3, 6) | st.integers(0, 2**70), max_size=4))
    kinds = st.sampled_from([*KINDS, "|u1", "V0", "S0", "<i3"]) | texts
    said = {"descr": draw(kinds), "fortran_order": draw(st.booleans()), "shape": tuple(sides)}
    text = repr(said).encode("utf-8", "surrogatepass") + b"\n"
    promised = max(0, min(int(np.prod(sides, dtype=object)), 5000))
    body = bytes(promised) if draw(st.booleans()) else draw(st.binary(max_size=300))
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + body


def alike(value: Any) -> st.SearchStrategy[Any]:
    """Something else of the same type."""
    strategy: st.SearchStrategy[Any] = st.from_type(type(value))
    return strategy if isinstance(value, bool | int | float | str) else st.just(value)


def checkpoints(good: list[bytes]) -> Cases:
    """Checkpoints with something else in their page or arrays; their checksums are right."""
    opened = []
    for each in good:
        with np.load(io.BytesIO(each)) as archive:
            held = {name: archive[name] for name in archive.files}
        opened.append((json.loads(held.pop("page").tobytes()), held))

    @st.composite
    def changed(draw: Callable[..., Any]) -> bytes:
        page, held = draw(st.sampled_from(opened))
        page, held = json.loads(json.dumps(page)), dict(held)
        for _ in range(draw(st.integers(1, 2))):
            if draw(st.booleans()):
                name = draw(st.sampled_from(sorted(held)))
                held[name] = draw(any_arrays | st.just(np.full(held[name].shape, np.nan)))
            else:
                place = page
                while isinstance(place, dict) and place:
                    key = draw(st.sampled_from(sorted(place)))
                    if not isinstance(place[key], dict) or draw(st.booleans()):
                        new = settings if place is page.get("config") else values
                        place[key] = draw(new | alike(place[key]))
                        break
                    place = place[key]
        held["page"] = np.frombuffer(json.dumps(page).encode(), np.uint8)
        out = io.BytesIO()
        np.savez(out, **held)
        return out.getvalue()

    return changed()


def imagined(kind: Kind) -> Cases:
    """Cases of a kind."""
    return {
        "checkpoints": lambda: checkpoints(kind.good),
        "IDX files": idx_files,
        "gzipped IDX files": lambda: gzipped(idx_files() | st.binary(max_size=2000)),
        "images": pictures,
        "configs": configs,
        ".npz files": archives,
        ".npy files": npy_files,
        "--set values": flags,
    }[kind.name]()
