"""A finger paints, a pen sizes the brush and erases; by events such as a screen and a tablet send."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdviz.gui.network.painting import SIZES

NONE, LEFT, RIGHT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture(scope="session")
def screen(qapp):
    return QTest.createTouchDevice()


@pytest.fixture(scope="session")
def pen(qapp):
    """A pen with an eraser, as a tablet with pressure reports them."""

    def device(kind):
        return QPointingDevice(
            "pen",
            1,
            QInputDevice.DeviceType.Stylus,
            kind,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
            1,
            2,
        )

    return {kind: device(kind) for kind in (QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser)}


@pytest.fixture
def draw(tab, pen):
    """Draws with the pen through places in canvas units."""

    def drawn(*places, pressure=0.5, kind=QPointingDevice.PointerType.Pen, button=LEFT):
        viewport = tab.canvas.viewport()

        def send(type_, place, pressed):
            position = QPointF(tab.canvas.place_of(*place))
            held = NONE if type_ == QEvent.Type.TabletRelease else pressed
            event = QTabletEvent(
                type_,
                pen[kind],
                position,
                QPointF(viewport.mapToGlobal(position.toPoint())),
                pressure,
                0,
                0,
                0.0,
                0.0,
                0.0,
                Qt.KeyboardModifier.NoModifier,
                NONE if type_ == QEvent.Type.TabletMove else pressed,
                held,
            )
            QApplication.sendEvent(viewport, event)
            assert event.isAccepted()  # so that no mouse event is made of it

        send(QEvent.Type.TabletPress, places[0], button)
        for place in places[1:]:
            send(QEvent.Type.TabletMove, place, button)
        send(QEvent.Type.TabletRelease, places[-1], button)

    return drawn


def test_a_finger_paints_as_the_left_button(tab, at, screen):
    viewport = tab.canvas.viewport()
    QTest.touchEvent(viewport, screen).press(0, at(-3, 0), viewport)
    for x in np.linspace(-3, 3, 7):
        QTest.touchEvent(viewport, screen).move(0, at(x, 0), viewport)
    QTest.touchEvent(viewport, screen).release(0, at(3, 0), viewport)
    points = tab.store.state.points
    assert set(points.labels.tolist()) == {0}
    assert points.xy[:, 0].min() < -2 < 2 < points.xy[:, 0].max()
    tab.undo()
    assert len(tab.store.state.points) == 0
    assert not tab.store.journal.can_undo


def test_a_second_finger_does_not_paint(tab, at, screen):
    QTest.keyClick(tab.canvas, Qt.Key.Key_P)
    viewport = tab.canvas.viewport()
    QTest.touchEvent(viewport, screen).press(0, at(-3, 0), viewport)
    QTest.touchEvent(viewport, screen).stationary(0).press(1, at(3, 0), viewport)
    QTest.touchEvent(viewport, screen).stationary(0).move(1, at(4, 0), viewport)
    QTest.touchEvent(viewport, screen).release(0, at(-3, 0), viewport).release(1, at(4, 0), viewport)
    assert len(tab.store.state.points) == 1
    QTest.touchEvent(viewport, screen).press(0, at(3, 3), viewport)
    QTest.touchEvent(viewport, screen).release(0, at(3, 3), viewport)
    assert len(tab.store.state.points) == 2


def test_a_finger_selects_and_moves(tab, at, screen, some_points):
    tab.store.edit(points=some_points)
    QTest.keyClick(tab.canvas, Qt.Key.Key_S)
    viewport = tab.canvas.viewport()
    QTest.touchEvent(viewport, screen).press(0, at(2.1, 3.1), viewport)
    QTest.touchEvent(viewport, screen).move(0, at(2.1, -1), viewport)
    QTest.touchEvent(viewport, screen).release(0, at(2.1, -1), viewport)
    assert tab.store.state.points.xy[2] == pytest.approx([2, -1.1], abs=0.1)


def test_a_pen_paints_wider_the_harder_it_is_pressed(tab, draw):
    def width(pressure):
        tab.clear()
        draw((-4, 0), (0, 0), (4, 0), pressure=pressure)
        return np.abs(tab.store.state.points.xy[:, 1]).max()

    usual = SIZES[tab.painter.size]
    assert width(0.1) < 0.7 * usual
    assert width(1.0) > 1.2 * usual
    assert width(0.5) <= usual


def test_the_other_end_of_a_pen_erases_whatever_the_tool_is(tab, draw):
    draw((-4, 0), (4, 0))
    painted = tab.store.state.points
    assert len(painted)
    assert tab.painter.tool == "brush"
    draw((-5, 0), (5, 0), pressure=1.0, kind=QPointingDevice.PointerType.Eraser)
    assert len(tab.store.state.points) < 0.1 * len(painted)
    tab.undo()
    assert tab.store.state.points == painted


def test_the_button_of_a_pen_paints_the_other_colour(tab, draw):
    draw((0, 0), button=RIGHT)
    assert set(tab.store.state.points.labels.tolist()) == {1}


def test_a_stroke_whose_end_was_not_told_ends_with_the_next(qtbot, tab, at, screen):
    QTest.keyClick(tab.canvas, Qt.Key.Key_P)
    viewport = tab.canvas.viewport()
    qtbot.mousePress(viewport, LEFT, pos=at(0, 0))
    qtbot.mousePress(viewport, LEFT, pos=at(1, 1))
    qtbot.mouseRelease(viewport, LEFT, pos=at(1, 1))
    assert len(tab.store.state.points) == 2
    tab.undo()
    assert len(tab.store.state.points) == 1
