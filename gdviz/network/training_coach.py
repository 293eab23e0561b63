"""The coach of a training: what goes wrong, and what to try; from facts alone, in order of importance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from gdviz.network.smoothing import FloatArray, centred
from gdviz.network.spec import ACTIVATIONS, INITIALIZERS, Layer, NetworkSpec, TrainingSpec
from gdviz.network.straight import Straightness

_DEAD = 0.25
"""From this share of a layer's neurons on, being dead matters."""

_FEW_POINTS = 3
_STRAIGHT_FEATURES = {"x1", "x2"}
_BENDING = Layer(8)
_FRESH = "glorot_uniform"
_PATIENCE = 50
_LEARNED = 0.1
"""A loss below this, and no mistake: that it hardly falls any more is no matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What the coach judges by.

    Attributes:
        network, training: the specs.
        rows: epoch, loss, accuracy, test loss and test accuracy, shape (k, 5); since something was last changed.
        points: how many are trained on.
        untrained: the loss before the first epoch, of the points of then; NaN where nobody knows.
        another_loss: whether the loss measures something else now than then, such as a penalty on top.
        failure: why training failed, a sentence; "" where it did not.
        stopped: whether training ended by itself.
        weights: kernel and bias of each Dense layer, in order.
        flat: for each hidden layer, shape (units,), the neurons whose output is the same for all training points.
        straight: how a straight line fares on the training points; None where nobody looked.
    """

    network: NetworkSpec
    training: TrainingSpec
    rows: FloatArray
    points: int
    untrained: float = np.nan
    another_loss: bool = False
    failure: str = ""
    stopped: bool = False
    weights: Sequence[NDArray[np.floating]] = ()
    flat: Sequence[NDArray[np.bool_]] = ()
    straight: Straightness | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What the coach says.

    Attributes:
        kind: which warning it is.
        sentence: what is wrong, and what to try.
        action: words on a button that tries it; "" where there is none.
        network, training: the specs with that done; None leaves them.
        anew: whether training has to begin again for it.
    """

    kind: str
    sentence: str
    action: str = ""
    network: NetworkSpec | None = None
    training: TrainingSpec | None = None
    anew: bool = field(default=False, kw_only=True)


def advise(facts: Facts) -> tuple[Advice, ...]:
    """All that is to be said, the most important first; after a failure, that alone."""
    if facts.failure:
        return (Advice("failed", facts.failure, "Reset", anew=True),)
    if facts.points < _FEW_POINTS:
        return ()
    with np.errstate(all="ignore"):
        return tuple(advice for rule in _RULES if (advice := rule(facts)) is not None)


def draws_lines_only(network: NetworkSpec) -> bool:
    """Whether a network can draw no boundary but a straight one: no activation, and no feature, bends."""
    linear = all(layer.activation == "linear" for layer in network.hidden)
    return linear and _STRAIGHT_FEATURES.issuperset(network.features)


# Rules --------------------------------------------------------------------------------------------------------------


def _not_finite(facts: Facts) -> Advice | None:
    """Training goes on, but a test point has no loss any more."""
    tested = facts.rows[:, 3] if len(facts.rows) else np.empty(0)
    if not len(tested) or np.isfinite(tested[-1]) or not np.isfinite(tested).any():
        return None
    said = "The loss of the test points is not a number any more: an output grew beyond all numbers."
    return Advice("not_finite", f"{said} Try a lower learning rate or bounded activations such as tanh, then reset.")


def _symmetric(facts: Facts) -> Advice | None:
    """Neurons that get the same and give the same have the same gradient: they stay one neuron."""
    kernels, biases = facts.weights[::2], facts.weights[1::2]
    for index, (layer, kernel, bias) in enumerate(zip(facts.network.hidden, kernels, biases, strict=False)):
        if layer.units > 1 and not layer.dropout and _same(kernel.T) and _same(bias) and _same(kernels[index + 1]):
            drawn = tuple(msgspec.structs.replace(each, initializer=_FRESH) for each in facts.network.hidden)
            title = INITIALIZERS[_FRESH]
            return Advice(
                "symmetric",
                f"All neurons of layer {index + 1} have the same weights, so the same gradient: they stay one neuron. "
                f"Draw initial weights at random, as {title} does, then reset.",
                f"Use {title}",
                network=msgspec.structs.replace(facts.network, hidden=drawn, initializer=_FRESH),
                anew=True,
            )
    return None


def _dead(facts: Facts) -> Advice | None:
    """A ReLU that is 0 for every point has no gradient, so nothing brings it back."""
    hidden = facts.network.hidden
    pairs = zip(hidden, facts.flat, strict=False)
    dead = [int(flat.sum()) if layer.activation == "relu" else 0 for layer, flat in pairs]
    for index, count in enumerate(dead):
        units = hidden[index].units
        if count and count >= _DEAD * units:
            what = f"{_dead_of(count, units, index + 1)} 0 for every point: dead ReLUs learn nothing."
            if hidden[index].initializer == "zeros":  # a leak of 0 is 0
                advice, do = f"Draw initial weights at random, as {INITIALIZERS[_FRESH]} does", INITIALIZERS[_FRESH]
                change = {"initializer": _FRESH}
            else:
                advice = "Try a lower learning rate, leaky ReLU or He initialisation"
                do, change = ACTIVATIONS["leaky_relu"], {"activation": "leaky_relu"}
            changed = tuple(
                msgspec.structs.replace(layer, **change) if count else layer
                for layer, count in zip(hidden, dead, strict=False)
            )
            return Advice(
                "dead",
                f"{what} {advice}, then reset.",
                f"Use {do}",
                network=msgspec.structs.replace(facts.network, hidden=changed),
                anew=True,
            )
    return None


def _steps_too_long(facts: Facts) -> Advice | None:
    """The training loss jumps about, or is above where it began and stays there."""
    losses = _losses(facts.rows, 100)
    if len(losses) < 30:
        return None
    level = float(np.median(losses))
    start = float(np.fmax(facts.rows[0, 1], facts.untrained))  # what was trained begins lower after each change
    jumps = np.diff(losses)
    swing = float(np.median(np.abs(jumps))) / level if level > 0.0 else 0.0
    turns = float((np.sign(jumps[1:]) != np.sign(jumps[:-1])).mean())
    middle = len(losses) // 2
    stays = losses[middle:].mean() > 0.8 * losses[:middle].mean()
    jumpy = swing > 0.15 and turns > 0.4 and level > 0.25 * start
    risen = level > 1.2 * start and not facts.another_loss
    if not stays or not (jumpy or risen):
        return None
    what = "jumps up and down from epoch to epoch" if jumpy else "is above where it began"
    return _other_rate(facts, "rate_high", f"The loss {what}: the steps are too long.", 0.3, "lower")


def _cannot_bend(facts: Facts) -> Advice | None:
    """Without activations that bend, any network is a straight line; say so once it has got as far as it will."""
    straight, network = facts.straight, facts.network
    if straight is None or not straight.curved or not draws_lines_only(network) or not _settled(facts.rows):
        return None
    share = f"{100 * straight.line:.0f} %"
    reached = f"explains {share} of the variance" if network.regression else f"gets {share} of the points right"
    said = f"This network cannot bend, and the best straight {'plane' if network.regression else 'line'} {reached}."
    if network.hidden:
        bent = tuple(msgspec.structs.replace(layer, activation="tanh") for layer in network.hidden)
        words = "Give the hidden layers an activation other than linear: tanh or ReLU.", "Use Tanh"
    else:
        bent, words = (_BENDING,), ("Add a hidden layer with tanh or ReLU.", "Add a layer")
    return Advice(
        "straight", f"{said} {words[0]}", words[1], network=msgspec.structs.replace(network, hidden=bent), anew=True
    )


def _overfitting(facts: Facts) -> Advice | None:
    """The test loss has risen for long and clearly above its noise, while the training loss falls."""
    rows, network, training = facts.rows, facts.network, facts.training
    if len(rows) < 30 or (facts.stopped and training.patience) or not np.isfinite(rows[:, [1, 3]]).all():
        return None
    epochs = rows[:, 0]
    length = epochs[-1] - epochs[0]
    smooth = centred(epochs, rows[:, [1, 3]], max(3.0, 0.03 * length))
    train, test = smooth.T
    best = int(np.argmin(test))
    noise = float(np.std(rows[:, 3] - test))
    rise = float(test[-1] - test[best])
    long_ago = epochs[-1] - epochs[best] >= max(20.0, 0.1 * length)
    if not (long_ago and rise > max(0.1 * test[best], 2.0 * noise) and train[-1] < 0.95 * train[best]):
        return None
    remedies = [
        *([] if training.patience else ["early stopping"]),
        *([] if not network.hidden or any(layer.dropout for layer in network.hidden) else ["dropout"]),
        *([] if network.l2 else ["L2"]),
        "more points",
        *(["fewer neurons"] if network.hidden else []),
    ]
    said = f"The test loss has risen since epoch {_about(epochs[best])} while the training loss falls: overfitting."
    return Advice(
        "overfitting",
        f"{said} Try {', '.join(remedies[:-1])} or {remedies[-1]}.",
        "" if training.patience else "Stop early",
        training=None if training.patience else msgspec.structs.replace(training, patience=_PATIENCE),
        anew=not training.patience,
    )


def _steps_too_short(facts: Facts) -> Advice | None:
    """The loss falls evenly, but so slowly that nobody would wait for it."""
    losses = _losses(facts.rows, len(facts.rows))
    if len(losses) < 40 or facts.rows[-1, 0] - facts.rows[0, 0] < 50 or losses[0] <= 0.0:
        return None
    if facts.rows[-1, 2] == 1.0 and losses[-1] < _LEARNED:
        return None
    fallen = 1.0 - losses[-1] / losses[0]
    middle = int(np.searchsorted(facts.rows[:, 0], facts.rows[[0, -1], 0].mean()))
    first, second = losses[0] - losses[middle], losses[middle] - losses[-1]
    steadily = (np.diff(losses) <= 0.0).mean() > 0.8 and 0.6 * first < second < 1.7 * first
    if not (0.001 < fallen < 0.1 and steadily):
        return None
    said = f"The loss hardly falls, by {100 * fallen:.0f} % so far, though evenly: the steps are short."
    return _other_rate(facts, "rate_low", said, 3.0, "higher")


_RULES = (_not_finite, _symmetric, _dead, _steps_too_long, _cannot_bend, _overfitting, _steps_too_short)


# Within -------------------------------------------------------------------------------------------------------------


def _same(rows: NDArray[np.floating]) -> bool:
    """Whether all rows are the same."""
    return bool((rows == rows[:1]).all())


def _losses(rows: FloatArray, most: int) -> FloatArray:
    """The last training losses; none where one of them is not finite."""
    losses = rows[-most:, 1]
    return losses if np.isfinite(losses).all() else losses[:0]


def _settled(rows: FloatArray) -> bool:
    """Whether the training loss hardly fell in the last half of the epochs."""
    losses = _losses(rows, len(rows))
    if len(losses) < 40:
        return False
    smooth = centred(rows[:, 0], losses[:, None], max(3.0, 0.03 * (rows[-1, 0] - rows[0, 0])))[:, 0]
    middle = int(np.searchsorted(rows[:, 0], rows[[0, -1], 0].mean()))
    return bool(smooth[middle] - smooth[-1] < 0.08 * abs(smooth[middle]))


def _dead_of(count: int, units: int, layer: int) -> str:
    if units == 1:
        return f"The only neuron of layer {layer} gives"
    return f"{count} of {units} neurons of layer {layer} {'gives' if count == 1 else 'give'}"


def _about(epoch: float) -> str:
    """Two digits of an epoch: more would change from frame to frame."""
    return f"{float(f'{epoch:.2g}'):.0f}"


def _other_rate(facts: Facts, kind: str, said: str, factor: float, word: str) -> Advice:
    """Advice to try another learning rate."""
    optimizer = facts.training.optimizer
    rate = optimizer.other_rate(factor)
    return Advice(
        kind,
        f"{said} Try a {word} learning rate: {rate:g} rather than {optimizer.learning_rate:g}.",
        f"Use {rate:g}",
        training=msgspec.structs.replace(facts.training, optimizer=optimizer.with_setting("learning_rate", rate)),
    )
