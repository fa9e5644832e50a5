"""Which of the keys of a sweep mattered."""

import warnings
from collections.abc import Sequence

import optuna
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.trial import create_trial

from mlp_cli.config.space import Space
from mlp_cli.training.sampling import distribution, raw
from mlp_cli.training.trials import Trial

FEWEST = 40  # trials; of fewer, the best tenth is too small to tell anything


def importances(trials: Sequence[Trial], space: Space) -> dict[str, float]:
    """Each key's share in what sets the best tenth of the trials apart from all.

    Empty if the trials are few, or if nothing sets them apart.

    That is PED-ANOVA (Watanabe et al. 2023, https://arxiv.org/abs/2304.10255). What was pruned
    counts as it was then: without it, all would look good.
    """
    judged = [trial for trial in trials if trial.state != "failed"]
    if len(judged) < FEWEST:
        return {}
    study = optuna.create_study(direction="maximize")
    known = {each.key: distribution(each) for each in space}
    for trial in judged:
        values = {each.key: raw(each, trial.values[each.key]) for each in space}
        study.add_trial(
            create_trial(params=values, distributions=known, value=trial.result.val_accuracy)
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was experimental before Optuna 5
        shares = get_param_importances(
            study, evaluator=PedAnovaImportanceEvaluator(), normalize=False
        )
    total = sum(shares.values())
    return {key: share / total for key, share in shares.items()} if total > 0 else {}
