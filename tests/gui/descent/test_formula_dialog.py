"""A surface of one's own, typed with real keys: checked, drawn, kept, used; and whatever else people may type."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMainWindow

from gdviz.descent.catalog import SURFACES
from gdviz.descent.formula_latex import MOST_LEVELS, formula_latex, levels
from gdviz.descent.races import surface_of
from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.gui.descent.formula.check import check, is_typed_formula
from gdviz.gui.descent.formula.dialog import FormulaDialog
from gdviz.gui.descent.formula.own_surfaces import OwnSurface, OwnSurfaces

AREA = (-2.0, 2.0, -2.0, 2.0)


@pytest.fixture
def make(qtbot, look):
    """Makes dialogs over a window, and ends them."""
    window = QMainWindow()
    qtbot.addWidget(window)
    look.dress(window)
    window.resize(1200, 700)
    with qtbot.waitExposed(window):
        window.show()
    made = []

    def dialog():
        dialog = FormulaDialog(look, window)
        made.append(dialog)
        with qtbot.waitActive(dialog):
            dialog.open_for(SurfaceSpec("two_wells"))
            dialog.activateWindow()
        return dialog

    yield dialog
    for dialog in made:
        dialog.close_dialog()
        dialog.deleteLater()


@pytest.fixture
def dialog(make):
    return make()


def paste(dialog, qtbot, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(dialog.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def type_formula(dialog, qtbot, text: str) -> None:
    """Type a formula, or paste a long or a foreign one, in place of the one that is there; wait until it is checked."""
    dialog.field.setFocus()
    qtbot.keyClick(dialog.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.field, Qt.Key.Key_Delete)
    if text.isascii() and len(text) < 60:
        qtbot.keyClicks(dialog.field, text)
    else:
        paste(dialog, qtbot, text)
    wait_until_checked(dialog, qtbot)


def wait_until_checked(dialog, qtbot):
    qtbot.waitUntil(lambda: dialog._fresh() is not None, timeout=30_000)


def field(dialog, name: str) -> QLineEdit:
    return dialog.findChild(QLineEdit, f"descent.own.{name}")


def type_bound(dialog, qtbot, name: str, text: str) -> None:
    edge = field(dialog, name)
    edge.setFocus()
    edge.selectAll()
    qtbot.keyClicks(edge, text)


def test_it_begins_with_the_surface_on_show(dialog, qtbot):
    wait_until_checked(dialog, qtbot)
    assert dialog.field.text() == SURFACES["two_wells"].formula
    assert dialog.use_button.isEnabled()


def test_a_typed_formula_is_typeset_drawn_and_chosen(dialog, qtbot):
    type_formula(dialog, qtbot, "(x-1)^2 + 3*sin(y)^2")
    type_bound(dialog, qtbot, "w0_from", "-3")
    wait_until_checked(dialog, qtbot)
    assert dialog.message.text().startswith("Fine")
    qtbot.waitUntil(lambda: dialog.typeset.complete and dialog.typeset.height() > 10)
    assert dialog.typeset.latex == formula_latex("(x-1)^2 + 3*sin(y)^2")
    digits = QFontMetrics(dialog.preview.getAxis("left").style["tickFont"]).tightBoundingRect("0").height()
    room = dialog.preview.getViewBox().sceneBoundingRect().top()
    assert room >= digits / 2  # the number at the upper end of the axis is not cut
    drawn = dialog.preview.relief
    x, y = np.meshgrid(drawn.w0, drawn.w1)
    np.testing.assert_allclose(drawn.loss, (x - 1) ** 2 + 3 * np.sin(y) ** 2, atol=1e-12)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert chosen.args == [SurfaceSpec(FORMULA, "(x-1)^2 + 3*sin(y)^2", (-3.0, 2.0, -2.0, 2.0))]
    assert not dialog.isVisible()
    assert surface_of(chosen.args[0]).bounds.w0 == (-3.0, 2.0)


def test_return_waits_for_the_check_and_then_uses_it(dialog, qtbot):
    wait_until_checked(dialog, qtbot)
    qtbot.keyClick(dialog.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.field, "x^2+y^4")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert chosen.args[0].formula == "x^2+y^4"


def test_return_refuses_what_is_wrong(dialog, qtbot):
    used = []
    dialog.chosen.connect(used.append)
    wait_until_checked(dialog, qtbot)
    qtbot.keyClick(dialog.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.field, "x^2 + foo")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)  # before it is checked
    wait_until_checked(dialog, qtbot)
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)  # and after
    qtbot.keyClick(field(dialog, "name"), Qt.Key.Key_Return)
    qtbot.wait(50)
    assert not used
    assert dialog.isVisible()
    assert not dialog.use_button.isEnabled()
    assert "foo" in dialog.message.text()
    assert "allowed are" in dialog.message.text()


@pytest.mark.parametrize(
    ("text", "said", "wrong"),
    [
        ("__import__('os')", "character", "'"),
        ("x.real + y", "not allowed", "x.real"),
        ("().__class__", "not allowed", None),
        ("9**9**9**9", "too large a number", "9**9**9"),
        ("y^2 + 1e400*x", "'1e400' is too large a number", "1e400"),
        ("x + 0.10^-400", "'0.10^-400' is too large a number", "0.10^-400"),
        ("x^(9^9)", "too high", None),
        ("x^200", "too high", None),
        ("x + foo*y", "no 'foo'", "foo"),
        ("foo(x)", "cannot be called", "foo"),
        ("sin(x, y)", "takes 1 value", "sin"),
        ("x +", "not complete", None),
        ("(x", "not complete", "("),
        ("2x", "write 2*x", "2"),
        ("1/0", "divides by zero", "1/0"),
        ("x + sqrt(-1-x^2)", "square root of a negative number", "sqrt(-1-x^2)"),
        ("(-1)^0.5 + x", "negative number", "(-1)^0.5"),
        ("x if y else 2", "not allowed", "x if y else 2"),
        ("1j*x", "not allowed", "1j"),
        ("exec", "no 'exec'", "exec"),
        ("ы", "character", "ы"),
        ("(" * 300 + "x" + ")" * 150, "not complete", None),
        ("-" * 450 + "x", "nested too deeply", None),
        ("x+" * 400 + "x", "at most 500", None),
    ],
)
def test_hostile_formulas_get_a_clear_message(dialog, qtbot, text, said, wrong):
    begun = time.monotonic()
    type_formula(dialog, qtbot, text)
    assert time.monotonic() - begun < 20
    assert said in dialog.message.text()
    assert not dialog.use_button.isEnabled()
    assert not dialog.save_button.isEnabled()
    marked = [selection.cursor.selectedText() for selection in dialog.field.extraSelections()]
    if wrong is not None:
        assert marked == [wrong]
    # And it goes on as if nothing had been.
    type_formula(dialog, qtbot, "x^2+y^2")
    assert dialog.use_button.isEnabled()
    assert not dialog.field.extraSelections()


@pytest.mark.parametrize("text", ["sqrt(x)", "1/x", "log(x*y)", "x^0.5 + y", "acos(x)", "(-2)^x"])
def test_formulas_that_are_undefined_somewhere_have_holes(dialog, qtbot, text):
    type_formula(dialog, qtbot, text)
    assert "holes" in dialog.message.text()
    assert dialog.use_button.isEnabled()
    assert np.isnan(dialog.preview.relief.loss).any()


@pytest.mark.parametrize(
    ("text", "begins", "places"),
    [
        ("x^2 + y^2", "Fine", ""),
        ("abs(x) + max(x, y)", "Fine", "a kink of abs or max"),
        ("min(x, 1)*sign(y)", "Fine", "a kink of min or a jump of sign"),
        ("abs(log(x))", "Not defined on 50", "a kink of abs"),
        ("1/(x^2 + y^2)", "Not defined on less than 0.1 % of the area; shown as holes.", ""),
    ],
)
def test_places_without_a_gradient_are_said(text, begins, places):
    message = check(text, AREA).message
    assert message.startswith(begins)
    assert message.endswith(f"On {places} there is no gradient: the mean of both sides is used.") == bool(places)


def test_the_window_goes_on_while_a_check_takes_long(dialog, qtbot, monkeypatch):
    def slow(text, bounds):
        """As SymPy would on a formula that is worse than any known: a second of Python."""
        end = time.perf_counter() + (1.0 if "tan" in text else 0.0)
        while time.perf_counter() < end:
            sum(range(1000))
        return check(text, bounds)

    monkeypatch.setattr("gdviz.gui.descent.formula.dialog.check", slow)
    wait_until_checked(dialog, qtbot)
    gaps = []
    last = time.perf_counter()

    def beat():
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.timeout.connect(beat)
    qtbot.keyClick(dialog.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    paste(dialog, qtbot, "tan(x)")
    timer.start(5)
    qtbot.waitUntil(lambda: "derivatives" in dialog.message.text(), timeout=10_000)
    qtbot.keyClick(dialog.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.field, "x^2")
    wait_until_checked(dialog, qtbot)  # the latest one wins
    timer.stop()
    assert dialog._checked.text == "x^2"
    assert dialog.message.text().startswith("Fine")
    assert np.percentile(gaps, 95) < 0.05


@pytest.mark.parametrize("text", ["max(x," * 36 + "y*x" + ")" * 36, "sqrt(1+" * 18 + "x" + ")" * 18])
def test_formulas_nested_too_deeply_to_be_typeset_can_be_used(dialog, qtbot, text):
    type_formula(dialog, qtbot, text)
    assert dialog.use_button.isEnabled()
    assert levels(formula_latex(text)) <= MOST_LEVELS
    qtbot.waitUntil(lambda: dialog.typeset.complete, timeout=5_000)


def test_bounds_in_the_wrong_order_are_said(dialog, qtbot):
    type_bound(dialog, qtbot, "w1_from", "5")
    wait_until_checked(dialog, qtbot)
    assert "w1 must go from a smaller to a larger number, not from 5 to 2" in dialog.message.text()
    assert not dialog.use_button.isEnabled()
    red = QColor(dialog._look.theme.error)

    def framed(widget):
        picture = widget.grab().toImage()
        return any(picture.pixelColor(widget.width() // 2, y) == red for y in range(3))

    assert [framed(edge) for edge in dialog.bounds.fields] == [False, False, True, True]
    assert not framed(dialog.field)
    type_bound(dialog, qtbot, "w1_to", "7")
    wait_until_checked(dialog, qtbot)
    assert dialog.use_button.isEnabled()
    assert not any(framed(edge) for edge in dialog.bounds.fields)


def test_return_in_a_bound_that_is_no_number_uses_nothing(dialog, qtbot):
    used = []
    dialog.chosen.connect(used.append)
    wait_until_checked(dialog, qtbot)
    type_bound(dialog, qtbot, "w0_to", "4 or so")
    qtbot.keyClick(field(dialog, "w0_to"), Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not used
    type_bound(dialog, qtbot, "w0_to", "4")
    qtbot.keyClick(field(dialog, "w0_to"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [spec.bounds[1] for spec in used] == [4.0])


def test_escape_keeps_what_was_typed(make, qtbot):
    dialog = make()
    type_formula(dialog, qtbot, "x^2 + unfin")
    type_bound(dialog, qtbot, "w0_to", "4")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog.open_for(SurfaceSpec("bowl"))
    assert dialog.field.text() == "x^2 + unfin"
    assert dialog.bounds.corners[1] == 4.0
    dialog.close()
    another = make()  # after a new start of the program
    assert another.field.text() == "x^2 + unfin"
    assert another.bounds.corners[1] == 4.0


def test_a_formula_is_kept_renamed_deleted_and_taken_back(dialog, qtbot):
    type_formula(dialog, qtbot, "x^2 + 7*y^2")
    name = field(dialog, "name")
    name.selectAll()
    qtbot.keyClicks(name, "steep bowl")
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    kept = OwnSurface("steep bowl", "x^2 + 7*y^2", AREA)
    qtbot.waitUntil(lambda: OwnSurfaces().all() == (kept,))
    type_formula(dialog, qtbot, "x^2 + 8*y^2")  # edited: the same name takes its place
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert [surface.formula for surface in OwnSurfaces().all()] == ["x^2 + 8*y^2"]

    entries = dialog.list.list
    entries.setFocus()
    qtbot.keyClick(entries, Qt.Key.Key_F2)
    editor = entries.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "very steep")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [surface.name for surface in OwnSurfaces().all()] == ["very steep"])
    assert dialog.isVisible()
    assert field(dialog, "name").text() == "very steep"

    qtbot.keyClick(entries, Qt.Key.Key_Delete)
    assert OwnSurfaces().all() == ()
    qtbot.mouseClick(dialog.findChild(QAbstractButton, "descent.own.banner.action"), Qt.MouseButton.LeftButton)
    assert [surface.name for surface in OwnSurfaces().all()] == ["very steep"]


def test_alt_s_saves_even_before_the_formula_is_checked_and_types_no_letter(dialog, qtbot):
    alt = Qt.KeyboardModifier.AltModifier
    wait_until_checked(dialog, qtbot)
    qtbot.keyClick(dialog.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.field, "x^2 + 9*y^2")
    qtbot.keyClick(dialog.field, Qt.Key.Key_S, alt)
    qtbot.waitUntil(lambda: [surface.formula for surface in OwnSurfaces().all()] == ["x^2 + 9*y^2"])
    type_formula(dialog, qtbot, "x^2 + foo")
    qtbot.keyClick(dialog.field, Qt.Key.Key_S, alt)  # the button is disabled
    assert dialog.field.text() == "x^2 + foo"
    assert len(OwnSurfaces().all()) == 1


def test_an_entry_is_opened_with_a_click_and_undo_brings_back_what_was_typed(make, qtbot):
    OwnSurfaces().add(OwnSurface("mine", "abs(x) + y^2", (-1.0, 1.0, -4.0, 4.0)))
    dialog = make()
    type_formula(dialog, qtbot, "x^4")
    entries = dialog.list.list
    place = entries.visualItemRect(entries.item(0)).center()
    qtbot.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait_until_checked(dialog, qtbot)
    assert (dialog.field.text(), dialog.bounds.corners) == ("abs(x) + y^2", (-1.0, 1.0, -4.0, 4.0))
    qtbot.keyClick(dialog.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dialog.field.text() == "x^4"


def test_a_damaged_list_is_said_and_kept(make):
    path = OwnSurfaces().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{ damaged")
    dialog = make()
    assert "could not be read" in dialog.banner.text
    assert path.with_name("surfaces.damaged-1.json").read_text() == "{ damaged"


def test_every_formula_of_the_catalog_is_a_beginning(dialog, qtbot):
    box = dialog.findChild(QComboBox, "descent.own.catalog")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    wait_until_checked(dialog, qtbot)
    first = box.itemData(1)
    assert dialog.field.text() == SURFACES[first].formula
    offered = {box.itemData(index) for index in range(1, box.count())}
    assert offered == set(SURFACES) - {"line_mse", "perceptron_bce"}


@pytest.mark.parametrize("key", [key for key, surface in SURFACES.items() if is_typed_formula(surface.formula)])
def test_catalog_formulas_are_the_catalog_s_surfaces(key):
    surface = SURFACES[key]
    found = check(surface.formula, (*surface.bounds.w0, *surface.bounds.w1))
    assert found.verdict == "fine"
    points = surface.bounds.grid(9)[2]
    np.testing.assert_allclose(surface_of(found.spec).value(points), surface.value(points), rtol=1e-9, atol=1e-9)


def test_an_empty_formula_is_asked_for_and_not_blamed(dialog, qtbot, look):
    error = look.theme.error
    type_formula(dialog, qtbot, "x + ")
    assert error in dialog.message.styleSheet()
    type_formula(dialog, qtbot, "")
    assert "allowed are numbers, x and y" in dialog.message.text()
    assert error not in dialog.message.styleSheet() + dialog.field.styleSheet()
    assert not dialog.use_button.isEnabled()
