"""Where recipes, digits and a network that come along lie, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# The wheel carries configs/ and data/ inside the package; a checkout has them beside it.
_ROOT = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent

RECIPES = _ROOT / "configs"
DATA = _ROOT / "data"
NAME = "shipped"
MODEL = DATA / "model" / "pictures.npz"
MODEL_SHA256 = "40d1d64eee31d2ff69b7ce5c883187a0893bff7ed658c902c938863d69e51976"
