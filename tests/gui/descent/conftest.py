"""Tab 1 in a window of its own."""

from __future__ import annotations

import pytest

from gdviz.gui.descent.tab import DescentTab


@pytest.fixture
def views():
    """What is shown; files of tests that never look at the 3-D view say "contours", as drawing it takes a while."""
    return "both"


@pytest.fixture
def tab(qtbot, look, views):
    """The tab with its first race computed and on the screen, standing at step 0."""
    made = DescentTab(look)
    made.views.choose_view(views)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitActive(made):  # without a window manager, only a window that is there can be made active
        made.activateWindow()
    made.begin()
    qtbot.waitUntil(lambda: made.session.last_step > 0 and made.session.race.whole and made.contours.whole is not None)
    qtbot.waitUntil(lambda: made.surface_view is not None and made.surface_view.isValid())
    made.session.pause()
    made.session.go_to(0)
    yield made
    made.close_tab()
