"""A surface of one's own: a formula is typed, checked as it is typed, and used."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.gui.descent.formula.bounds_row import BoundsRow
from gdviz.gui.descent.formula.check import Checked, Corners, check, is_typed_formula, wrong_bounds
from gdviz.gui.descent.formula.draft import read_draft, save_draft
from gdviz.gui.descent.formula.field import FormulaField
from gdviz.gui.descent.formula.own_list import FormulaList
from gdviz.gui.descent.formula.own_surfaces import MOST_NAME_CHARACTERS, OwnSurface, OwnSurfaces
from gdviz.gui.descent.formula.preview import FormulaPreview
from gdviz.gui.theme import Look
from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.controls import choice_box, muted
from gdviz.gui.widgets.formula_label import FormulaLabel, Formulas
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.timers import one_shot

DEBOUNCE_MILLISECONDS = 150
PATIENCE_MILLISECONDS = 400
FIRST_NAME = "My surface"


class FormulaDialog(QDialog):
    """Types, checks, shows, keeps and chooses formulas; what was typed is there again when it is next opened.

    Signals:
        chosen(object): a ``SurfaceSpec`` that can be used.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None, *, store: OwnSurfaces | None = None) -> None:
        """Args: look: to follow; parent: the window; store: the list of one's own, that of this person unless given."""
        super().__init__(parent)
        self.setObjectName("descent.own")
        self.setWindowTitle("Your own surface")
        self._look = look
        self._checked: Checked | None = None
        self._when_checked: Callable[[], None] | None = None
        self._make(store or OwnSurfaces())
        self._lay_out()
        self._worker = Latest("formula", self)
        self._worker.done.connect(self._take)
        self._debounce = one_shot(self, DEBOUNCE_MILLISECONDS, self._check)
        self._impatient = one_shot(self, PATIENCE_MILLISECONDS, self._say_it_takes_long)
        self.field.textChanged.connect(self._typed)
        self.field.entered.connect(self.accept)
        self.bounds.edited.connect(self._typed)
        self.list.opened.connect(self._open)
        self.catalog.activated.connect(lambda _: self._begin_with(self.catalog.currentData()))
        self.save_button.clicked.connect(self.save)
        # Not the button's own: that would take the place of Alt+S, which its underlined letter promises.
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        look.changed.connect(self._restyle)
        self._restore_draft()

    def open_for(self, spec: SurfaceSpec) -> None:
        """Open with what was typed last, or, where nothing was, with this surface as a beginning."""
        if spec.key == FORMULA and not self.field.text().strip():
            self._show(spec.formula, spec.bounds or self.bounds.corners)
        elif not self.field.text().strip() and spec.key in self._typed_keys():
            self._begin_with(spec.key)
        self.open()

    def close_dialog(self) -> None:
        """End threads and timers."""
        self._debounce.stop()
        self._impatient.stop()
        self._worker.close()
        self._formulas.close()

    def accept(self) -> None:
        """Use the formula, if it is allowed; one that is not checked yet, as soon as it is."""
        checked = self._fresh()
        if checked is None:
            self._check(then=self.accept)
        elif checked.spec is not None:
            super().accept()
            self.chosen.emit(checked.spec)
        else:
            self._go_to_what_is_wrong(checked)

    def save(self) -> None:
        """Keep the formula in the list, if it is allowed; one that is not checked yet, as soon as it is.

        It takes the place of the entry that it was opened from while that has the same name.
        """
        checked = self._fresh()
        if checked is None:
            self._check(then=self.save)
            return
        if checked.spec is None:
            self._go_to_what_is_wrong(checked)
            return
        name = self.name.text().strip() or FIRST_NAME
        opened = self.list.selected
        surface = OwnSurface(name, checked.text.strip(), checked.bounds)
        kept = self.list.keep(surface, in_place_of=opened if opened == name else None)
        if kept is not None:
            self.name.setText(kept.name)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the list, which another window may have changed, and at the formula."""
        super().showEvent(event)
        self.list.reload(self.list.selected)
        self.field.setFocus()
        self.field.selectAll()
        self._typed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed."""
        super().hideEvent(event)
        self._when_checked = None
        self._save_draft()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed."""
        self._save_draft()
        super().closeEvent(event)

    # Making

    def _make(self, store: OwnSurfaces) -> None:
        look = self._look
        self.banner = Banner("descent.own.banner")
        self.list = FormulaList(store, self.banner, look)
        self.name = QLineEdit(FIRST_NAME)
        self.name.setObjectName("descent.own.name")
        self.name.setAccessibleName("Name of the surface")
        self.name.setToolTip("What the surface is called in your list")
        self.name.setMaxLength(MOST_NAME_CHARACTERS)
        titles = {"": "begin with …", **{key: SURFACES[key].title for key in self._typed_keys()}}
        self.catalog = choice_box(
            "descent.own.catalog", "Begin with a surface of the catalog", titles, tip="Write a known formula there"
        )
        self.field = FormulaField(look)
        self.message = QLabel()
        self.message.setObjectName("descent.own.message")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._formulas = Formulas(self)
        self.typeset = FormulaLabel(self._formulas, look, 1.1)
        self.typeset.setObjectName("descent.own.typeset")
        self.bounds = BoundsRow("descent.own")
        self.preview = FormulaPreview(look)
        self.save_button = QPushButton("&Save in my list")
        self.save_button.setObjectName("descent.own.save")
        self.save_button.setToolTip("Keep this formula in your list (Ctrl+S)")
        self.save_button.setAutoDefault(False)
        self.buttons = QDialogButtonBox()
        self.use_button = self.buttons.addButton("&Use", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use_button.setObjectName("descent.own.use")
        self.use_button.setProperty("role", "primary")
        self.use_button.setToolTip("Descend this surface (Return)")
        self.use_button.setDefault(True)
        cancel = self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("descent.own.cancel")
        cancel.setToolTip("Close; what you typed is there again next time (Esc)")
        for button in (self.use_button, cancel, self.save_button):
            button.setAccessibleName(button.text().replace("&", ""))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for widget, stretch in ((muted("name"), 0), (self.name, 1), (self.catalog, 0)):
            top.addWidget(widget, stretch)
        below = QHBoxLayout()
        below.addWidget(self.save_button)
        below.addStretch(1)
        below.addWidget(self.buttons)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(top)
        right.addWidget(self.field)
        right.addWidget(self.message)
        right.addWidget(self.typeset)
        right.addWidget(self.bounds)
        right.addWidget(self.preview, 1)
        right.addLayout(below)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.list)
        sides.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.banner)
        column.addLayout(sides, 1)
        self._restyle()
        self.resize(self._look.pixels(110), self._look.pixels(76))

    def _restyle(self) -> None:
        self.list.setFixedWidth(self._look.pixels(27))
        self.message.setMinimumHeight(3 * self.message.fontMetrics().lineSpacing())
        self._say()

    @staticmethod
    def _typed_keys() -> list[str]:
        return [key for key, surface in SURFACES.items() if is_typed_formula(surface.formula)]

    # Typing and checking

    def _fresh(self) -> Checked | None:
        """What was found about what is typed now; None while that is not known."""
        checked = self._checked
        asked = (self.field.text(), self.bounds.corners)
        return checked if checked is not None and (checked.text, checked.bounds) == asked else None

    def _typed(self) -> None:
        if self._fresh() is None:
            self._when_checked = None
            self._debounce.start()
            self.field.mark(None, wrong=False)
            self.bounds.mark([])

    def _check(self, *, then: Callable[[], None] | None = None) -> None:
        self._debounce.stop()
        self._when_checked = then
        if self.isVisible():
            self._impatient.start()
            self._worker.request(partial(check, self.field.text(), self.bounds.corners))

    def _take(self, checked: Checked) -> None:
        self._checked = checked
        if self._fresh() is None:
            return  # something else has been typed meanwhile, and will be checked
        self._impatient.stop()
        self._say()
        then, self._when_checked = self._when_checked, None
        if then is not None:
            then()

    def _say_it_takes_long(self) -> None:
        self._color_message(self._look.theme.muted)
        self.message.setText("Working out the derivatives …")

    def _say(self) -> None:
        checked = self._fresh()
        if checked is None:
            return
        theme, wrong, bounds = self._look.theme, checked.verdict == "wrong", wrong_bounds(checked.bounds)
        untold = not checked.text.strip() and not bounds  # nothing typed yet: that is no mistake
        color = {"wrong": theme.error, "holes": theme.warning}.get(checked.verdict, theme.muted)
        self._color_message(theme.muted if untold else color)
        self.message.setText(checked.message)
        self.message.setAccessibleDescription(checked.message)
        self.field.mark(checked.where, wrong=wrong and not bounds and not untold)
        self.bounds.mark(bounds)
        self.use_button.setEnabled(not wrong)
        self.save_button.setEnabled(not wrong)
        if wrong or checked.latex:
            self.typeset.show_formula(checked.latex)
        else:
            self.typeset.show_text("nested too deeply to be typeset")
        if checked.relief is not None:
            self.preview.show_relief(checked.relief)
        else:
            self.preview.set_faint(faint=True)

    def _go_to_what_is_wrong(self, checked: Checked) -> None:
        bounds = wrong_bounds(checked.bounds)
        if not bounds:
            self.field.setFocus()
        elif not any(field.hasFocus() for field in self.bounds.fields):
            self.bounds.fields[2 * bounds[0]].setFocus()

    def _color_message(self, color: str) -> None:
        self.message.setStyleSheet(f"color: {color}")

    # What it begins with

    def _open(self, surface: OwnSurface) -> None:
        self.name.setText(surface.name)
        self._show(surface.formula, surface.bounds)

    def _begin_with(self, key: str) -> None:
        self.catalog.setCurrentIndex(0)
        if key in SURFACES:
            bounds = SURFACES[key].bounds
            self._show(SURFACES[key].formula, (*bounds.w0, *bounds.w1))

    def _show(self, formula: str, bounds: Corners) -> None:
        self.bounds.set_corners(bounds)
        if formula != self.field.text():
            self.field.replace_text(formula)
        self._typed()

    def _save_draft(self) -> None:
        save_draft(OwnSurface(self.name.text(), self.field.text(), self.bounds.corners))

    def _restore_draft(self) -> None:
        draft = read_draft()
        if draft is not None:
            self.name.setText(draft.name)
            self.field.setPlainText(draft.formula)
            self.bounds.set_corners(draft.bounds)
