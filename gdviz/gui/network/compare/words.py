"""What a run is, in as few words as tell it from others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from gdviz.declared.declaration import Declaration
from gdviz.declared.parameter import Value
from gdviz.network.features import FEATURES
from gdviz.network.spec import SCALINGS, Layer, NetworkSpec, TrainingSpec, loss_of, penalties

_USUAL_LAYER, _USUAL_NETWORK = Layer(), NetworkSpec()


def architecture(network: NetworkSpec) -> str:
    """Such as "8, 8 tanh", "4 relu, 2 tanh" or "no hidden layer"."""
    if not network.hidden:
        return "no hidden layer"
    activations = [layer.activation for layer in network.hidden]
    if len(set(activations)) == 1:
        return f"{', '.join(str(layer.units) for layer in network.hidden)} {activations[0]}"
    return ", ".join(f"{layer.units} {layer.activation}" for layer in network.hidden)


def described(network: NetworkSpec, training: TrainingSpec) -> str:
    """Such as "8, 8 tanh, adam 0.01, batch 10, L2 0.01": architecture, optimizer, batch, and what is not as usual."""
    return ", ".join(parts_of(network, training))


def rarest_first(runs: Sequence[Sequence[str]], shown: Sequence[int]) -> list[str]:
    """Each run in words: what few of the runs have, then what all have: "L2 0.01, batch 10 · 8, 8 tanh, adam 0.01".

    Args:
        runs: the parts of each.
        shown: of each, so many of its first parts are said even where all runs have them.
    """
    times = Counter(part for parts in runs for part in set(parts))
    said = []
    for parts, count in zip(runs, shown, strict=True):
        own = sorted((part for part in parts if times[part] < len(runs)), key=lambda part: times[part])
        rest = [part for part in parts[:count] if times[part] == len(runs)]
        said.append(" · ".join(", ".join(some) for some in (own, rest) if some))
    return said


def parts_of(network: NetworkSpec, training: TrainingSpec) -> list[str]:
    """The parts of ``described``."""
    batch = f"batch {training.batch_size}" if training.batch_size else "all in a batch"
    words = [architecture(network), _optimizer(training), batch, *_regularisation(network)]
    if network.features != _USUAL_NETWORK.features:
        words.append(f"inputs {' '.join(FEATURES[key].title for key in network.features)}")
    if network.scaling != _USUAL_NETWORK.scaling:
        words.append(f"scaled {SCALINGS[network.scaling].lower()}")
    if network.head != _USUAL_NETWORK.head:
        words.append(network.head)
    if training.loss and training.loss != loss_of(network, TrainingSpec()):
        words.append(training.loss.replace("_", " "))
    initializers = {layer.initializer for layer in network.hidden} | {network.initializer}
    words += [name.replace("_", " ") for name in sorted(initializers - {_USUAL_LAYER.initializer})]
    words += _schedule(training)
    if training.patience:
        words.append(f"patience {training.patience}")
    return words


def duration(seconds: float) -> str:
    """Such as "3.2 s" or "2 min 05 s"."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def _optimizer(training: TrainingSpec) -> str:
    optimizer = training.optimizer
    others = {name: value for name, value in optimizer.settings.items() if name != "learning_rate"}
    return " ".join([f"{optimizer.key} {optimizer.learning_rate:.4g}", *_changed(optimizer.declaration, others)])


def _schedule(training: TrainingSpec) -> list[str]:
    schedule = training.schedule
    if schedule.key == "constant":
        return []
    return [" ".join([schedule.declaration.title.lower(), *_changed(schedule.declaration, schedule.settings)])]


def _changed(declaration: Declaration, settings: dict[str, Value]) -> list[str]:
    """The settings that are not as usual."""
    return [
        f"{name} {value:.4g}" if isinstance(value, float) and math.isfinite(value) else f"{name} {value}"
        for name, value in settings.items()
        if value != declaration.parameter(name).default
    ]


def _regularisation(network: NetworkSpec) -> list[str]:
    words = [f"{name} {value:g}" for name, value in penalties(network).items()]
    dropouts = [layer.dropout for layer in network.hidden]
    if any(dropouts):
        shares = dropouts if len(set(dropouts)) > 1 else dropouts[:1]
        words.append(f"dropout {' '.join(f'{share:g}' for share in shares)}")
    return words
