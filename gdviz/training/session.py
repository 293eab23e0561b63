"""A run that can be looked at: its boundary, its neurons, its points, and one point's way through it."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from gdviz.training.compiler import Compilable
from gdviz.training.explain import Chain, Explainer
from gdviz.training.frames import Picture, Viewer
from gdviz.training.messages import BoolArray, Explanation, Float32Array, SetView
from gdviz.training.model import silenced
from gdviz.training.run import TrainingRun
from gdviz.training.state import features_of
from gdviz.training.survey import Findings, Survey, Surveyor


class Session(TrainingRun):
    """Trains a network and shows it, as frames do; nothing is computed twice while nothing changes."""

    _questions = np.empty((0, 2))
    _hidden_layer = -1
    _found: tuple[tuple[object, ...], Findings] | None = None

    def descriptions(self, view: SetView, questions: int = 0, *, explains: bool = False) -> tuple[Compilable, ...]:
        """What the compiler should prepare, in this order.

        Args:
            view: what frames show.
            questions: how many points are asked about.
            explains: whether frames explain a point.
        """
        survey = Survey.of(self._structure, questions, view.hidden_layer)
        chain = (Chain.of(self.network, self.training),) if explains else ()
        return self._structure, self.picture(view), survey, *chain

    def draw(self, view: SetView) -> tuple[Float32Array, tuple[Float32Array, ...]]:
        """The boundary and the neurons, as ``Frame`` has them."""
        viewer: Viewer = self._program(self.picture(view), Viewer)
        return viewer.draw(self._state.weights, view.extent, self.scaling)

    def picture(self, view: SetView) -> Picture:
        """What the viewer is compiled for."""
        return Picture.of(self.network, view.samples, view.neuron_samples)

    def explain(self, xy: tuple[float, float], target: float) -> Explanation:
        """A point's way through the network and back; the target is 0 or 1, or its value in regression."""
        inputs = features_of(self.network, np.array([xy], dtype=np.float64), self.scaling)
        explainer: Explainer = self._program(Chain.of(self.network, self.training), Explainer)
        return explainer.explain(self._state.weights, xy, target, inputs)

    # All points -----------------------------------------------------------------------------------------------------

    @property
    def gradients(self) -> tuple[Float32Array, ...]:
        """dJ/dw over all training points, regularisation included, in the shapes of ``weights``."""
        return self._findings().gradients

    @property
    def predictions(self) -> Float32Array:
        """The probability of green, or the value, of each of the points, shape (n,)."""
        return self._findings().predictions[: len(self.points)]

    @property
    def dark(self) -> tuple[BoolArray, ...]:
        """Neurons that dropout silenced for the first point of the last batch, shape (units,) for each hidden layer."""
        size, shares = self._last_step
        layers = zip(self._state.seeds, shares, self.network.hidden, strict=True)
        return tuple(
            # The seed has moved on by one since then.
            silenced(seed - tf.constant([0, 1], seed.dtype), share, (size, layer.units))[0].numpy()
            if share
            else np.zeros(layer.units, np.bool_)
            for seed, share, layer in layers
        )

    @property
    def flat(self) -> tuple[BoolArray, ...]:
        """Neurons with one output for two or more training points, shape (units,) for each hidden layer."""
        return self._findings().flat

    def answers(self, xy: ArrayLike) -> Float32Array:
        """The same as ``predictions`` for other points of shape (q, 2), shape (q,)."""
        questions = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        if not np.array_equal(questions, self._questions):
            self._questions = questions.copy()
        return self._findings().answers

    def hidden(self, layer: int) -> Float32Array:
        """A hidden layer's outputs, from 0, for each of the points, shape (n, units); (0, 0) where it is none."""
        if not 0 <= layer < len(self.network.hidden):
            return np.empty((0, 0), np.float32)
        self._hidden_layer = layer
        return self._findings().hidden[: len(self.points)]

    def _findings(self) -> Findings:
        """One look at everything; what was asked for last is looked for the next time, too."""
        depends_on = (self._state.weights, self._data, self.network, self._questions, self._hidden_layer)
        if self._found is None or any(a is not b for a, b in zip(self._found[0], depends_on, strict=True)):
            survey = Survey.of(self._structure, len(self._questions), self._hidden_layer)
            surveyor: Surveyor = self._program(survey, Surveyor)
            questions = features_of(self.network, self._questions, self.scaling)
            found = surveyor.look(self._state.weights, self._data, questions, self.network.l1, self.network.l2)
            self._found = depends_on, found
        return self._found[1]
