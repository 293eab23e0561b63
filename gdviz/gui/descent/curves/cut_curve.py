"""What the cut through a surface shows: the curve, and what of the race lies on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gdviz.descent.races import Race
from gdviz.descent.slices import Slice, cut
from gdviz.descent.surface import FloatArray, Surface

DIRECTIONS = {
    "w0": "along w0",
    "w1": "along w1",
    "gradient": "against gradient",
    "step": "along next step",
    "minimum": "to next minimum",
}
CURVE_SAMPLES = 513
VISITED = 40
"""So many of the points that a racer has visited are drawn, the last ones."""

WORTH_SEEING = 0.3
"""The plot reaches down to the lowest minimum where the curve still takes up this share of its height."""

ON_THE_LINE = 1e-3
"""What is nearer to the line than this share of the surface's diagonal cannot be told from it by eye."""


@dataclass(frozen=True, slots=True, eq=False)
class CutLine:
    """Where a surface is cut.

    Attributes:
        line: the slice.
        direction: of ``DIRECTIONS``; the one that was taken.
        offset: the axis shows offset + t, so that along w0 it shows w0 itself.
        note: why it is not the direction that was asked for; "" where it is.
    """

    line: Slice
    direction: str
    offset: float
    note: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the surface has no more to it than this line."""
        return self.line.surface.dimensions == 1

    def x_of(self, w: ArrayLike) -> FloatArray:
        """The place on the axis of points, shape (..., 2) to (...)."""
        return self.offset + self.line.position(w)

    def w_at(self, x: ArrayLike) -> FloatArray:
        """The point at a place on the axis, shape (...) to (..., 2)."""
        return self.line.points(np.asarray(x) - self.offset)

    def holds(self, w: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether points lie on the line, shape (..., 2) to (...)."""
        if self.is_whole:
            return np.ones(w.shape[:-1], dtype=np.bool_)
        distances = np.linalg.norm(w - self.line.points(self.line.position(w)), axis=-1)
        return np.asarray(distances <= ON_THE_LINE * self.line.surface.bounds.diagonal)


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """A racer on the line: its index, its place on the axis and its loss; those of the points it has visited."""

    index: int
    x: float
    loss: float
    visited: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CutPicture:
    """A cut at one step of a race.

    Attributes:
        race: which.
        step: which.
        selected: index of the racer through whose point it is cut.
        cut: where.
        x, loss: the curve, shape (CURVE_SAMPLES,); NaN where there is no finite loss.
        frame: left, right, lowest and highest that show all there is to see.
        minima: the known ones on the line, shape (n, 2): x and loss.
        balls: of the racers on the line, in their order.
        fan: x and loss of each run of the fan that is on the line, shape (n, 2).
        slope: of the loss by x at the selected racer's ball.
        next: x and loss of its next point; None where it has ended, or the next point is not on the line.
        has_ended: whether the selected racer has no next point.
    """

    race: Race
    step: int
    selected: int
    cut: CutLine
    x: FloatArray
    loss: FloatArray
    frame: tuple[float, float, float, float]
    minima: FloatArray
    balls: tuple[Ball, ...]
    fan: FloatArray
    slope: float
    next: tuple[float, float] | None
    has_ended: bool

    @property
    def ball(self) -> Ball:
        """The selected racer's."""
        return next(ball for ball in self.balls if ball.index == self.selected)


def line_of(surface: Surface, point: FloatArray, after: FloatArray | None, direction: str) -> CutLine:
    """The line through a point in a direction of ``DIRECTIONS``; along w0 where that direction has no length there.

    Args:
        surface: what is cut.
        point: of the selected racer, shape (2,).
        after: its next point; None where it has ended.
        direction: a key of ``DIRECTIONS``.

    Raises:
        ValueError: the point is not finite.
    """
    if surface.dimensions == 1:
        return CutLine(cut(surface, (0.0, point[1]), (1.0, 0.0)), "w0", 0.0)
    if direction in ("w0", "w1"):
        axis = int(direction == "w1")
        return CutLine(cut(surface, point, np.eye(2)[axis]), direction, float(point[axis]))
    along, note = np.zeros(2), ""
    if direction == "gradient":
        along, note = -surface.gradient(point), "the gradient is zero here"
    elif direction == "step":
        note = "there is no next step"
        along = along if after is None else after - point
    elif surface.minima:
        nearest = min(surface.minima, key=lambda minimum: float(np.hypot(*(minimum.w - point))))
        along, note = nearest.w - point, "this is the minimum"
    else:
        note = "no minimum is known"
    try:
        return CutLine(cut(surface, point, along), direction, 0.0)
    except ValueError:
        return CutLine(cut(surface, point, (1.0, 0.0)), "w0", float(point[0]), note)


def cut_picture(
    race: Race,
    step: int,
    selected: int,
    direction: str,
    view: tuple[float, float] | None = None,
    held: CutLine | None = None,
) -> CutPicture | None:
    """The picture of a cut; None where the race has no racer to cut through.

    Args:
        race: with the racers.
        step: which one is shown; a racer that has ended stands at its last.
        selected: index of the racer through whose point it is cut.
        direction: a key of ``DIRECTIONS``.
        view: the part of the axis that is in view; None is all there is to see.
        held: a line to be kept; None takes that of the direction.

    Raises:
        ValueError: the racer's point is not finite.
    """
    if not race.trajectories:
        return None
    selected = min(selected, len(race.trajectories) - 1)
    trajectory = race.trajectories[selected]
    row = min(step, trajectory.steps)
    has_ended = row == trajectory.steps
    point, after = trajectory.positions[row], None if has_ended else trajectory.positions[row + 1]
    with np.errstate(all="ignore"):
        made = held or line_of(race.surface, point, after, direction)
        frame = _frame(made)
        left, right = view or frame[:2]
        spare = 0.1 * (right - left)  # so that a pan does not show the ends of the curve
        x = np.linspace(left - spare, right + spare, CURVE_SAMPLES)
        slope = float(made.line.slope(made.line.position(point)))
        following = None
        if after is not None and made.holds(after):
            following = (float(made.x_of(after)), float(trajectory.losses[row + 1]))
        return CutPicture(
            race=race,
            step=step,
            selected=selected,
            cut=made,
            x=x,
            loss=_finite(made.line.values(x - made.offset)),
            frame=frame,
            minima=_minima(made),
            balls=_balls(made, race, step, selected),
            fan=_fan(made, race, step),
            slope=slope,
            next=following,
            has_ended=has_ended,
        )


def _frame(made: CutLine) -> tuple[float, float, float, float]:
    line, bounds = made.line, made.line.surface.bounds
    first, last = line.limits
    heights = _finite(line.values(np.linspace(first, last, CURVE_SAMPLES)))
    low, high = (0.0, 1.0) if np.isnan(heights).all() else (float(np.nanmin(heights)), float(np.nanmax(heights)))
    lowest = min([low, *(minimum.value for minimum in line.surface.minima)])
    if high - low > WORTH_SEEING * (high - lowest):
        low = lowest  # so that the ball stays in view while it descends
    margin = 0.06 * (high - low) or 1.0
    if made.direction in ("w0", "w1"):
        left, right = first + made.offset, last + made.offset
    else:  # always as wide, or it would jump while the line turns
        left, right = -bounds.diagonal / 2, bounds.diagonal / 2
    return left, right, low - 2 * margin, high + margin  # room for the ball above the axis


def _minima(made: CutLine) -> FloatArray:
    known = made.line.surface.minima
    w = np.array([minimum.w for minimum in known]).reshape(-1, 2)
    points = np.column_stack([made.x_of(w), np.array([minimum.value for minimum in known])])
    return np.asarray(points[made.holds(w)])


def _balls(made: CutLine, race: Race, step: int, selected: int) -> tuple[Ball, ...]:
    balls = []
    for index, trajectory in enumerate(race.trajectories):
        row = min(step, trajectory.steps)
        rows = slice(max(0, row + 1 - VISITED), row + 1)
        w = trajectory.positions[rows]
        holds = made.holds(w)
        if index != selected and not holds[-1]:
            continue
        points = np.column_stack([made.x_of(w), trajectory.losses[rows]])
        balls.append(Ball(index, float(points[-1, 0]), float(points[-1, 1]), points[:-1][holds[:-1]]))
    return tuple(balls)


def _fan(made: CutLine, race: Race, step: int) -> FloatArray:
    rows = [min(step, trajectory.steps) for trajectory in race.fan]
    runs = list(zip(race.fan, rows, strict=True))
    w = np.array([trajectory.positions[row] for trajectory, row in runs]).reshape(-1, 2)
    points = np.column_stack([made.x_of(w), np.array([trajectory.losses[row] for trajectory, row in runs])])
    return np.asarray(points[made.holds(w)])


def _finite(loss: FloatArray) -> FloatArray:
    return np.where(np.isfinite(loss), loss, np.nan)
