"""The keys of tab 1, each an action that the window's menu shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox

if TYPE_CHECKING:
    from gdviz.gui.descent.tab import DescentTab


def add_keys(tab: DescentTab) -> None:
    """Give a tab its actions; their keys work while its window has it in front and no field takes them as text."""
    top = tab.top
    for name, title, key, do in (
        ("view", "Next view", "V", partial(_next, top.view_box)),
        ("side", "Next view beside the contours", "D", partial(_next, top.side_box)),
        ("levels", "Other levels", "L", partial(_next, top.level_box)),
        ("loss_scale", "Other loss axis", "Shift+L", partial(_next, tab.loss_box)),
        ("reset_view", "Show the whole surface", "0", tab.reset_view),
        ("random_start", "Random start", "N", tab.random_start),
        ("explain", "Show or hide the step card", "S", top.card_button.toggle),
        ("next_substep", "Next sub-step", "PgDown; Shift+Right", tab.next_substep),
        ("previous_substep", "Previous sub-step", "PgUp; Shift+Left", tab.previous_substep),
        ("loop", "Loop", "O", tab.loop_button.toggle),
        ("marks", "Minima and saddle points", "M", top.marks_button.toggle),
        ("formula", "Your own formula", "Ctrl+F", top.type_formula),
        ("save", "Save the trajectory as CSV", "Ctrl+Shift+S", tab.results.save),
        ("fork", "Fork here", "K", tab.panel.settings.fork),
        ("remove_sample", "Remove the sample", "Del; Backspace", tab.views.remove_chosen),
        ("faster", "Faster", ".", lambda: tab.speed.step(1)),
        ("slower", "Slower", ",", lambda: tab.speed.step(-1)),
    ):
        action = QAction(title, tab)
        action.setObjectName(f"descent.action.{name}")
        action.setShortcuts(QKeySequence.listFromString(key))
        action.triggered.connect(lambda _=False, do=do: do())
        tab.addAction(action)


def _next(box: QComboBox) -> None:
    """Take the next choice of a box, as if it had been chosen with the mouse."""
    if box.isEnabled():
        box.setCurrentIndex((box.currentIndex() + 1) % box.count())
        box.activated.emit(box.currentIndex())
