"""A sweep for a terminal: what it is about to do, a line for each trial, and what came of it."""

import json

from mlp_cli.config.space import Choice, Dimension
from mlp_cli.config.starter import flow
from mlp_cli.errors import visible
from mlp_cli.reports.tables import pad, percent
from mlp_cli.training.sweep import Sweep
from mlp_cli.training.trials import Trial, states

HEAD = "trial  validation  best epoch   epochs       time"
NUMBER_WIDTH = 9  # characters of a number of a range


def sweep_banner(sweep: Sweep, blas: str) -> str:
    """The data, the search and what multiplies its matrices; beneath, the head of the trials."""
    plan, base, space = sweep.plan, sweep.base, sweep.space
    keys = "1 key" if len(space) == 1 else f"{len(space)} keys"
    pruned = "pruned below the median" if plan.prune else "none pruned"
    done = f", {len(sweep.trials)} of them done" if sweep.trials else ""
    columns = "".join(f"  {pad(each.key, _width(each))}" for each in space)
    return "\n".join(
        [
            f"sweep        {visible(sweep.path)}",
            f"data         {visible(sweep.dataset.name)}, judged on validation examples alone",
            f"search       {plan.sampler}, {keys}, seed {base.seed}",
            f"trials       {sweep.total}{done}, {pruned}",
            f"matrices     {blas}",
            "",
            (HEAD + columns).rstrip(),
        ]
    )


def trial_line(trial: Trial, sweep: Sweep) -> str:
    """What came of a trial, and its values; the best so far is marked."""
    result = trial.result
    accuracy = "–" if result.val_accuracy is None else percent(result.val_accuracy)
    mark = "" if trial.state == "complete" else trial.state
    if trial == sweep.best:
        mark = "* best"
    values = "".join(
        f"  {pad(shown(trial.values[each.key]), _width(each))}" for each in sweep.space
    )
    head = f"{trial.number:>5}  {accuracy:>10}  {result.best_epoch or '–':>10}  {result.epochs:>7}"
    return f"{head}  {result.seconds:>7.1f} s{values}  {mark}".rstrip()


def sweep_text(sweep: Sweep, best: Trial, importances: dict[str, float]) -> str:
    """The best trial with its values, and how much each key mattered."""
    counts = ", ".join(f"{count} {state}" for state, count in states(sweep.trials).items())
    result = best.result
    told = [
        f"best trial   {best.number} of {len(sweep.trials)} ({counts})",
        f"validation   accuracy {percent(result.val_accuracy or 0)}, loss {result.val_loss:.4f}, "
        f"epoch {result.best_epoch}",
    ]
    shares = [f"{key} {100 * share:.0f} %" for key, share in importances.items()]
    told.append(f"mattered     {', '.join(shares) or 'not known of so few trials'}")
    told += [f"  {key}: {shown(text)}" for key, text in best.values.items()]
    return "\n".join(told)


def shown(text: str) -> str:
    """A value in few characters."""
    value = json.loads(text)
    return f"{value:.4g}" if isinstance(value, float) else flow(value)


def _width(dimension: Dimension) -> int:
    """The characters of a key's column."""
    if isinstance(dimension, Choice):
        return max(len(dimension.key), *(len(shown(point)) for point in dimension.points))
    return max(len(dimension.key), NUMBER_WIDTH)
