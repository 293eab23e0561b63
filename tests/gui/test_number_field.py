"""A field for a number: when what is typed is taken."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.widgets.field_note import FieldNote
from gdviz.gui.widgets.number_field import NumberField

RATE = Parameter("rate", 0.1, "how far", minimum=0.0, maximum=10.0)


@pytest.fixture
def make(qtbot):
    window = QWidget()
    layout = QVBoxLayout(window)
    qtbot.addWidget(window)

    def made(*, patient):
        field, other = NumberField(RATE, patient=patient), NumberField(RATE)
        layout.addWidget(field)
        layout.addWidget(other)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        field.selectAll()
        field.other = other
        field.taken = []
        field.edited.connect(field.taken.append)
        return field

    return made


def test_each_number_on_the_way_is_taken_at_once(make, qtbot):
    field = make(patient=False)
    qtbot.keyClicks(field, "1e-3")
    assert field.taken == [1.0, 0.001]


def test_a_patient_field_takes_what_was_typed_when_typing_pauses(make, qtbot):
    field = make(patient=True)
    qtbot.keyClicks(field, "1e-3")
    assert field.taken == []
    field.set_value(0.1)  # what is shown elsewhere meanwhile does not write over it
    assert field.text() == "1e-3"
    qtbot.waitUntil(lambda: field.taken == [0.001])


@pytest.mark.parametrize("how", ["enter", "leave"])
def test_a_patient_field_takes_it_at_once_with_enter_or_when_it_is_left(make, qtbot, how):
    field = make(patient=True)
    qtbot.keyClicks(field, "2")
    if how == "enter":
        qtbot.keyClick(field, Qt.Key.Key_Return)
    else:
        field.other.setFocus()
    assert field.taken == [2.0]


def test_escape_forgets_what_a_patient_field_has_not_taken(make, qtbot):
    field = make(patient=True)
    qtbot.keyClicks(field, "2")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "0.1"
    assert not field._typing.isActive()
    assert field.taken == []


def test_why_a_number_is_refused_is_said_beside_it_without_the_mouse(make, qtbot):
    field = make(patient=False)
    window = field.window()
    window.resize(400, 200)
    qtbot.keyClicks(field, "-1")
    note = window.findChild(FieldNote)
    assert not note.isVisible()  # it might still become a number
    qtbot.waitUntil(note.isVisible)
    assert note.text() == field.accessibleDescription() == "Allowed is a number at least 0 and at most 10."
    assert note.geometry().top() >= field.geometry().bottom()
    field.move(QPoint(100, window.height() - field.height()))  # scrolled to where nothing has room below
    assert note.geometry().bottom() <= field.geometry().top()
    assert window.rect().contains(note.geometry())
    field.selectAll()
    qtbot.keyClicks(field, "1")
    assert not note.isVisible()
    assert "how far" in field.accessibleDescription()
    qtbot.keyClicks(field, "x")
    qtbot.waitUntil(note.isVisible)
    field.other.setFocus()
    assert not note.isVisible()
    assert field.text() == "0.1"
    qtbot.keyClicks(field.other, "x")
    qtbot.waitUntil(note.isVisible)
    field.other.deleteLater()  # as with the racer it belongs to
    qtbot.waitUntil(lambda: not note.isVisible())
