"""The picture of the output, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QPen

from gdviz.gui.network.boundary_item import BoundaryItem

RAMP = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1)
"""Greys, so that the colour of a pixel is the number of its shade."""


@pytest.fixture
def shades(qtbot):
    """Shows outputs, and tells the shades of the picture, the lowest row first; -1 where nothing is drawn."""
    item = BoundaryItem()
    item.set_colors(RAMP, QPen())

    def shown(outputs):
        item.show_boundary(np.array(outputs, np.float32), (0.0, 1.0, 0.0, 1.0))
        image = item._image
        pixels = [[image.pixelColor(x, y) for x in range(image.width())] for y in reversed(range(image.height()))]
        return [[color.red() if color.alpha() else -1 for color in row] for row in pixels]

    return shown


def test_each_output_has_its_shade_whatever_was_shown_before(shades):
    assert shades([[0.0, 0.5], [0.25, 1.0]]) == [[0, 127], [63, 255]]
    assert shades([[np.nan, 2.0], [-1.0, 1.0]]) == [[-1, 255], [0, 255]]
    assert shades([[0.5, np.inf], [0.0, 0.75]]) == [[127, 255], [0, 191]]
    assert shades([[0.0, 0.25, 0.5]] * 2) == [[0, 63, 127]] * 2
