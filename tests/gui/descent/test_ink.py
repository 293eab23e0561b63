"""Trajectories that would cover the view are drawn so that it is seen through them."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gdviz.gui.widgets.ink import FAINTEST, strength
from gdviz.gui.widgets.polylines import Polyline, Polylines

SIZE = (400.0, 300.0)
TO_AND_FRO = np.random.default_rng(0).uniform((0, 0), SIZE, (1000, 2))
SPIRAL = np.array([(200 + r * np.cos(r / 5), 150 + r * np.sin(r / 5)) for r in np.linspace(120, 0, 300)])
ON_ITSELF = np.tile([(20.0, 20.0), (300.0, 200.0)], (500, 1))


@pytest.mark.parametrize(
    "points", [SPIRAL, SPIRAL[:1], SPIRAL[:0], ON_ITSELF, TO_AND_FRO + 1000.0, TO_AND_FRO * np.nan]
)
def test_what_covers_little_of_the_view_is_drawn_as_it_is(points):
    assert strength(points, SIZE, 3.0) == 1.0


def test_the_more_a_line_covers_the_fainter_it_is():
    some, all_of_it = (strength(TO_AND_FRO[:steps], SIZE, 3.0) for steps in (40, 1000))
    assert FAINTEST == all_of_it < some < 1.0


def test_the_view_is_seen_through_old_steps_and_the_last_ones_are_clear(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.setRange(xRange=(0, SIZE[0]), yRange=(0, SIZE[1]), padding=0)
    plot.show()
    lines = Polylines(fading=True)
    plot.addItem(lines)

    def pixels():
        made = plot.grab().toImage().convertToFormat(pg.QtGui.QImage.Format.Format_RGB32)
        return np.array(made.constBits()).reshape(made.height(), made.width(), 4)[..., 2]

    before = pixels()  # axes and all
    lines.set_lines([Polyline(TO_AND_FRO, QColor("red"), 3.0)], [20])
    lines.set_rows([900])
    red = pixels()[before == 0]
    assert 0.01 < (red == 255).mean() < 0.2  # the last steps
    assert ((red > 0) & (red <= 255 * FAINTEST + 1)).mean() > 0.4  # however often it crosses itself


def test_the_last_line_is_taken_away(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    with qtbot.waitExposed(plot):
        plot.show()
    painted = []

    class Watched(Polylines):
        def paint(self, *rest):
            painted.append(len(self._lines))
            super().paint(*rest)

    lines = Watched()
    plot.addItem(lines)
    lines.set_lines([Polyline(SPIRAL, QColor("red"), 2.0)])
    qtbot.waitUntil(lambda: painted[-1:] == [1])
    QApplication.processEvents()
    lines.set_lines([])
    qtbot.waitUntil(lambda: painted[-1:] == [0])


def test_a_line_grows_in_a_plot_that_is_left_no_room(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(60, 5)
    plot.show()
    lines = Polylines(fading=True)
    plot.addItem(lines)
    plot.setRange(xRange=(0, SIZE[0]), yRange=(0, SIZE[1]), padding=0)
    assert plot.getViewBox().height() <= 0
    lines.set_lines([Polyline(SPIRAL, QColor("red"), 2.0)], [1])
    lines.set_rows([5])
    plot.resize(400, 300)
    lines.set_rows([6])
    qtbot.waitUntil(lambda: any(color.red() > 200 for color in _colors(plot.grab().toImage())))


def _colors(image):
    return (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
