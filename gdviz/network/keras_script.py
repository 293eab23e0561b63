"""A network, its training and its points as a Python script that needs Keras and NumPy alone."""

from __future__ import annotations

from gdviz.network.points import Points
from gdviz.network.script.data import POINTS_FILE, Ordered, data_lines, input_lines
from gdviz.network.script.layout import comment
from gdviz.network.script.model import model_lines
from gdviz.network.script.training import classes, compile_lines, fit_lines, result_lines
from gdviz.network.spec import NetworkSpec, TrainingSpec, check

__all__ = ["POINTS_FILE", "USUAL_EPOCHS", "keras_script", "points_beside"]

USUAL_EPOCHS = 100
"""Where nothing says how many."""

_PARTS = ("callbacks", "initializers", "layers", "optimizers", "regularizers")


def keras_script(
    network: NetworkSpec,
    training: TrainingSpec,
    points: Points,
    *,
    epochs: int = 0,
    axes: tuple[str, str] = ("x1", "x2"),
    value_axis: str = "value",
    note: str = "",
) -> str:
    """The script, which trains the network anew.

    It starts from the same weights as gdviz. Trained on all points at once and without dropout, it computes the same
    numbers; otherwise the shuffles and what dropout silences are Keras's own.

    Args:
        network: what is built.
        training: how it is trained.
        points: what it is trained and tested on; very many are expected in a file, see ``points_beside``.
        epochs: how many, where the training spec sets no end; 0 is ``USUAL_EPOCHS``.
        axes: what x1 and x2 mean.
        value_axis: what a value means, in regression.
        note: what a reader has to know first.

    Raises:
        ValueError: a spec is not allowed, or there are no points; a sentence for people.
    """
    check(network, training)
    if not len(points):
        raise ValueError("There are no points: a script needs some to train on.")
    ordered = Ordered.of(training, points)
    count, tested = training.epochs or epochs or USUAL_EPOCHS, ordered.testing > 0
    steps = count * -(-ordered.training // (training.batch_size or ordered.training))
    blocks = (
        data_lines(network, ordered, axes, value_axis),
        input_lines(network, ordered),
        model_lines(network, training.seed),
        compile_lines(network, training, steps),
        fit_lines(network, training, count, tested=tested),
        result_lines(network, tested=tested),
    )
    body = "\n\n".join("\n".join(block) for block in blocks)
    extra = classes(network, training)
    if extra:
        body = "\n" + "\n\n".join(extra) + "\n\n" + body
    used = ", ".join(part for part in _PARTS if f"{part}." in body)
    head = "\n".join([f'"""{_title(network)}"""', *(["", *comment(note)] if note else [])])
    return f"{head}\n\nimport keras\nimport numpy as np\nfrom keras import {used}\n\n{body}\n"


def points_beside(training: TrainingSpec, points: Points) -> Points | None:
    """What the file ``POINTS_FILE`` beside the script must hold; None where the script holds all points itself.

    ``write_points`` writes it, with ``values=network.regression``.
    """
    ordered = Ordered.of(training, points)
    return ordered.points if ordered.beside else None


def _title(network: NetworkSpec) -> str:
    layers = len(network.hidden)
    hidden = f"{layers or 'no'} hidden layer{'' if layers == 1 else 's'}"
    return f"A network of {hidden} learns {'values' if network.regression else 'red and green'}: made by gdviz."
