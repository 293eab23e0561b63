"""Which minimum each of many points has reached: the known ones, and those that are found on the way."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.descent.crowds import Ends
from gdviz.descent.second_order import newton_direction
from gdviz.descent.surface import FloatArray, Minimum, Surface

RUNNING = -1
DIVERGED = -2
STUCK = -3

# Eigenvalues of a Hessian that count as zero beside the largest; and losses as equal.
_FLAT = 1e-4
_SAME_LOSS = 1e-6
_MOST_MINIMA = 500
_NEWTON_STEPS = 8
_SAME_PLACE = 1e-6


class Minima:
    """The minima of a surface as far as they are known, and the finding of more.

    A minimum is a point, or, where the surface is flat in one direction, a line or a ring of points with one loss.
    """

    def __init__(self, surface: Surface, reach: float, known: list[Minimum]) -> None:
        self.surface = surface
        self.reach = reach
        self.known = known

    @np.errstate(all="ignore")
    def reached(self, ends: Ends) -> tuple[NDArray[np.int16], FloatArray]:
        """Where each point ended: the number of a minimum or a code, shape (n,), and the place, shape (n, 2)."""
        codes = np.where(ends.diverged, DIVERGED, RUNNING).astype(np.int16)
        targets = ends.positions.copy()
        self._assign(codes, targets, ends.positions, range(len(self.known)))
        unexplained = np.flatnonzero(ends.converged & (codes == RUNNING))
        is_minimum, is_flat = self._curvatures(ends.positions[unexplained])
        codes[unexplained[~is_minimum]] = STUCK
        losses = self.surface.value(ends.positions)
        flat = unexplained[is_minimum & is_flat]
        for index in flat:
            if codes[index] == RUNNING and len(self.known) < _MOST_MINIMA:
                same = self._of_loss(float(losses[index]))
                number = self._found(ends.positions[index], float(losses[index])) if same is None else same
                codes[flat[self._alike(losses[flat], self.known[number].value)]] = number
        ended = unexplained[is_minimum & ~is_flat]
        running = np.flatnonzero(~ends.converged & (codes == RUNNING))
        bottoms, _ = self._bottoms(ends.positions[ended])
        self._explain(codes, targets, ends.positions, ended, bottoms)
        bottoms, found = self._bottoms(ends.positions[running])
        self._explain(codes, targets, ends.positions, running[found], bottoms[found])
        return codes, targets

    def _explain(
        self,
        codes: NDArray[np.int16],
        targets: FloatArray,
        positions: FloatArray,
        which: NDArray[np.intp],
        bottoms: FloatArray,
    ) -> None:
        """Take the bottoms of the bowls that some points ended in for minima."""
        for index, bottom in zip(which, bottoms, strict=True):
            if codes[index] == RUNNING and len(self.known) < _MOST_MINIMA:
                number = self._found(bottom, float(self.surface.value(bottom)))
                # Those still on their way to it count as well.
                self._assign(codes, targets, positions, [number])

    def _squared_distances(self, points: FloatArray, targets: FloatArray) -> FloatArray:
        squares = points - targets
        squares *= squares
        return np.asarray(squares[:, 0] if self.surface.dimensions == 1 else squares[:, 0] + squares[:, 1])

    def _assign(
        self, codes: NDArray[np.int16], targets: FloatArray, positions: FloatArray, numbers: Iterable[int]
    ) -> None:
        """Give those that are running or have converged the nearest of these minima, where it is near."""
        nearest = np.full(len(codes), np.inf)
        free = codes == RUNNING
        for number in numbers:
            place = np.array(self.known[number].w)
            distances = self._squared_distances(positions, place)
            nearer = free & (distances < nearest) & (distances <= self.reach**2)
            nearest[nearer], codes[nearer], targets[nearer] = distances[nearer], number, place

    def _curvatures(self, points: FloatArray) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether points with hardly any gradient are at minima, and whether these are flat in one direction."""
        hessians, gradients = self.surface.hessian(points), self.surface.gradient(points)
        known = np.isfinite(hessians).all(axis=(1, 2))
        decomposed = np.linalg.eigh(np.where(np.reshape(known, (-1, 1, 1)), hessians, 0.0))
        values: FloatArray = decomposed.eigenvalues
        vectors: FloatArray = decomposed.eigenvectors
        along = np.einsum("nij,ni->nj", vectors, gradients)
        # On a plain the gradient is small as well, but the parabola's minimum is far away.
        ahead = np.where(along == 0, 0.0, np.abs(along / values)).max(axis=1)
        lower, upper = values.T
        return known & (upper > 0) & (lower > -_FLAT * upper) & (ahead <= self.reach), lower <= _FLAT * upper

    def _bottoms(self, points: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """The bottoms of bowls that points are in, by Newton's method, and whether they are near and really bottoms.

        Where one is not, the point itself stands for it.
        """
        places = points
        for _ in range(_NEWTON_STEPS):
            hessians = self.surface.hessian(places)
            ahead = newton_direction(hessians, self.surface.gradient(places), 0.0)
            places = places + ahead
        first, coupling, second = hessians[:, 0, 0], hessians[:, 0, 1], hessians[:, 1, 1]
        bowl = (first > 0) & (first * second - coupling**2 > _FLAT * (first + second) ** 2)
        still = (ahead * ahead).sum(axis=1) <= (_SAME_PLACE * self.reach) ** 2
        found = np.asarray(bowl & still & (self._squared_distances(places, points) <= self.reach**2))
        return np.where(found[:, np.newaxis], places, points), found

    def _of_loss(self, loss: float) -> int | None:
        return next((number for number, known in enumerate(self.known) if self._alike(loss, known.value)), None)

    def _alike(self, losses: ArrayLike, loss: float) -> NDArray[np.bool_]:
        return np.asarray(np.abs(np.asarray(losses) - loss) <= _SAME_LOSS * (1 + abs(loss)))

    def _found(self, place: FloatArray, loss: float) -> int:
        self.known.append(Minimum((float(place[0]), float(place[1])), loss, is_global=False))
        return len(self.known) - 1
