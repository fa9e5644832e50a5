"""What a user of the API has at hand, arrays and pictures, becomes pixels and labels."""

import math
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlp_cli.data.assemble import check_labels
from mlp_cli.data.images import as_seen, load_image
from mlp_cli.data.pictures import Preparation
from mlp_cli.errors import DataError, ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]
PictureLike: TypeAlias = "str | PathLike[str] | bytes | Image | NDArray[Any]"

NAME = "the picture"  # of one that is no file


def prepare(picture: PictureLike, shape: tuple[int, int] = (28, 28)) -> Pixels:
    """Make of a picture of a digit what MNIST would have made of it, as ``mlp predict`` does.

    Args:
        picture: a file, the bytes of one, a Pillow image, or an array (H, W), (H, W, 3) or
            (H, W, 4) of uint8, 0 to 255, or floats in [0, 1].
        shape: the height and width to make.

    Returns:
        (height, width), uint8: bright ink on a ground of 0.

    Raises:
        DataError: there is no image of that shape.
        ImageError: the picture cannot be read, or no digit stands out from its ground.
    """
    if min(shape) < 1:
        raise DataError(f"an image of shape {shape}: height and width must be at least 1")
    from mlp_cli.data.digits import prepare_digit

    return prepared(picture, shape, prepare_digit)


def prepared(picture: PictureLike, shape: tuple[int, int], make: Preparation) -> Pixels:
    """The same with any preparation."""
    name = fspath(picture) if isinstance(picture, str | PathLike) else NAME
    return make(_image(picture, name), name, shape).reshape(shape)


def _image(picture: PictureLike, name: str) -> "Image":
    from PIL import Image

    if isinstance(picture, str | PathLike):
        return load_image(Path(picture), name)
    if isinstance(picture, bytes):
        return load_image(picture, name)
    if isinstance(picture, Image.Image):
        return as_seen(picture, name)
    try:
        pixels = levels(picture, name)
    except DataError as error:
        raise ImageError(str(error)) from error
    if pixels.ndim != 2 and pixels.shape[2:] not in ((3,), (4,)):
        rule = "(height, width), or the same with 3 or 4 channels"
        raise ImageError(f"{name} has shape {pixels.shape}; it must be {rule}")
    if not pixels.size:
        raise ImageError(f"{name} has no pixels")
    return as_seen(Image.fromarray(pixels), name)


def levels(x: ArrayLike, what: str) -> Pixels:
    """The 256 levels of pixels, in the same shape, to the nearest of which floats are rounded.

    Args:
        x: uint8, 0 to 255, or floats in [0, 1].
        what: errors begin with this.

    Raises:
        DataError: it is neither.
    """
    values = array(x, what)
    kind, span = values.dtype.kind, ""
    if values.dtype == np.uint8:
        return values
    if kind in "fiu":
        low, high = (values.min(), values.max()) if values.size else (0, 0)
        if kind == "f" and low >= 0 and high <= 1:
            pixels: Pixels = np.rint(values * 255).astype(np.uint8)
            return pixels
        span = f" from {low:g} to {high:g}"
    raise DataError(
        f"{what} is {values.dtype}{span}; it must be uint8, 0 to 255, or floats in [0, 1]"
    )


def array(values: ArrayLike, what: str) -> NDArray[Any]:
    """What NumPy can make an array of.

    Raises:
        DataError: it cannot; the line begins with ``what``.
    """
    try:
        return np.asarray(values)
    except (RuntimeError, TypeError, ValueError) as error:  # tensors of PyTorch raise any of them
        raise DataError(f"{what} is no array: {error}") from error


def images_of(x: ArrayLike, shape: tuple[int, int]) -> Pixels:
    """Images (N, H, W) or (N, H·W) as rows of pixels (N, H·W).

    Raises:
        DataError: x is neither uint8 nor floats in [0, 1], of another shape, or empty.
    """
    pixels, inputs = levels(x, "x"), math.prod(shape)
    if pixels.shape[1:] not in (shape, (inputs,)):
        one = "; one image is x[None]" if pixels.shape in (shape, (inputs,)) else ""
        rule = f"(N, {shape[0]}, {shape[1]}) or (N, {inputs})"
        raise DataError(f"x has shape {pixels.shape}; it must be {rule}{one}")
    if not len(pixels):
        raise DataError("x has no examples")
    return pixels.reshape(-1, inputs)


def labels_of(y: ArrayLike, images: int, classes: int) -> NDArray[np.intp]:
    """The labels (N,) of so many images, each an index of so many classes.

    Raises:
        DataError: they are not.
    """
    labels = array(y, "y")
    check_labels(labels, images, "y")
    if labels.max() >= classes:
        raise DataError(f"y: label {labels.max()}; there are {classes} classes, counted from 0")
    return labels.astype(np.intp)
