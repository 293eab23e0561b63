"""What has to be seen is seen: at every text scale, on a small projector and on a large screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gdviz.gui.descent.step_card.card import CARD_FROM_WIDTH
from gdviz.gui.network.diagram.spots import Neuron
from gdviz.gui.theme import SCALES
from gdviz.gui.widgets.controls import choice_box

SCREENS = (QSize(1280, 700), QSize(1920, 1060))
"""Without the title of the window."""

TRANSPORT = ("play", "scrub", "speed")
NUMBERS = ("loss", "test_loss", "accuracy", "seed", "new_seed")
LEAST_CANVAS = 180
"""Side in pixels of the smallest canvas and the lowest contours that are of use."""


def unclipped(window: QWidget, name: str) -> bool:
    """Whether a control is seen whole: nothing cuts it off, and no other window's edge."""
    widget = window.findChild(QWidget, name)
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def test_a_choice_without_enough_room_ends_in_an_ellipsis(qtbot, look):
    def picture(words):
        box = choice_box("box", "Box", {"key": words})
        qtbot.addWidget(box)
        look.dress(box)
        box.setFixedSize(140, 34)
        return box.grab().toImage()

    words = "Perceptron without bias"
    shown = picture(words)
    assert any(shown == picture(f"{words[:count]}…") for count in range(5, 14))


@pytest.fixture(params=SCREENS, ids=lambda size: f"{size.width()}x{size.height()}")
def on_screen(request, window, qtbot):
    """Makes the window as large as a screen, at a text scale, with a tab in front."""

    def make(tab: int, scale: float) -> None:
        window.tabs.setCurrentIndex(tab)
        window.descent.card.set_open(request.param.width() >= CARD_FROM_WIDTH * scale)  # as on such a screen
        window.look.set_scale(scale)
        window.resize(request.param)
        qtbot.waitUntil(lambda: window.size() == request.param)

    yield make
    window.look.set_scale(1.0)


def test_the_network_tab_fits(on_screen, window, qtbot):
    for scale in SCALES:
        on_screen(1, scale)
        check_network_tab(window, qtbot)


def check_network_tab(window, qtbot):
    tab = window.network
    names = [f"network.{name}" for name in (*TRANSPORT, *NUMBERS)]
    qtbot.waitUntil(lambda: all(unclipped(tab.transport, name) for name in names))
    qtbot.waitUntil(lambda: unclipped(tab.curves, "network.loss_scale"))
    box = tab.canvas.getViewBox()
    qtbot.waitUntil(lambda: min(box.width(), box.height()) >= LEAST_CANVAS)
    diagram = tab.network_panel.board.diagram
    seen = diagram.visibleRegion().boundingRect()
    for column in range(4):
        shown = diagram.plan.columns[column]
        assert not shown.collapsed
        for unit in range(shown.total):
            assert seen.contains(diagram.rect_of(Neuron(column, unit)).toAlignedRect())
    for plot in (tab.curves.loss, tab.curves.accuracy):
        assert plot.isVisible()
        assert plot.visibleRegion().boundingRect() == plot.rect()
        assert plot.getViewBox().height() >= 30
    for pages in (tab.pages, tab.lower_pages):
        bar = pages.tabBar()
        assert all(bar.rect().contains(bar.tabRect(index)) for index in range(bar.count()))


def test_the_descent_tab_fits(on_screen, window, qtbot):
    names = [f"descent.{name}" for name in (*TRANSPORT, "loop")]
    for scale in SCALES:
        on_screen(0, scale)
        qtbot.waitUntil(lambda: all(unclipped(window, name) for name in names))
        qtbot.waitUntil(lambda: window.descent.contours.height() >= LEAST_CANVAS - 40)


def test_a_small_window_has_diagram_and_seed(window, qtbot):
    window.tabs.setCurrentIndex(1)
    window.resize(835, 500)
    qtbot.waitUntil(lambda: unclipped(window.network.transport, "network.new_seed"))
    diagram = window.network.network_panel.board.diagram
    assert diagram.visibleRegion().boundingRect().height() >= 100


def test_layer_settings_fold_away_where_it_is_low_unless_asked_for(window, qtbot):
    window.tabs.setCurrentIndex(1)
    window.resize(1280, 700)
    panel = window.network.network_panel
    heads = panel.board.heads
    qtbot.waitUntil(heads.isVisible)
    window.look.set_scale(1.5)
    qtbot.waitUntil(lambda: not heads.isVisible())
    QTest.mouseClick(panel.tune, Qt.MouseButton.LeftButton)
    assert heads.isVisible()
    QTest.mouseClick(panel.tune, Qt.MouseButton.LeftButton)
    assert not heads.isVisible()
    window.look.set_scale(1.0)
    qtbot.waitUntil(heads.isVisible)


def test_the_left_column_is_as_wide_after_a_large_diagram_as_before(window, qtbot):
    window.tabs.setCurrentIndex(1)
    window.resize(1280, 700)
    tab = window.network
    tab.network_panel.tune.setChecked(True)
    qtbot.waitUntil(lambda: tab.columns.sizes()[0] >= tab.columns.widget(0).needed)
    before = tab.columns.sizes()
    tab.network_panel.wide.click()
    qtbot.waitUntil(lambda: tab.columns.sizes()[0] == 0)
    tab.network_panel.wide.click()
    qtbot.waitUntil(lambda: tab.columns.sizes() == before)


def test_the_step_card_gives_way_to_larger_text_where_the_screen_is_small(window, qtbot, monkeypatch):
    class Projector:
        def availableSize(self):  # noqa: N802
            return SCREENS[0]

    window.tabs.setCurrentIndex(0)
    window.resize(SCREENS[0])
    monkeypatch.setattr(window.descent, "screen", Projector)
    window.descent.card.set_open(True)
    window.look.set_scale(1.5)
    qtbot.waitUntil(lambda: window.descent.card.isVisible() and window.width() <= SCREENS[0].width())
    window.look.set_scale(2.0)
    qtbot.waitUntil(lambda: not window.descent.card.isVisible() and window.width() <= SCREENS[0].width())
    window.look.set_scale(1.0)


def test_the_racers_panel_grows_with_its_text_and_keeps_its_width_in_another_theme(window, qtbot):
    window.tabs.setCurrentIndex(0)
    window.descent.card.set_open(False)
    window.resize(1600, 900)
    sides = window.descent.sides
    qtbot.waitUntil(lambda: window.width() == 1600 and sides.sizes()[0] > 0)
    sides.setSizes([300, 1300, 0])
    before = sides.sizes()[0]
    window.look.set_theme("white")
    window.look.set_theme("dark")
    assert sides.sizes()[0] == before
    window.look.set_scale(1.5)
    assert sides.sizes()[0] > 1.4 * before
    window.look.set_scale(1.0)
    assert sides.sizes()[0] == before
