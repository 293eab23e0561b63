"""A student reads a surface: in other colours and levels, with its minima and saddle points, and by pointing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.e2e.pictures import colors, patch, pixels
from tests.windows import pixel_of

# The ends of Matplotlib's maps, lowest and highest.
ENDS = {
    "viridis": ((68, 1, 84), (253, 231, 37)),
    "inferno": ((0, 0, 4), (252, 255, 164)),
    "cividis": ((0, 34, 78), (254, 232, 56)),
    "CET-L1": ((0, 0, 0), (255, 255, 255)),
}
# Where Himmelblau's function is flat, from the literature: all but its one maximum.
MINIMA = ((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126))
SADDLES = ((0.086678, 2.884255), (3.385154, 0.073852), (-3.073026, -0.081353), (-0.127961, -1.953715))


@pytest.fixture
def contours(hands):
    """The contours of x² + y², without marks."""
    hands.choose("descent.surface_choice", "bowl")
    hands.click("descent.marks")
    hands.computed()
    hands.drawn()
    return hands.find("descent.contours")


def shade(plot, w0: float, w1: float) -> float:
    """How bright it is at a place, from 0 to 1, whatever lines cross there."""
    return float(np.median(patch(plot, w0, w1))) / 255


def colored(widget) -> float:
    """The share of pixels that are not grey."""
    seen = colors(pixels(widget))
    return float(np.mean(np.ptp(seen, axis=-1) > 24))


def test_other_colours(hands, contours, qtbot):
    surface = hands.find("descent.surface")
    before = colored(surface)
    for key, (lowest, highest) in ENDS.items():
        hands.pick(f"view.surface_map.{key}")
        low, high = (np.median(patch(contours, w, w), axis=0) for w in (0.0, 1.99))
        assert low == pytest.approx(lowest, abs=16), key
        assert high == pytest.approx(highest, abs=32), key
    assert colored(surface) < 0.1 * before  # the last one is grey, in three dimensions too: only the balls are not
    hands.pick("view.surface_map.theme")
    assert colored(surface) == pytest.approx(before, abs=0.01)


def test_linear_and_logarithmic_levels(hands, contours, qtbot):
    hands.pick("view.surface_map.CET-L1")
    along = [(w, 0.6 * w) for w in (0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.7, 1.9)]
    assert hands.find("descent.levels").currentData() == "linear"
    linear = [shade(contours, *w) for w in along]
    assert linear == sorted(linear)

    # Logarithmic: still the higher the brighter, but low places are told apart that were all but black.
    hands.press(Qt.Key.Key_L)
    assert hands.find("descent.levels").currentData() == "logarithmic"
    qtbot.waitUntil(lambda: shade(contours, *along[1]) > linear[1] + 0.3)
    logarithmic = [shade(contours, *w) for w in along]
    assert logarithmic == sorted(logarithmic)
    assert linear[2] - linear[0] < 0.1 < logarithmic[2] - logarithmic[0]

    hands.press(Qt.Key.Key_L)
    qtbot.waitUntil(lambda: [shade(contours, *w) for w in along] == pytest.approx(linear, abs=0.02))


def test_minima_and_saddle_points_on_demand(hands, contours, qtbot):
    hands.choose("descent.surface_choice", "himmelblau")
    hands.computed()
    hands.drawn()
    known = (*MINIMA, *SADDLES)

    def marked() -> set[int]:
        """Which of them a key marks; nothing else may change."""
        pixel = [contours.viewport().mapTo(contours, pixel_of(contours, *w)) for w in known]
        places = np.array([(place.x(), place.y()) for place in pixel])
        without = pixels(contours)
        hands.press(Qt.Key.Key_M)
        rows, columns = np.nonzero(pixels(contours) != without)
        hands.press(Qt.Key.Key_M)
        away = np.hypot(columns[:, None] - places[:, 0], rows[:, None] - places[:, 1])
        assert (away.min(axis=1) < 12).all()
        return set(away.argmin(axis=1).tolist())

    qtbot.waitUntil(lambda: len(marked()) == len(known))
    assert not hands.find("descent.marks").isChecked()


def test_pointing_tells_place_loss_and_gradient(hands, contours, qtbot):
    for w in ((0.5, -0.75), (-1.2, 0.1), (1.9, 1.9)):

        def is_told(w=w) -> bool:
            hands.move(contours.viewport(), pixel_of(contours, *w))
            return hands.numbers("descent.readout")[:2] == pytest.approx(w, abs=0.02)

        qtbot.waitUntil(is_told)
        x, y, loss, g0, g1 = hands.numbers("descent.readout")
        assert (loss, g0, g1) == pytest.approx((x * x + y * y, 2 * x, 2 * y), abs=1e-3)

    # In three dimensions too: seen from above, what is right of the middle is right of it on the surface, and so on.
    surface = hands.find("descent.surface")
    hands.pick("descent.camera.above")
    for aside in (QPoint(60, -20), QPoint(-60, 40)):

        def is_told_there(aside=aside) -> bool:
            hands.move(surface, surface.rect().center() + aside)
            told = hands.numbers("descent.surface_readout")
            return len(told) == 5 and told[0] * aside.x() > 0 > told[1] * aside.y()

        qtbot.waitUntil(is_told_there)
        x, y, loss, g0, g1 = hands.numbers("descent.surface_readout")
        assert (loss, g0, g1) == pytest.approx((x * x + y * y, 2 * x, 2 * y), abs=1e-3)
