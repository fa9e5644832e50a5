"""Where recipes, digits and a network that come along lie, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# The wheel carries configs/ and data/ inside the package; a checkout has them beside it.
_ROOT = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent

RECIPES = _ROOT / "configs"
DATA = _ROOT / "data"
MODEL = DATA / "model" / "pictures.npz"
MODEL_SHA256 = "8b85512f2781022bc01a7ee8c723b1fff609f433e90a08861cd17212ba5392de"
