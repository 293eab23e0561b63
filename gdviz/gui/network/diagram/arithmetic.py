"""What a neuron computes for the explained point, term by term; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import Neuron, title_of
from gdviz.network.features import FEATURES

MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """What one input adds to a sum.

    Attributes:
        name: of the input; short.
        value: of the input.
        weight: of the link.
    """

    name: str
    value: float
    weight: float

    @property
    def product(self) -> float:
        """What is added."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a neuron comes to its output.

    Attributes:
        terms: the inputs, in order; of very many the largest products.
        others, rest: how many are left out, and what they add together.
        bias: is added.
        total: the sum, as Keras has it.
        activation: a key of ``ACTIVATIONS`` or of ``HEADS``.
        output: what comes of the sum, as Keras has it.
    """

    terms: tuple[Term, ...]
    others: int
    rest: float
    bias: float
    total: float
    activation: str
    output: float


def arithmetic(shown: Shown, neuron: Neuron, most: int = MOST_TERMS) -> Arithmetic | None:
    """The arithmetic of a neuron; None for an input, and where no point is explained."""
    told, weights = shown.explanation, shown.weights
    layer = neuron.column - 1
    if told is None or weights is None or layer < 0:
        return None
    values = told.inputs if layer == 0 else told.outputs[layer - 1]
    kernel, bias = weights[2 * layer][:, neuron.unit], float(weights[2 * layer + 1][neuron.unit])
    products = values * kernel
    kept = np.arange(len(products))
    if len(products) > most:
        kept = np.sort(np.argsort(-np.abs(products), kind="stable")[: most - 1])
    left_out = np.delete(products, kept)
    terms = tuple(
        Term(_name(shown, neuron.column - 1, index), float(values[index]), float(kernel[index]))
        for index in kept.tolist()
    )
    return Arithmetic(
        terms,
        len(left_out),
        float(left_out.sum(dtype=np.float64)),
        bias,
        float(told.sums[layer][neuron.unit]),
        shown.activation(neuron.column),
        float(told.outputs[layer][neuron.unit]),
    )


def _name(shown: Shown, column: int, row: int) -> str:
    if column == 0:
        return FEATURES[shown.network.features[row]].title
    return title_of(shown.network, Neuron(column, row)).split(", ")[-1]
