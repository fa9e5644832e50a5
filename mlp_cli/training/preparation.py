"""What makes of a picture what a network was trained on."""

from mlp_cli.data.catalogue import is_mnist
from mlp_cli.data.images import as_pixels
from mlp_cli.data.pictures import Preparation, Upright, as_trained
from mlp_cli.data.prepare import prepare
from mlp_cli.training.checkpoint import Checkpoint


def preparation(saved: Checkpoint, raw: bool) -> Preparation:
    """What makes of a picture the pixels that a network is shown.

    Args:
        saved: the network's checkpoint.
        raw: pictures are taken as they are, but for deskewing.
    """
    make = as_pixels if raw else as_data(saved)
    return Upright(make) if saved.config.data.deskew else make


def as_data(saved: Checkpoint) -> Preparation:
    """What makes of a picture an image like those of the network's data set: not yet deskewed."""
    if is_mnist(saved.data_name):
        from mlp_cli.data.digits import prepare_digit

        return prepare_digit
    return prepare if saved.prepared else as_trained
