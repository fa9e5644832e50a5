"""Where recipes, digits and a network that come along lie, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# The wheel carries configs/ and data/ inside the package; a checkout has them beside it.
_ROOT = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent

RECIPES = _ROOT / "configs"
DATA = _ROOT / "data"
NAME = "shipped"
MODEL = DATA / "model" / "pictures.npz"
MODEL_SHA256 = "e038961e67e8d91fe78d4e2c295038273e0d197c35fe4f678ec4a391581edad8"
