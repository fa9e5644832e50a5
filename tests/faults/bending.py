"""Good bytes bent in a few places, as a damaged disk, a bad line or an enemy would."""

import gzip
import io
import random
import zipfile

TELLING = (0, 1, 127, 128, 255, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 40)


def bent(rng: random.Random, good: list[bytes]) -> bytes:
    """A good case, bent in a few places; inside a zip, in one of its members."""
    raw = rng.choice(good)
    if raw[:2] == b"PK" and rng.random() < 0.8:
        return _bent_member(rng, raw)
    if raw[:2] == b"\x1f\x8b" and rng.random() < 0.5:
        return gzip.compress(_bent(rng, gzip.decompress(raw)), 1)
    return _bent(rng, raw)


def _bent_member(rng: random.Random, raw: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w") as bent_archive:
        names = archive.namelist()
        chosen = rng.choice(names)
        for name in names:
            member = archive.read(name)
            bent_archive.writestr(name, _bent(rng, member) if name == chosen else member)
    return out.getvalue()


def _bent(rng: random.Random, raw: bytes) -> bytes:
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        at = rng.randrange(min(len(data), rng.choice((64, 512, len(data)))))  # headers, often
        length = rng.randrange(1, 9)
        match rng.randrange(7):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                data[at] = rng.randrange(256)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length]
            case 4:
                number = rng.choice(TELLING).to_bytes(8, rng.choice(("little", "big")))
                data[at : at + 4] = number[:4] if rng.random() < 0.5 else number[4:]
            case 5:
                data[at : at + length] = str(rng.choice(TELLING)).encode()
            case 6:
                del data[at:]
    return bytes(data)
