"""The network that comes with the program, from a run: python data/make_model.py runs/pictures.

It keeps what prediction takes, and nothing else, in half precision, and tells the checksum that
mlp_cli/shipped.py has to know.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from mlp_cli.shipped import MODEL


def main(run: str) -> None:
    """Write the file."""
    with np.load(Path(run, "best.npz"), allow_pickle=False) as archive:
        page = json.loads(archive["page"].tobytes())
        theta, kept = archive["theta"], archive["kept"]
    page |= {"resumable": False, "history": page["history"][-1:]}
    text = np.frombuffer(json.dumps(page).encode(), np.uint8)
    MODEL.parent.mkdir(exist_ok=True)
    np.savez(MODEL, page=text, theta=theta.astype(np.float16), kept=kept.astype(np.float16))
    print(hashlib.sha256(MODEL.read_bytes()).hexdigest(), MODEL.stat().st_size, "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
