"""What was found of a machine, a line each, to be pasted into a report of a fault."""

from mlp_cli.training.health import Health

GIB = 2**30


def health_text(found: Health) -> str:
    """All of it, and the faults at the end."""
    memory = "" if found.memory is None else f", {found.memory / GIB:.1f} GiB of memory"
    rows = [
        ("mlp", f"{found.mlp}, {found.python}"),
        ("system", found.system),
        ("processor", f"{found.processor}, {found.cores} cores{memory}"),
        ("matrices", found.blas),
        ("packages", ", ".join(f"{name} {number}" for name, number in found.packages.items())),
        *(("variable", f"{name}={value}") for name, value in found.environment.items()),
        *(("data", f"{name}: {_state(files)}") for name, files in found.data.items()),
        *(("free", f"{free / GIB:,.1f} GiB in {place}") for place, free in found.free.items()),
        ("gradients", f"right to {found.gradient_error:.0e} of their length"),
    ]
    lines = [f"{name:<10} {value}" for name, value in rows]
    return "\n".join([*lines, "", *(found.faults or ["Nothing is broken."])])


def _state(files: dict[str, str]) -> str:
    bad = [f"{file} {status}" for file, status in files.items() if status != "ok"]
    return ", ".join(bad) or "whole"
