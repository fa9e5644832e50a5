"""Where the recipes and the sample of digits lie, in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# The wheel carries configs/ and data/ inside the package; a checkout has them beside it.
_ROOT = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent

RECIPES = _ROOT / "configs"
DATA = _ROOT / "data"
