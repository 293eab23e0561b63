"""Surfaces made of data: each sample pulls at the parameters, and its gradient can be asked for alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface

Indices = NDArray[np.intp]
_Loss = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class SampleLoss:
    """The loss of one sample as a function of the model's output z and the target, with its derivatives by z."""

    value: _Loss
    first: _Loss
    second: _Loss


def _sigmoid(z: FloatArray) -> FloatArray:
    # tanh saturates where exp would overflow.
    return 0.5 * (1 + np.tanh(0.5 * z))


SQUARED_ERROR = SampleLoss(
    value=lambda z, target: (z - target) ** 2,
    first=lambda z, target: 2 * (z - target),
    second=lambda z, target: np.full_like(z, 2.0),
)
# -t log σ(z) - (1-t) log(1-σ(z)), written so that neither logarithm can become infinite.
CROSS_ENTROPY = SampleLoss(
    value=lambda z, target: np.logaddexp(0.0, z) - target * z,
    first=lambda z, target: _sigmoid(z) - target,
    second=lambda z, target: _sigmoid(z) * _sigmoid(-z),
)


@dataclass(frozen=True, eq=False)
class DataLoss:
    """The mean loss of a model with output z = w0·f0 + w1·f1 over samples (f0, f1, target).

    Attributes:
        key, title, formula, bounds, start, learning_rate, logarithmic: as in Surface.
        loss: of one sample.
        features: f0 and f1 of every sample, shape (n, 2), n at least 1.
        targets: what the model should say, shape (n,).
        is_line: whether the model is a line: features are 1 and t, and a sample is drawn at (t, target).
    """

    key: str
    title: str
    formula: str
    bounds: Bounds
    start: tuple[float, float]
    learning_rate: float
    loss: SampleLoss
    features: FloatArray
    targets: FloatArray
    logarithmic: bool = False
    is_line: bool = False

    def __post_init__(self) -> None:
        """Check the shapes; ValueError says what does not fit."""
        if self.features.ndim != 2 or self.features.shape[1] != 2 or len(self.features) == 0:
            raise ValueError(f"features have shape {self.features.shape}; allowed is (n, 2) with at least one sample")
        if self.targets.shape != self.features.shape[:1]:
            raise ValueError(
                f"{len(self.features)} samples but {self.targets.size} targets; there must be one a sample"
            )
        if not (np.isfinite(self.features).all() and np.isfinite(self.targets).all()):
            raise ValueError("a sample is not finite; every feature and target must be a number")

    @cached_property
    def surface(self) -> Surface:
        """The loss of all samples; its minimum is the least-squares line or the maximum-likelihood perceptron."""
        return Surface(
            key=self.key,
            title=self.title,
            formula=self.formula,
            bounds=self.bounds,
            value=self._value,
            gradient=self._gradient,
            hessian=self._hessian,
            minima=self._minima(),
            start=self.start,
            learning_rate=self.learning_rate,
            logarithmic=self.logarithmic,
            tags=("data", "convex"),
        )

    @property
    def points(self) -> FloatArray:
        """Where each sample is drawn, shape (n, 2): (t, target) of a line, (f0, f1) of a perceptron."""
        return np.stack([self.features[:, 1], self.targets], axis=-1) if self.is_line else self.features.copy()

    def with_point_moved(self, index: int, x: float, y: float) -> DataLoss:
        """The same loss with one sample drawn elsewhere; a perceptron's sample keeps its label.

        Raises:
            ValueError: there is no such sample, or x or y is not finite.
        """
        if not 0 <= index < len(self.targets):
            raise ValueError(f"there is no sample {index}; there are 0 to {len(self.targets) - 1}")
        features, targets = self.features.copy(), self.targets.copy()
        if self.is_line:
            features[index, 1], targets[index] = x, y
        else:
            features[index] = x, y
        return replace(self, features=features, targets=targets)

    @np.errstate(all="ignore")
    def sample_gradients(self, w: FloatArray) -> FloatArray:
        """Gradient of each sample's own loss; their mean is the gradient of the surface.

        Args:
            w: points, shape (..., 2).

        Returns:
            shape (..., n, 2).
        """
        return self.loss.first(self._output(w), self.targets)[..., np.newaxis] * self.features

    def batch(self, indices: Indices) -> DataLoss:
        """The loss of some of the samples, a mini-batch: indices of shape (m,), m at least 1."""
        return replace(self, features=self.features[indices], targets=self.targets[indices])

    def gradient_of(self, indices: Indices) -> Callable[[FloatArray], FloatArray]:
        """The gradient of a mini-batch, as a function of points of shape (..., 2)."""
        return self.batch(indices)._gradient

    def mini_batches(self, batch_size: int, seed: int) -> MiniBatches:
        """A gradient source for ``trajectory.race``: every epoch shuffles the samples and deals them into batches.

        Args:
            batch_size: samples a step, at least 1; the last batch of an epoch may be smaller.
            seed: decides every shuffle.

        Raises:
            ValueError: the batch size is not allowed.
        """
        return MiniBatches(self, batch_size, seed)

    def _output(self, w: FloatArray) -> FloatArray:
        # Written out rather than as a matrix product: BLAS rounds differently for one point than for many.
        points = np.asarray(w, dtype=np.float64)
        return points[..., 0, np.newaxis] * self.features[:, 0] + points[..., 1, np.newaxis] * self.features[:, 1]

    @np.errstate(all="ignore")
    def _value(self, w: FloatArray) -> FloatArray:
        return np.asarray(self.loss.value(self._output(w), self.targets).mean(axis=-1))

    @np.errstate(all="ignore")
    def _gradient(self, w: FloatArray) -> FloatArray:
        pull = self.loss.first(self._output(w), self.targets)
        slopes = np.empty((*pull.shape[:-1], 2))
        slopes[..., 0] = (pull * self.features[:, 0]).mean(axis=-1)
        slopes[..., 1] = (pull * self.features[:, 1]).mean(axis=-1)
        return slopes

    @np.errstate(all="ignore")
    def _hessian(self, w: FloatArray) -> FloatArray:
        bend = self.loss.second(self._output(w), self.targets)
        products = self.features[:, :, np.newaxis] * self.features[:, np.newaxis, :]
        mean: FloatArray = (bend[..., np.newaxis, np.newaxis] * products).mean(axis=-3)
        return mean

    def _minima(self) -> tuple[Minimum, ...]:
        """The minimum by Newton's method: one step is the least-squares line; none where the data allow none.

        Separable data have no finite best perceptron, samples all alike no unique line.
        """
        w = np.zeros(2)
        for _ in range(50):
            hessian = self._hessian(w)
            if np.linalg.cond(hessian) > 1e12:
                return ()
            step = np.linalg.solve(hessian, self._gradient(w))
            w = w - step
            if np.abs(step).max() <= 1e-15 * (1 + np.abs(w).max()):
                break
        if not np.abs(self._gradient(w)).max() < 1e-9:
            return ()
        return (Minimum((float(w[0]), float(w[1])), float(self._value(w))),)


class MiniBatches:
    """A gradient source: each step asks some of the samples alone.

    A step's batch depends on the seed and the step's number alone, so all racers see the same ones, however many they
    are, and a trajectory can be extended and forked.

    Attributes:
        data: the loss of all samples.
        batch_size: samples a step; the last batch of an epoch may be smaller.
        seed: decides every shuffle.
    """

    def __init__(self, data: DataLoss, batch_size: int, seed: int) -> None:
        """Be ready to deal; ValueError where the batch size is not allowed."""
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}; allowed is a whole number at least 1")
        self.data, self.batch_size, self.seed = data, batch_size, seed
        self._samples = len(data.targets)
        self._batches = -(-self._samples // batch_size)
        # Of two epochs, as extending a trajectory asks for the row before once more.
        self._epoch = lru_cache(maxsize=2)(self._deal)

    def __call__(self, w: FloatArray, step: int) -> FloatArray:
        """The gradient of a step's batch, w of shape (..., 2) to (..., 2); steps count from 0."""
        return self._epoch(step // self._batches)[step % self._batches][1](w)

    def batch_at(self, step: int) -> Indices:
        """The samples of a step's batch, in ascending order."""
        return self._epoch(step // self._batches)[step % self._batches][0]

    def cost(self, steps: ArrayLike) -> NDArray[np.int64]:
        """How many samples have been touched after so many steps, shape (...) to (...)."""
        epochs, left = np.divmod(np.asarray(steps, dtype=np.int64), self._batches)
        return np.asarray(epochs * self._samples + left * self.batch_size)

    def _deal(self, epoch: int) -> list[tuple[Indices, Callable[[FloatArray], FloatArray]]]:
        order = np.random.default_rng((self.seed, epoch)).permutation(self._samples)
        firsts = range(0, self._samples, self.batch_size)
        # Sorted, so that a batch of all samples gives, to the last bit, the gradient of the surface.
        batches = [np.sort(order[first : first + self.batch_size]) for first in firsts]
        return [(batch, self.data.gradient_of(batch)) for batch in batches]


def line_mse(hours: ArrayLike, grades: ArrayLike) -> DataLoss:
    """A line w0 + w1·t through grades, judged by its mean squared error.

    Args:
        hours: t, shape (n,).
        grades: shape (n,).

    Raises:
        ValueError: there are no samples, or not one grade an hour.
    """
    t = np.array(hours, dtype=np.float64)
    return DataLoss(
        key="line_mse",
        title="Line through data (mean squared error)",
        formula="mean of (x + y*t - grade)^2 over the samples (t, grade)",
        bounds=Bounds((-1.0, 6.0), (-0.6, 1.6)),
        start=(0.0, -0.3),
        learning_rate=0.03,
        loss=SQUARED_ERROR,
        features=np.stack([np.ones_like(t), t], axis=-1),
        targets=np.array(grades, dtype=np.float64),
        logarithmic=True,
        is_line=True,
    )


def perceptron_bce(inputs: ArrayLike, labels: ArrayLike) -> DataLoss:
    """A perceptron σ(w0·x1 + w1·x2) without bias that tells green from red, judged by its binary cross-entropy.

    Args:
        inputs: x1 and x2, shape (n, 2).
        labels: 0 (red) or 1 (green), shape (n,).

    Raises:
        ValueError: there are no samples, or not one label an input.
    """
    return DataLoss(
        key="perceptron_bce",
        title="Perceptron without bias (binary cross-entropy)",
        formula="mean of log(1 + exp(z)) - label*z with z = x*x1 + y*x2 over the samples (x1, x2, label)",
        bounds=Bounds.square(4.0),
        start=(-3.0, 2.5),
        learning_rate=0.5,
        loss=CROSS_ENTROPY,
        features=np.array(inputs, dtype=np.float64),
        targets=np.array(labels, dtype=np.float64),
    )


HOURS_AND_GRADES = line_mse(
    hours=[0.5, 1.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0],
    grades=[2.5, 3.2, 2.4, 3.0, 3.9, 3.5, 4.4, 4.0, 4.9, 4.5, 5.4, 5.7],
)
# The third and the last of each colour lie on the other's side: without them the loss would fall for ever.
RED_AND_GREEN = perceptron_bce(
    inputs=[
        *[(-2.0, -0.5), (-1.2, -1.6), (0.9, 0.4), (-0.6, -0.9), (-1.8, 0.3), (-0.3, -1.9), (-1.0, -0.2), (0.3, 0.8)],
        *[(1.9, 0.7), (1.1, 1.5), (-0.8, -0.5), (0.5, 1.1), (1.6, -0.4), (0.2, 1.7), (1.2, 0.3), (-0.4, -0.6)],
    ],
    labels=[0] * 8 + [1] * 8,
)
