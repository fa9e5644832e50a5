"""Images warped: each pixel is read from another place of its image, mostly between pixels.

Where from is a sum of a few smooth fields over the image, (2, F) @ (F, pixels). The fields are x, y
and 1 for what moves the image as a whole, and for the bending those that a Gaussian leaves of white
noise.
"""

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.augment import Augmentation
from mlp_cli.data.erase import erase

AT_ONCE = 128  # images, so that their buffers stay in a cache
FAINTEST = 0.01  # a field fainter than this, beside the strongest, moves nothing to be seen

Pixels = NDArray[np.float32]
Own = NDArray[np.bool_]


class Warp:
    """Images of one shape, each changed at random within the limits of an augmentation.

    Args:
        augmentation: the limits.
        shape: height and width of the images.
    """

    def __init__(self, augmentation: Augmentation, shape: tuple[int, int]) -> None:
        self.augmentation, self._shape, (height, width) = augmentation, shape, shape
        y, x = np.indices(shape).reshape(2, -1)
        fields = [x - (width - 1) / 2, y - (height - 1) / 2, np.ones(height * width)]
        if augmentation.elastic:
            fields += list(augmentation.elastic * bending(shape, augmentation.smoothness))
        self._fields = np.array(fields, np.float32)  # (F, pixels)
        # A frame of zeros around each image, for what is read from outside of it.
        self._framed = np.zeros((AT_ONCE, height + 2, width + 2), np.float32)
        self._start = (height + 2) * (width + 2) * np.arange(AT_ONCE)[:, None]
        self._place = np.empty((AT_ONCE, 2, height * width), np.float32)
        self._corner = np.empty((2, AT_ONCE, height * width), np.float32)
        self._index = np.empty((AT_ONCE, height * width), np.intp)

    def __call__(
        self,
        pixels: NDArray[np.uint8],
        out: Pixels,
        rng: np.random.Generator,
        own: Own | None = None,
    ) -> Pixels:
        """Write the changed images (B, pixels), in [0, 1], into ``out``, of the same shape.

        Args:
            pixels: the images.
            out: where to.
            rng: the random numbers of these images, or of more.
            own: which of those that the numbers are for these images are.
        """
        if own is None:
            for first in range(0, len(pixels), AT_ONCE):
                rows = slice(first, first + AT_ONCE)
                self._change(pixels[rows], out[rows], rng, None)
            return out
        done = 0
        for first in range(0, len(own), AT_ONCE):
            among = own[first : first + AT_ONCE]
            rows = slice(done, done + int(among.sum()))
            self._change(pixels[rows], out[rows], rng, among)
            done = rows.stop
        return out

    def _change(
        self, pixels: NDArray[np.uint8], out: Pixels, rng: np.random.Generator, own: Own | None
    ) -> None:
        """Up to AT_ONCE images."""
        self._warp(pixels, out, rng, own)
        if self.augmentation.erase:
            erase(out.reshape(-1, *self._shape), self.augmentation.erase, rng, own)

    def _warp(
        self, pixels: NDArray[np.uint8], out: Pixels, rng: np.random.Generator, own: Own | None
    ) -> None:
        n = len(pixels)
        framed = self._framed[:n]
        inside = framed[:, 1:-1, 1:-1]
        np.multiply(pixels.reshape(inside.shape), np.float32(1 / 255), out=inside)
        x, y = self._places(n, rng, own)
        index, (left, top) = self._index[:n], self._corner[:, :n]
        np.floor(x, out=left)
        np.floor(y, out=top)
        x -= left  # now the way from the corner to the place, in [0, 1)
        y -= top
        width = framed.shape[2]
        top *= width
        top += left
        index[...] = top
        index += self._start[:n]
        flat, below, scratch = framed.ravel(), left, top
        np.take(flat, index, out=out, mode="clip")
        np.take(flat[1:], index, out=scratch, mode="clip")
        _blend(out, scratch, x)
        np.take(flat[width:], index, out=below, mode="clip")
        np.take(flat[width + 1 :], index, out=scratch, mode="clip")
        _blend(below, scratch, x)
        _blend(out, below, y)

    def _places(self, n: int, rng: np.random.Generator, own: Own | None = None) -> Pixels:
        """Where in its framed image each pixel is read from: x and y, (2, n, pixels).

        A product for each image, each too small for BLAS to share among its threads: those are at
        the network's.
        """
        _, height, width = self._framed.shape
        drawn = n if own is None else len(own)
        factors = np.empty((drawn, 2, len(self._fields)), np.float32)
        factors[:, :, :3] = self.augmentation.sources(drawn, rng)
        factors[:, :, 2] += [(width - 1) / 2, (height - 1) / 2]  # from the frame's corner
        factors[:, :, 3:] = rng.standard_normal(factors[:, :, 3:].shape, np.float32)
        if own is not None:
            factors = factors[own]
        place = self._place[:n]
        np.matmul(factors, self._fields, out=place)
        np.maximum(place, 0, out=place)
        for axis, size in ((0, width), (1, height)):
            np.minimum(place[:, axis], np.float32(size - 1.001), out=place[:, axis])
        return place.swapaxes(0, 1)


def bending(shape: tuple[int, int], smoothness: float) -> NDArray[np.float64]:
    """Fields (F, pixels) whose sum with normal factors is white noise smoothed by a Gaussian.

    Smoothing is N ↦ G N Gᵀ with G = U S Vᵀ, and Vᵀ N V is white noise again: so the fields are the
    products of two columns of U, as strong as their singular values, and few of them matter. The
    sum's standard deviation is 1 on average over the image.
    """
    (left, down), (right, across) = (_smoothing(size, smoothness) for size in shape)
    strength = np.outer(down, across)
    rows, columns = np.nonzero(strength > FAINTEST * strength.max())
    fields = left[:, rows, None].swapaxes(0, 1) * right.T[columns][:, None, :]
    fields = fields.reshape(len(rows), -1) * strength[rows, columns][:, None]
    spread: NDArray[np.float64] = np.sqrt(np.mean(np.sum(fields**2, axis=0)))
    return fields / spread


def _smoothing(size: int, sigma: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """U and S of the matrix that smooths a line of pixels."""
    apart = np.subtract.outer(np.arange(size), np.arange(size))
    u, s, _ = np.linalg.svd(np.exp(-(apart**2) / (2 * sigma**2)))
    return u, s


def _blend(a: Pixels, b: Pixels, share: Pixels) -> None:
    """Blend b into a: a ← (1 − share) · a + share · b; b is used up."""
    b -= a
    b *= share
    a += b
