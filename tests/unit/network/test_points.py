"""Points are immutable and checked."""

import numpy as np
import pytest

from gdviz.network.points import GREEN, RED, Points, labels_of

THREE = Points.of([(0, 0), (1, 0), (4, 4)], [RED, GREEN, GREEN])


def test_painting_adds_at_the_end() -> None:
    more = THREE.added([(2, 2), (3, 3)], RED)
    assert more.xy.tolist() == [[0, 0], [1, 0], [4, 4], [2, 2], [3, 3]]
    assert more.labels.tolist() == [RED, GREEN, GREEN, RED, RED]
    assert len(THREE) == 3


def test_erasing_takes_what_is_near() -> None:
    assert THREE.erased((0.5, 0), 0.5).xy.tolist() == [[4, 4]]
    assert THREE.erased((9, 9), 1) is THREE


def test_moving_keeps_order_and_label() -> None:
    moved = THREE.moved(1, (7, 8))
    assert moved.xy.tolist() == [[0, 0], [7, 8], [4, 4]]
    assert moved.labels.tolist() == THREE.labels.tolist()
    with pytest.raises(IndexError):
        THREE.moved(3, (0, 0))


def test_points_are_compared_by_value_and_cannot_be_changed() -> None:
    assert Points.of(THREE.xy, THREE.labels) == THREE
    assert THREE.moved(0, (0, 1)) != THREE
    assert THREE != "points"
    with pytest.raises(ValueError, match="read-only"):
        THREE.xy[0, 0] = 5
    with pytest.raises(TypeError):
        hash(THREE)


def test_what_was_given_is_copied() -> None:
    xy = np.zeros((1, 2))
    points = Points.of(xy, [RED])
    xy[0, 0] = 5
    assert points.xy[0, 0] == 0


@pytest.mark.parametrize(
    ("xy", "labels", "words"),
    [
        ([(0, 0)], [], "1 points but 0 labels"),
        ([(0, float("nan"))], [0], "not finite"),
        ([(0, float("inf"))], [0], "not finite"),
        ([(0, 0)], [2], "neither"),
        ([(0, 0)], [0.5], "neither"),
        ([(0, 0)], [float("nan")], "neither"),
        ([(0, 0, 0)], [0], "shape"),
        ([0, 0], [0], "shape"),
    ],
)
def test_what_does_not_fit_is_refused(xy: object, labels: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Points.of(xy, labels)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (Points(), "There are no points"),
        (Points.of([(0, 0)], [RED]), "All points are red: some green"),
        (Points.of([(0, 0)], [GREEN]), "All points are green: some red"),
        (THREE, ""),
    ],
)
def test_what_training_lacks_is_said(points: Points, words: str) -> None:
    assert points.lack.startswith(words)
    assert bool(words) == bool(points.lack)


def test_values_are_more_than_labels() -> None:
    assert not THREE.has_values
    assert Points.of(THREE.xy, THREE.labels, [0.0, 1.0, 0.5]).has_values


def test_green_is_above_the_middle_however_large_the_range() -> None:
    assert labels_of(np.array([1.0, 3.4, 3.6]), (1.0, 6.0)).tolist() == [RED, RED, GREEN]
    assert labels_of(np.array([-1e308, 1e307]), (-1.7e308, 1.7e308)).tolist() == [RED, GREEN]
