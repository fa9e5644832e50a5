"""The data sets known by name: what they are, where they are published, how to know them whole."""

from dataclasses import dataclass

from mlp_cli.errors import UsageError, did_you_mean

TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"
TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"


@dataclass(frozen=True)
class PublishedFile:
    """One gzipped IDX file as its authors publish it."""

    name: str
    size: int  # in bytes
    sha256: str


@dataclass(frozen=True)
class Record:
    """A data set of the catalogue; one without mirrors comes with the program."""

    name: str
    title: str
    classes: tuple[str, ...]
    examples: tuple[int, int]  # to train, to test
    licence: str
    mirrors: tuple[str, ...]  # addresses that a file's name is appended to, in the order to try
    files: tuple[PublishedFile, ...]
    sample_of: str | None = None  # the data set whose training examples these are
    augmentation: str = "digits"  # what leaves its images the same

    @property
    def shipped(self) -> bool:
        """Whether the files come with the program and are never downloaded."""
        return not self.mirrors


def _files(*sizes_and_checksums: tuple[int, str]) -> tuple[PublishedFile, ...]:
    names = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)
    return tuple(
        PublishedFile(f"{name}.gz", size, sha256)
        for name, (size, sha256) in zip(names, sizes_and_checksums, strict=True)
    )


NO_TEN_DIGITS = "has not the classes 0 to 9, and what is no digit may be one of its own"

MNIST = Record(
    name="mnist",
    title="MNIST, handwritten digits",
    classes=tuple("0123456789"),
    examples=(60_000, 10_000),
    licence="CC BY-SA 3.0",
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://raw.githubusercontent.com/fgnt/mnist/master/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
    files=_files(
        (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ),
)

MNIST_5K = Record(
    name="mnist-5k",
    title="5,000 digits of MNIST's training set",
    classes=MNIST.classes,
    examples=(4_000, 1_000),
    licence=MNIST.licence,
    mirrors=(),
    files=_files(
        (651514, "8e39b8a1b9b562f45e9cdb37f08bc167295232920bffe99f44f29035078273e6"),
        (2063, "0cad51c2df12e4bfecfca859657ffdac13a9241e5687c961f8106b57ac9661d2"),
        (163372, "29f6f5449f54b3f08eeed3710e62c5f56581f032311c2c4008531806432bf5d0"),
        (524, "ded9e64e42215e786fcc3339bb37fcf1a623425e767fb67cb27dd6f3090a8203"),
    ),
    sample_of="mnist",
)

FASHION_MNIST = Record(
    name="fashion-mnist",
    title="Fashion-MNIST, articles of clothing",
    augmentation="clothes",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    examples=(60_000, 10_000),
    licence="MIT",
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    files=_files(
        (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ),
)

KMNIST = Record(
    name="kmnist",
    title="Kuzushiji-MNIST, cursive Japanese",
    classes=tuple("おきすつなはまやれを"),
    examples=(60_000, 10_000),
    licence="CC BY-SA 4.0",
    mirrors=("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
    files=_files(
        (18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
        (29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
        (3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
        (5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
    ),
)

CATALOGUE = {record.name: record for record in (MNIST, MNIST_5K, FASHION_MNIST, KMNIST)}


def find(name: str) -> Record:
    """The record of the data set called ``name``.

    Raises:
        UsageError: there is none; the line names the nearest and all that there are.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    raise UsageError(
        f"no data set is called {name!r}: {did_you_mean(name, CATALOGUE)}"
        f"known are {', '.join(CATALOGUE)}; "
        "data of your own are named by a path with a slash in it, such as ./digits"
    )


def overlap(trained_on: str, judged_on: str, split: str) -> str | None:
    """The warning due when a model is judged on examples that it may have trained on.

    Args:
        trained_on: name of the data set whose ``train`` split the model learned from.
        judged_on: name of the data set that it is judged on.
        split: the part it is judged on: ``train``, ``validation`` or ``test``.
    """
    if trained_on == judged_on:
        if split == "train":
            return "these are the examples that the model was trained on"
        return None
    if _parent(judged_on) == trained_on:
        return f"{judged_on} is part of {trained_on}'s training set, which the model was trained on"
    if _parent(trained_on) == judged_on and split != "test":
        return f"the model was trained on {trained_on}, which is part of this training set"
    return None


def is_mnist(name: str) -> bool:
    """Whether a data set's pictures are MNIST's own, and so prepared as those were."""
    return MNIST.name in (name, _parent(name))


def _parent(name: str) -> str | None:
    return CATALOGUE[name].sample_of if name in CATALOGUE else None
