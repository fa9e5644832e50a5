"""How fast a training is, in words, and what would make it faster."""

from textwrap import fill

from mlp_cli.training.speed import LARGER_BATCH, PEAK_SIZE, Speed

WORTH_TELLING = 1.05  # times as fast
BUSY = 0.5  # of the cores at work for others
WIDTH = 80


def speed_text(speed: Speed, hints: list[str]) -> str:
    """The measurements, a line each, and the hints beneath them."""
    part = speed.measured_epochs
    source = "" if part >= 1 else f", reckoned from {_share(part)} of one"
    alone = speed.one_thread_epoch_seconds
    lines = [
        f"peak         {speed.peak_gflops:,.0f} GFLOP/s, in a float32 product of "
        f"{PEAK_SIZE} × {PEAK_SIZE}",
        f"epoch        {_seconds(speed.epoch_seconds)}{source}",
        *([] if alone is None else [f"one thread   {_seconds(alone)}"]),
        f"examples     {speed.samples_per_second:,.0f} a second",
        f"products     {speed.gflops:,.3g} GFLOP/s, {_share(speed.share_of_peak)} of the peak",
        "",
        *(f"{name:<10} {_share(share):>8} of a step" for name, share in speed.parts.items()),
        *([""] if hints else []),
    ]
    lines += [fill(f"hint         {hint}", WIDTH, subsequent_indent=" " * 13) for hint in hints]
    return "\n".join(lines)


def hints(speed: Speed, library: str, unused_kernel: str | None) -> list[str]:
    """What slows the training, or the measurement, each with what to do; often nothing.

    Args:
        speed: what was measured.
        library: multiplies matrices.
        unused_kernel: of the library, faster than the one in use.
    """
    told, seconds = [], speed.epoch_seconds
    if unused_kernel is not None:
        told.append(
            f"the processor's faster matrix kernel, {unused_kernel}, is not in use; leave MLP_BLAS "
            "and OPENBLAS_CORETYPE unset"
        )
    load = speed.load_average
    if load is not None and load > BUSY * speed.cores:
        told.append(
            f"other programs are at work, or were a moment ago (load {load:.1f} on "
            f"{speed.cores} {'core' if speed.cores == 1 else 'cores'}): expect better numbers "
            "without them"
        )
    alone = speed.one_thread_epoch_seconds
    if alone is not None and alone * WORTH_TELLING < seconds:
        told.append(
            f"one thread is faster than all, {_seconds(alone)} an epoch instead of "
            f"{_seconds(seconds)}; set {library.upper()}_NUM_THREADS=1"
        )
    larger = speed.larger_batch_epoch_seconds
    if larger is not None and larger * WORTH_TELLING < seconds:
        told.append(
            f"in batches this small, products are a small part of the work; with batch_size "
            f"{LARGER_BATCH} an epoch takes {_seconds(larger)} instead of {_seconds(seconds)}, but "
            "has fewer steps to learn in"
        )
    return told


def _seconds(seconds: float) -> str:
    return f"{seconds:.3g} s"


def _share(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"
