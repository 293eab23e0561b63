"""The box of all surfaces: those of the catalog, one's own, and the way to type another."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.gui.descent.formula.check import wrong_bounds
from gdviz.gui.descent.formula.own_surfaces import OwnSurfaces
from gdviz.gui.widgets.controls import ChoiceBox, choose, fill_choices


class SurfaceBox(ChoiceBox):
    """Offers surfaces, and shows the name of the one in use.

    A spec does not say what its formula is called: the name is that of the kept surface with this formula and these
    bounds. So it follows when that is renamed, deleted or brought back, and undo needs to know nothing of names.
    """

    def __init__(self, store: OwnSurfaces) -> None:
        """Args: store: of one's own surfaces."""
        super().__init__()
        self._store = store
        self._kept: dict[str, SurfaceSpec] = {}
        titles = {key: surface.title for key, surface in SURFACES.items()}
        fill_choices(self, "descent.surface_choice", "Loss surface", titles)
        self.list_kept()

    def list_kept(self) -> None:
        """Offer what is kept now, behind the catalog."""
        chosen = self.currentData()
        while self.count() > len(SURFACES):
            self.removeItem(len(SURFACES))
        self._kept = {}
        for surface in self._store.peek():
            if wrong_bounds(surface.bounds):
                continue  # of a file that was edited by hand; the dialog says what is wrong
            if not self._kept:
                self.insertSeparator(self.count())
            self._kept[f"own:{surface.name}"] = surface.spec
            self.addItem(surface.name, f"own:{surface.name}")
            self.setItemData(self.count() - 1, surface.formula, Qt.ItemDataRole.ToolTipRole)
        self.addItem("Your own formula …", FORMULA)
        choose(self, chosen)

    @property
    def chosen(self) -> SurfaceSpec | None:
        """The surface that is chosen; None where one is to be typed."""
        key = str(self.currentData())
        return None if key == FORMULA else self._kept.get(key) or SurfaceSpec(key)

    def show_spec(self, spec: SurfaceSpec) -> None:
        """Show what a surface is called."""
        if self._kept.get(str(self.currentData())) == spec:
            return  # of several names for the same formula the chosen one stays
        choose(self, next((key for key, kept in self._kept.items() if kept == spec), spec.key))
