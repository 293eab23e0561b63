"""Why training ended by itself, in sentences for people."""

from __future__ import annotations

from gdviz.network.spec import TrainingSpec
from gdviz.training.loop import ACCURACY_REACHED, LOSS_REACHED, STOPPED_EARLY
from gdviz.training.messages import Metrics

_SLOWER = 0.3
GOALS = (LOSS_REACHED, ACCURACY_REACHED)


def goal_reached(outcome: int, training: TrainingSpec, metrics: Metrics) -> str:
    """Which of the ``GOALS`` it was."""
    if outcome == LOSS_REACHED:
        return f"The loss is {metrics.loss:.3g}: the goal of {training.goal_loss:g} is reached."
    share, goal = 100.0 * metrics.accuracy, 100.0 * training.goal_accuracy
    return f"The accuracy is {share:.3g} %: the goal of {goal:g} % is reached."


def stopped(outcome: int, training: TrainingSpec, best_epoch: int | None) -> str:
    """Patience or the last epoch.

    Args:
        outcome: of the loop.
        training: has its patience, and its last epoch.
        best_epoch: whose weights came back; None where they stayed.
    """
    patience, epochs = training.patience, training.epochs
    early = f"No better loss for {'an epoch' if patience == 1 else f'{patience} epochs'}"
    done = "The one epoch is done" if epochs == 1 else f"All {epochs} epochs are done"
    why, more = (early, "") if outcome == STOPPED_EARLY else (done, " To go on, raise “stop at epoch”.")
    whose = "" if best_epoch is None else f"; the weights are those of epoch {best_epoch}, the best"
    return f"{why}{whose}.{more}"


def failed(training: TrainingSpec, epoch: int) -> str:
    """The loss of an epoch, from 1, was not finite."""
    return (
        f"The loss grew beyond all numbers in epoch {epoch}: the steps are too long. "
        f"Try a lower learning rate such as {training.optimizer.other_rate(_SLOWER):g}, then go on or reset."
    )
