"""A point's way through the network and its gradient's way back, step by step, in formulas with Keras's numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gdviz.gui.network.diagram.shown import Shown, Tensors
from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, Spot, title_of
from gdviz.gui.network.explain.latex import (
    DERIVATIVES,
    input_symbol,
    loss_formula,
    number,
    output_symbol,
    product,
    sum_symbol,
    total,
    weight_symbol,
)
from gdviz.gui.numbers import short
from gdviz.network.spec import LOSSES
from gdviz.training.messages import Explanation

MOST_TERMS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One formula of a step.

    Attributes:
        formula: LaTeX, in symbols.
        numbers: LaTeX, from the second equals sign on, in numbers.
        result: what it comes to.
    """

    formula: str
    numbers: str
    result: float

    @property
    def text(self) -> str:
        """The result in plain text, for while it changes too fast to be typeset."""
        return f"= {short(self.result)}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation.

    Attributes:
        title: in words.
        lines: its formulas.
        lit: what it is about, in the diagram.
        backward: whether it belongs to backpropagation.
    """

    title: str
    lines: tuple[Line, ...]
    lit: tuple[Spot, ...]
    backward: bool = False


def explained(shown: Shown, path: tuple[int, ...], loss: str) -> tuple[Step, ...]:
    """All steps for one path; none where no point is explained.

    Args:
        shown: with an explanation.
        path: a unit of each column, from the inputs (an index of ``KEYS``) to the output.
        loss: key of the loss in force.
    """
    told, weights = shown.explanation, shown.weights
    if told is None or weights is None:
        return ()
    return tuple(_Chain(shown, told, weights, path, loss).steps())


class _Chain:
    """Writes the steps of one path; layers count from 1, as columns do."""

    def __init__(self, shown: Shown, told: Explanation, weights: Tensors, path: tuple[int, ...], loss: str) -> None:
        self.shown, self.told, self.weights, self.path, self.loss = shown, told, weights, path, loss
        self.last = len(path) - 1
        self.row = shown.network.features.index(KEYS[path[0]])

    def steps(self) -> list[Step]:
        forward: list[Step] = [self._forward(layer) for layer in range(1, self.last + 1)]
        backward = [self._loss_slope(), self._output_slope(), self._weight_slope(self.last)]
        for layer in range(self.last - 1, 0, -1):
            backward += [self._neuron_slope(layer), self._sum_slope(layer), self._weight_slope(layer)]
        return [*forward, self._loss(), *backward, *self._training()]

    # Symbols, numbers and spots of the path

    def _symbol(self, layer: int, unit: int) -> str:
        if layer == 0:
            return input_symbol(unit, scaled=self.shown.network.scaling != "none")
        return output_symbol(layer, unit, self._outputs(layer))

    @property
    def _any_input(self) -> str:
        return r"\tilde{x}_i" if self.shown.network.scaling != "none" else "x_i"

    def _outputs(self, layer: int) -> int | None:
        """How many outputs there are, where the layer is the output."""
        return self.shown.counts[-1] if layer == self.last else None

    def _values(self, layer: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        """What a layer hands on."""
        return self.told.inputs if layer == 0 else self.told.outputs[layer - 1]

    def _index(self, layer: int) -> int:
        """The path's neuron of a layer, among what that layer hands on."""
        return self.row if layer == 0 else self.path[layer]

    def _neuron(self, layer: int) -> Neuron:
        return Neuron(layer, self.path[layer])

    def _link(self, layer: int) -> Link:
        return Link(layer, self.path[layer - 1], self.path[layer])

    def _title(self, layer: int) -> str:
        return title_of(self.shown.network, self._neuron(layer))

    # Forward

    def _forward(self, layer: int) -> Step:
        unit, activation = self.path[layer], self.shown.activation(layer)
        values = self._values(layer - 1)
        kernel, bias = self.weights[2 * layer - 2][:, unit], float(self.weights[2 * layer - 1][unit])
        z, a = float(self.told.sums[layer - 1][unit]), float(self.told.outputs[layer - 1][unit])
        pairs = [(float(w), float(x)) for w, x in zip(kernel, values, strict=True)]
        inputs = rf"\sum_i {weight_symbol(layer, 'i', unit)} \, " + (
            self._any_input if layer == 1 else output_symbol(layer - 1, "i")
        )
        bias_symbol = rf"b^{{({layer})}}_{{{unit + 1}}}"
        name = sum_symbol(layer, unit)
        numbers = f"= {total(pairs, bias, MOST_TERMS, self._index(layer - 1))} = {number(z)}"
        linear = Line(f"{name} = {inputs} + {bias_symbol}", numbers, z)
        function = _function(activation)
        shape = function(name) if activation != "softmax" else rf"\frac{{e^{{{name}}}}}{{\sum_k e^{{z_k}}}}"
        put_in = function(number(z)) if activation != "softmax" else ""
        bent = Line(
            f"{self._symbol(layer, unit)} = {shape}",
            f"= {put_in} = {number(a)}" if put_in else f"= {number(a)}",
            a,
        )
        before = self.shown.counts[layer - 1]
        sources = [unit for unit in range(before) if layer > 1 or KEYS[unit] in self.shown.network.features]
        links = [Link(layer, source, unit) for source in sources]
        lit: tuple[Spot, ...] = (self._neuron(layer), Bias(layer, unit), *links)
        return Step(f"Forward: {self._title(layer)}", (linear, bent), lit)

    def _loss(self) -> Step:
        value, target = self.told.loss, self.told.target
        line = Line(f"J = {loss_formula(self.loss, self.shown.counts[-1])}", f"= {number(value)}", value)
        words = f"{LOSSES[self.loss]}: how far from {target:g}" if self.last else ""
        return Step(f"The loss. {words}", (line,), (self._neuron(self.last),))

    # Backward

    def _loss_slope(self) -> Step:
        slope = float(self.told.d_outputs[-1][self.path[-1]])
        name = self._symbol(self.last, self.path[-1])
        line = Line(_partial("J", name), f"= {number(slope)}", slope)
        return Step("Back from the loss to the output", (line,), (self._neuron(self.last),), backward=True)

    def _output_slope(self) -> Step:
        if self.shown.activation(self.last) != "softmax":
            return self._sum_slope(self.last)
        unit, outputs = self.path[-1], self.told.outputs[-1].astype(np.float64)
        slopes = self.told.d_outputs[-1].astype(np.float64)
        # Each output depends on every sum: dy_k/dz_j = y_k (1 where k is j - y_j).
        bends = outputs * ((np.arange(len(outputs)) == unit) - outputs[unit])
        z = sum_symbol(self.last, unit)
        each = r"\hat{y}_k"
        formula = rf"{_partial('J', z)} = \sum_k {_partial('J', each)} \cdot {_partial(each, z)}"
        result = float(self.told.d_sums[-1][unit])
        pairs = [(float(slope), float(bend)) for slope, bend in zip(slopes, bends, strict=True)]
        line = Line(formula, f"= {total(pairs, None, MOST_TERMS)} = {number(result)}", result)
        return Step("Back through the softmax", (line,), (self._neuron(self.last),), backward=True)

    def _sum_slope(self, layer: int) -> Step:
        unit, activation = self.path[layer], self.shown.activation(layer)
        outer, result = float(self.told.d_outputs[layer - 1][unit]), float(self.told.d_sums[layer - 1][unit])
        name, z = self._symbol(layer, unit), sum_symbol(layer, unit)
        formula = _chained(_partial("J", z), _partial("J", name), _partial(name, z))
        lines = [Line(formula, f"= {self._bent(layer)} = {number(result)}", result)]
        if outer and activation in DERIVATIVES:
            bend = result / outer
            lines.insert(0, Line(f"{_partial(name, z)} = {DERIVATIVES[activation](name)}", f"= {number(bend)}", bend))
        title = f"Back through the activation of {self._title(layer)}"
        return Step(title, tuple(lines), (self._neuron(layer),), backward=True)

    def _bent(self, layer: int) -> str:
        """dJ/da times da/dz; without the second where the first is 0 and tells nothing of it."""
        unit = self.path[layer]
        outer, result = float(self.told.d_outputs[layer - 1][unit]), float(self.told.d_sums[layer - 1][unit])
        return product(outer, result / outer) if outer else number(outer)

    def _weight_slope(self, layer: int) -> Step:
        unit, index = self.path[layer], self._index(layer - 1)
        value, slope = float(self._values(layer - 1)[index]), float(self.told.d_sums[layer - 1][unit])
        w = weight_symbol(layer, self.path[layer - 1] + 1 if layer > 1 else self.row + 1, unit)
        z, name = sum_symbol(layer, unit), self._symbol(layer, unit)
        source = self._symbol(layer - 1, self.path[layer - 1])
        result = float(self.told.d_weights[2 * layer - 2][index, unit])
        inner = Line(f"{_partial(z, w)} = {source}", f"= {number(value)}", value)
        if self.shown.activation(layer) == "softmax":
            formula = _chained(_partial("J", w), _partial("J", z), _partial(z, w))
            numbers = product(slope, value)
        else:
            formula = _chained(_partial("J", w), _partial("J", name), _partial(name, z), _partial(z, w))
            numbers = rf"{self._bent(layer)} \cdot {number(value, inner=True)}"
        chain = Line(formula, f"= {numbers} = {number(result)}", result)
        tilt = float(self.told.d_weights[2 * layer - 1][unit])
        b = rf"b^{{({layer})}}_{{{unit + 1}}}"
        bias = Line(f"{_partial('J', b)} = {_partial('J', z)}", f"= {number(tilt)}", tilt)
        lit = (self._link(layer), self._neuron(layer), self._neuron(layer - 1), Bias(layer, unit))
        return Step(f"The weight {title_of(self.shown.network, self._link(layer))}", (inner, chain, bias), lit, True)

    def _neuron_slope(self, layer: int) -> Step:
        unit = self.path[layer]
        kernel, slopes = self.weights[2 * layer][unit], self.told.d_sums[layer]
        name, result = self._symbol(layer, unit), float(self.told.d_outputs[layer - 1][unit])
        outer = sum_symbol(layer + 1, "k")
        w = weight_symbol(layer + 1, unit + 1, "k")
        formula = rf"{_partial('J', name)} = \sum_k {w} \cdot {_partial('J', outer)}"
        pairs = [(float(w), float(slope)) for w, slope in zip(kernel, slopes, strict=True)]
        line = Line(formula, f"= {total(pairs, None, MOST_TERMS, self.path[layer + 1])} = {number(result)}", result)
        links = [Link(layer + 1, unit, other) for other in range(self.shown.counts[layer + 1])]
        lit: tuple[Spot, ...] = (self._neuron(layer), *links)
        return Step(f"Back to {self._title(layer)}: all its ways on add up", (line,), lit, backward=True)

    def _training(self) -> list[Step]:
        """What training takes: the mean over the points, of which this is one."""
        gradients = self.shown.gradients
        if gradients is None:
            return []
        link = self._link(1)
        whole = float(gradients[0][self.row, self.path[1]])
        w = weight_symbol(1, self.row + 1, self.path[1])
        mean = rf"\frac{{1}}{{n}} \sum_{{i=1}}^{{n}} {_partial('J_i', w)}"
        line = Line(mean, f"= {number(whole)}", whole)
        network = self.shown.network
        rest = ", with regularisation" if network.l1 or network.l2 else ""
        title = f"Training goes against the mean over all training points{rest}"
        return [Step(title, (line,), (link,), backward=True)]


def _partial(above: str, below: str) -> str:
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def _chained(whole: str, *parts: str) -> str:
    return f"{whole} = " + r" \cdot ".join(parts)


def _function(activation: str) -> Callable[[str], str]:
    """An activation of something, in LaTeX."""
    if activation == "linear":
        return lambda inside: inside
    name = r"\sigma" if activation == "sigmoid" else rf"\mathrm{{{activation.replace('_', ' ')}}}"
    return lambda inside: rf"{name}\left({inside}\right)"
