"""A student types a loss of her own, makes mistakes, keeps it, and races on it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from gdviz.descent.spec import FORMULA
from gdviz.gui.descent.formula.dialog import FormulaDialog
from gdviz.gui.descent.formula.own_surfaces import OwnSurfaces


@pytest.fixture
def dialog(window, qtbot):
    """Opened with the button beside the surfaces."""
    window.descent.session.pause()
    qtbot.mouseClick(window.findChild(QAbstractButton, "descent.type_formula"), Qt.MouseButton.LeftButton)
    made = window.findChild(FormulaDialog)
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


def test_student_descends_a_surface_of_her_own(window, dialog, qtbot):
    session = window.descent.session

    # The surface on show is there as a beginning, and selected. She types; what is half typed is not used, however
    # often she presses Return.
    qtbot.keyClicks(dialog.field, "(x - 1)^2 + 4*(y")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "not complete" in dialog.message.text(), timeout=20_000)
    assert session.spec.surface.key == "two_wells"

    # A word that does not exist: the message names it, and it is underlined.
    qtbot.keyClicks(dialog.field, " + half)^2")
    qtbot.waitUntil(lambda: "no 'half'" in dialog.message.text(), timeout=20_000)
    assert [mark.cursor.selectedText() for mark in dialog.field.extraSelections()] == ["half"]

    # Now it is right: it is typeset and drawn. She keeps it, under a name.
    for _ in range(len("half)^2")):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(dialog.field, "0.5)^2")
    qtbot.waitUntil(lambda: dialog.use_button.isEnabled() and dialog._fresh() is not None, timeout=20_000)
    name = dialog.findChild(QLineEdit, "descent.own.name")
    name.selectAll()
    qtbot.keyClicks(name, "my bowl")
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [surface.name for surface in OwnSurfaces().all()] == ["my bowl"])

    # Return uses it; the race is on, and SGD finds the minimum that she put there.
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert session.spec.surface.key == FORMULA
    assert session.spec.surface.formula == "(x - 1)^2 + 4*(y + 0.5)^2"
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    np.testing.assert_allclose(session.race.trajectories[0].positions[-1], (1.0, -0.5), atol=1e-3)
    assert window.descent.top.formula.text() == "(w0 - 1)^2 + 4*(w1 + 0.5)^2"

    # Another one, and Escape: nothing has changed, and nothing she typed is lost.
    dialog.open_for(session.spec.surface)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    qtbot.keyClicks(dialog.field, "sin(x")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert session.spec.surface.formula == "(x - 1)^2 + 4*(y + 0.5)^2"
    dialog.open_for(session.spec.surface)
    assert dialog.field.text() == "sin(x"
    dialog.reject()
