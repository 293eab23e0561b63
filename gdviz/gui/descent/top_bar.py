"""The bar at the top of tab 1: which surface, which views of it, and what is marked on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from gdviz.descent.spec import SurfaceSpec
from gdviz.gui.descent.formula.own_surfaces import OwnSurfaces
from gdviz.gui.descent.parameters import in_parameters
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.surface_box import SurfaceBox
from gdviz.gui.descent.views.flat_points import TIPS
from gdviz.gui.descent.views.side import SIDES
from gdviz.gui.descent.views.view_area import SIDE_TITLES, SURFACE, VIEWS, ViewArea
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, choice_box, choose, icon_button, muted
from gdviz.gui.widgets.flow import FlowLayout, side_by_side

if TYPE_CHECKING:
    from gdviz.gui.descent.formula.dialog import FormulaDialog

SCALES = {"linear": "linear", "logarithmic": "logarithmic"}


class TopBar(QFrame):
    """Chooses the surface, the views beside each other, and the scale of the levels.

    Attributes:
        random_button, card_button: stand here; what they do is the tab's.
    """

    def __init__(self, session: DescentSession, views: ViewArea, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.top")
        self.setProperty("role", "bar")
        self._session, self._views, self._look = session, views, look
        self._shown_surface: SurfaceSpec | None = None
        self.dialog: FormulaDialog | None = None
        self._make_controls()
        self._lay_out()
        self.surface_box.activated.connect(lambda _: self._choose_surface())
        self.formula_button.clicked.connect(self.type_formula)
        self.view_box.activated.connect(lambda _: views.choose_view(self.view_box.currentData()))
        self.side_box.activated.connect(lambda _: views.choose_side(self.side_box.currentData()))
        self.level_box.activated.connect(lambda _: self._show_levels())
        self.reset_view_button.clicked.connect(views.reset_view)
        self.marks_button.toggled.connect(views.mark_flat_points)
        views.changed.connect(self._show_views)
        session.spec_changed.connect(self._show_surface)
        self._show_surface()

    def _make_controls(self) -> None:
        look = self._look
        self._own = OwnSurfaces()
        self.surface_box = SurfaceBox(self._own)
        self.formula_button = icon_button(
            "descent.type_formula", "formula", "Your own formula", look, tip="Type a formula (Ctrl+F)"
        )
        self.formula = ElidedLabel("descent.formula")
        self.no_surface_view = muted()
        self.no_surface_view.setObjectName("descent.no_surface_view")
        self.no_surface_view.hide()
        self.view_box = choice_box("descent.view", "View", VIEWS, tip="Contours, the view beside them, or both (V)")
        self.side_box = choice_box("descent.side", "Beside the contours", SIDE_TITLES, tip="What stands beside (D)")
        for row, kind in enumerate(SIDES.values(), start=1):
            self.side_box.setItemData(row, kind.tip, Qt.ItemDataRole.ToolTipRole)
        self.level_box = choice_box("descent.levels", "Levels", SCALES, tip="Contour levels and height (L)")
        self.reset_view_button = icon_button(
            "descent.reset_view", "reset_view", "Show the whole surface", look, tip="Show the whole surface (0)"
        )
        self.marks_button = icon_button(
            "descent.marks", "minima", "Minima and saddle points", look, tip=f"Mark {TIPS} (M)", checkable=True
        )
        self.marks_button.setChecked(True)
        self.random_button = icon_button(
            "descent.random_start", "random", "Random start", look, tip="A random start (N)"
        )
        self.card_button = icon_button(
            "descent.explain", "panel_right", "Explain this step", look, tip="The step card (S)", checkable=True
        )

    def _lay_out(self) -> None:
        layout = FlowLayout(self, margins=(8, 4, 8, 4), spacing=8)
        for widget in (
            side_by_side(muted("surface"), self.surface_box, self.formula_button),
            side_by_side(muted("view"), self.view_box, self.side_box, self.no_surface_view),
            side_by_side(muted("levels"), self.level_box),
            side_by_side(self.reset_view_button, self.marks_button, self.random_button, self.card_button),
            self.formula,
        ):
            layout.addWidget(widget)

    def type_formula(self) -> None:
        """Open the dialog in which a formula is typed, or chosen from those kept."""
        if self.dialog is None:
            from gdviz.gui.descent.formula.dialog import FormulaDialog

            self.dialog = FormulaDialog(self._look, self, store=self._own)
            self.dialog.chosen.connect(self._session.set_surface)
            self.dialog.list.reloaded.connect(self._list_kept)
        self.dialog.open_for(self._session.spec.surface)

    def close_bar(self) -> None:
        """End the dialog's thread."""
        if self.dialog is not None:
            self.dialog.close_dialog()

    def _choose_surface(self) -> None:
        box, session = self.surface_box, self._session
        chosen = box.chosen
        if chosen is None:
            box.show_spec(session.spec.surface)  # until one is chosen
            self.type_formula()
            return
        try:
            session.set_surface(chosen, gesture=box.gesture)
        except ValueError as error:  # of a file that was edited by hand
            session.failed.emit(f"{box.currentText()} cannot be descended: {error}.")
            box.show_spec(session.spec.surface)

    def _list_kept(self) -> None:
        self.surface_box.list_kept()
        self.surface_box.show_spec(self._session.spec.surface)

    def _show_surface(self) -> None:
        spec, surface = self._session.spec, self._session.surface
        if spec.surface != self._shown_surface:
            self._shown_surface = spec.surface
            self.surface_box.show_spec(spec.surface)
            choose(self.level_box, "logarithmic" if surface.logarithmic else "linear")
            self.formula.setText(in_parameters(surface.formula))
            self._show_levels()
            self._views.follow_dimensions(surface.dimensions)

    def _show_levels(self) -> None:
        logarithmic = self.level_box.currentData() == "logarithmic"
        self._views.contours.show_surface(self._session.surface, logarithmic=logarithmic)

    def _show_views(self) -> None:
        choose(self.view_box, self._views.view)
        choose(self.side_box, self._views.side)
        missing = self._views.side == SURFACE and bool(self._views.problem)
        self.no_surface_view.setText(f"no 3-D: {self._views.problem}" if missing else "")
        self.no_surface_view.setVisible(missing)
        self.view_box.setEnabled(not missing)
