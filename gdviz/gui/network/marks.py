"""Points and questions together, as *marks*: the points in their order, then the questions. Pure functions, no Qt.

Which of them are *chosen* is a mask of shape (n + q,). All functions give a new ``Painted``; the same object where
nothing changes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.state import NetworkState, Painted, Position
from gdviz.network.points import Points

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]


def places_of(painted: Painted | NetworkState) -> FloatArray:
    """x1 and x2 of all marks, shape (n + q, 2)."""
    return np.concatenate([painted.points.xy, np.array(painted.questions, np.float64).reshape(-1, 2)])


def none_of(painted: Painted | NetworkState) -> Mask:
    """No mark chosen."""
    return np.zeros(len(painted.points) + len(painted.questions), np.bool_)


def without(painted: Painted, chosen: Mask) -> Painted:
    """The chosen marks removed."""
    if not chosen.any():
        return painted
    count = len(painted.points)
    return replace(
        painted, points=painted.points.kept(~chosen[:count]), questions=_some(painted.questions, ~chosen[count:])
    )


def placed(painted: Painted, chosen: Mask, places: FloatArray) -> Painted:
    """The chosen marks, k of them, at other places, shape (k, 2)."""
    if not chosen.any():
        return painted
    count = len(painted.points)
    moved = int(chosen[:count].sum())
    points = painted.points.moved(chosen[:count], places[:moved]) if moved else painted.points
    asked = np.array(painted.questions, np.float64).reshape(-1, 2)
    asked[chosen[count:]] = places[moved:]
    return replace(painted, points=points, questions=as_questions(asked))


def as_questions(places: FloatArray) -> tuple[Position, ...]:
    """Places, shape (q, 2), as a state keeps them."""
    return tuple((float(x1), float(x2)) for x1, x2 in places)


def relabelled(painted: Painted, chosen: Mask, label: int, value: float) -> tuple[Painted, Mask]:
    """The chosen points with another label and value, the chosen questions made such points; and which they are now."""
    count = len(painted.points)
    points, asked = painted.points, chosen[count:]
    if chosen[:count].any():
        points = points.relabelled(chosen[:count], label, value)
    if asked.any():
        points = points.added(_some(painted.questions, asked), label, value)
    questions = _some(painted.questions, ~asked)
    now = _mask(chosen[:count], len(points) - count, np.zeros(len(questions), np.bool_), 0)
    return replace(painted, points=points, questions=questions), now


def asked_about(painted: Painted, chosen: Mask) -> tuple[Painted, Mask]:
    """The chosen points made questions; and which marks the chosen ones are now."""
    count = len(painted.points)
    new = as_questions(painted.points.xy[chosen[:count]])
    points = painted.points.kept(~chosen[:count])
    now = _mask(np.zeros(len(points), np.bool_), 0, chosen[count:], len(new))
    return replace(painted, points=points, questions=(*painted.questions, *new)), now


def with_copies(painted: Painted, chosen: Mask, places: FloatArray) -> tuple[Painted, Mask]:
    """Copies of the chosen marks, k of them, at these places, shape (k, 2); and which marks are the copies."""
    points = painted.points.kept(chosen[: len(painted.points)])
    copies = points.moved(np.ones(len(points), np.bool_), places[: len(points)])
    return with_new(painted, copies, as_questions(places[len(points) :]))


def with_new(painted: Painted, points: Points, questions: tuple[Position, ...]) -> tuple[Painted, Mask]:
    """These points and questions added; and which marks they are."""
    before = none_of(painted)
    count = len(painted.points)
    added = painted.points.added(points.xy, points.labels, points.values) if len(points) else painted.points
    now = replace(painted, points=added, questions=(*painted.questions, *questions))
    return now, _mask(before[:count], len(points), before[count:], len(questions))


def followed(before: NetworkState, now: NetworkState, chosen: Mask) -> Mask:
    """The same marks chosen after a change: points by their ids, questions by their order or else by their places."""
    count = len(before.points)
    points = chosen[:count]
    if not np.array_equal(before.points.ids, now.points.ids):
        points = np.isin(now.points.ids, before.points.ids[points])
    questions = chosen[count:]
    if len(before.questions) != len(now.questions):
        places = set(_some(before.questions, questions))
        questions = np.array([place in places for place in now.questions], np.bool_)
    return np.concatenate([points, questions])


def _some(questions: tuple[Position, ...], which: Mask) -> tuple[Position, ...]:
    return tuple(place for place, is_one in zip(questions, which.tolist(), strict=True) if is_one)


def _mask(points: Mask, new_points: int, questions: Mask, new_questions: int) -> Mask:
    """A choice among the marks there are, and all of the new ones."""
    return np.concatenate([points, np.ones(new_points, np.bool_), questions, np.ones(new_questions, np.bool_)])
