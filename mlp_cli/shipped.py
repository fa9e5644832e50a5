"""Where recipes, digits and a network that come along lie, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# The wheel carries configs/ and data/ inside the package; a checkout has them beside it.
_ROOT = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent

RECIPES = _ROOT / "configs"
DATA = _ROOT / "data"
NAME = "shipped"
MODEL = DATA / "model" / "pictures.npz"
MODEL_SHA256 = "cc1fd0b6bdacffa14b4be0d7842fd0c94d2739ca31c8d70ce43ef150c101f360"
