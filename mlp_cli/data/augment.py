"""How far an image may be changed, so that it still shows the same; ``warp`` changes it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.catalogue import CATALOGUE
from mlp_cli.options import Options, Registry, option


@dataclass(frozen=True)
class Augmentation(Options):
    """Limits that every image is turned, slanted, stretched, moved, bent and blotted within.

    Uniform draws, but for the bending: there each pixel's move is normal, and near pixels move
    alike (Simard et al. 2003, whose elastic distortions of α 34 and σ 4 move a pixel by 1.4).
    """

    mirrored: ClassVar[bool] = False  # every second image, left for right

    shift: float = option(1.5, "greatest move along each axis, in pixels", ge=0)
    rotate: float = option(12.0, "greatest turn either way, in degrees", ge=0, le=180)
    scale: float = option(0.12, "greatest stretch and shrinking of each axis, as a share", ge=0)
    shear: float = option(0.12, "greatest slant, in pixels sideways for one down", ge=0)
    elastic: float = option(1.0, "standard deviation of the bending's moves, in pixels", ge=0)
    smoothness: float = option(
        4.0, "σ of the Gaussian that makes near pixels move alike, in pixels", ge=2
    )
    erase: float = option(
        0.0, "greatest sides of the rectangle blotted out, as a share of the image's", ge=0, le=1
    )

    def draw(self, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
        """How far towards its limit, from −1 to 1, each change goes."""
        return rng.uniform(-1, 1, shape)

    def sources(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """For each of n images, where the pixel at (x, y) is taken from, counted from the centre.

        Returns:
            (n, 2, 3): x′ in the first row and y′ in the second, as factors of x, of y and of 1.
        """
        turn, slant, wide, high, right, down = self.draw((6, n), rng)
        cos, sin = np.cos(turn * np.radians(self.rotate)), np.sin(turn * np.radians(self.rotate))
        wide, high, slant = (1 + self.scale) ** wide, (1 + self.scale) ** high, self.shear * slant
        if self.mirrored:
            wide *= rng.choice([-1, 1], n)
        x = (cos * wide, cos * slant - sin * high, self.shift * right)
        y = (sin * wide, sin * slant + cos * high, self.shift * down)
        return np.array([x, y]).transpose(2, 0, 1)


AUGMENTATIONS: Registry[Augmentation] = Registry("augmentation")


@AUGMENTATIONS.add("digits")
@dataclass(frozen=True)
class Digits(Augmentation):
    """What leaves a digit or a letter the same."""


@AUGMENTATIONS.add("clothes")
@dataclass(frozen=True)
class Clothes(Augmentation):
    """What leaves an article of clothing the same: every second one is mirrored too."""

    mirrored: ClassVar[bool] = True

    shift: float = option(1.0, "greatest move along each axis, in pixels", ge=0)
    rotate: float = option(4.0, "greatest turn either way, in degrees", ge=0, le=180)
    scale: float = option(0.06, "greatest stretch and shrinking of each axis, as a share", ge=0)
    shear: float = option(0.0, "greatest slant, in pixels sideways for one down", ge=0)
    elastic: float = option(0.0, "standard deviation of the bending's moves, in pixels", ge=0)


def safe_for(name: str) -> Augmentation | None:
    """What leaves the images of a data set of the catalogue the same; None for data of your own."""
    record = CATALOGUE.get(name)
    return AUGMENTATIONS[record.augmentation]() if record else None
