"""Maps of what becomes of a descent: by where it starts, or by its learning rate and momentum."""

from __future__ import annotations

import html
import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from gdviz.descent.basins import BasinMap
from gdviz.descent.rate_momentum import RateMomentumMap, momentum_parameter
from gdviz.descent.spec import Point
from gdviz.gui.descent.maps import words
from gdviz.gui.descent.maps.basin_colors import basin_image, rate_image
from gdviz.gui.descent.maps.basins_work import Question, basin_question, rate_question
from gdviz.gui.descent.maps.legend import MapLegend
from gdviz.gui.descent.maps.plot import Cell, MapPlot
from gdviz.gui.descent.maps.progressive import Progressive
from gdviz.gui.descent.maps.sweep_work import what_is_left_out
from gdviz.gui.descent.parameters import NO_SECOND
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.side import SideView
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, bar, choice_box, icon_button, set_look_icon
from gdviz.gui.widgets.timers import one_shot

MAPS = {"starts": "starts", "rates": "rate × momentum"}
SETTLE_MILLISECONDS = 40
BESIDE_FROM, LEGEND_FROM = 60.0, 24.0
"""From this width on, in grid units, the legend stands beside the map, and from this height on it may lie below."""

MAP_DOTS = 480
"""The map of learning rates and momenta has fewer cells, but its hatching is as fine as that of the map of starts."""


class BasinsView(SideView):
    """Shows the map of the selected racer's optimizer; it becomes finer while it is looked at."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__(session, look)
        self.setObjectName("descent.basins")
        self.setAccessibleName("Basins")
        self._question: Question | None = None
        self._watched: QWidget | None = None
        self._found: BasinMap | RateMomentumMap | None = None
        self._complete = False
        self._new = False
        self._axes = ("", "")
        self._problem = ""
        self._make_controls()
        self._lay_out()
        self._work = Progressive("basins", self)
        self._work.made.connect(self._take)
        self._work.ended.connect(self._end)
        self._work.failed.connect(self._say_problem)
        self._settle = one_shot(self, SETTLE_MILLISECONDS, self._ask)
        self.map_box.activated.connect(lambda _: self._refresh())
        self.cancel_button.clicked.connect(self._cancel_or_compute)
        self.plot.pointed.connect(lambda cell: self._show_reading(cell))
        self.plot.picked.connect(self._pick)
        session.spec_changed.connect(self._refresh)
        look.changed.connect(self._draw)

    def reset_view(self) -> None:
        """Show the whole map."""
        self.plot.fit(square=self._shows_starts)

    def close_view(self) -> None:
        """End the thread and the timer."""
        self._settle.stop()
        self._work.close()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it is computed and drawn."""
        super().showEvent(event)
        self._watch(self.window())
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is computed; what is unfinished begins anew."""
        super().hideEvent(event)
        self._watch(None)
        self._settle.stop()
        if self._work.running:
            self._question = None
        self._work.cancel()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self.plot.point_at(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it computes, Escape anywhere in the window stops it, before the window's shortcuts see the key."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._work.running
        ):
            event.accept()
            self._work.cancel()
            return True
        return super().eventFilter(watched, event)

    def _watch(self, window: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)

    @property
    def _shows_starts(self) -> bool:
        return bool(self.map_box.currentData() == "starts")

    def _make_controls(self) -> None:
        look = self.look
        self.map_box = choice_box(
            "descent.basins.map", "Map", MAPS, tip="What the map runs over: starts, or learning rate and momentum"
        )
        self.map_box.setMinimumContentsLength(len(MAPS["rates"]))
        self.cancel_button = icon_button("descent.basins.cancel", "remove", "Stop computing", look, flat=True)
        self.progress = SteadyLabel("100 %", name="descent.basins.progress", role="muted")
        self.plot = MapPlot("descent.basins.plot", "Map of what becomes of each descent", look)
        self.plot.setAccessibleDescription("Arrow keys move over the map, Return uses what the cursor is on")
        self.legend = MapLegend("descent.basins.legend", look)
        self.readout = QLabel()
        self.readout.setObjectName("descent.basins.readout")
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setWordWrap(True)
        self.readout.setContentsMargins(8, 2, 8, 4)

    def _lay_out(self) -> None:
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(0)
        self._middle.addWidget(self.plot, 1)
        self._middle.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar("descent.basins.bar", [self.map_box, None, self.progress, self.cancel_button]))
        column.addLayout(self._middle, 1)
        column.addWidget(self.readout)
        self._fit_readout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the map the width where there is little."""
        super().resizeEvent(event)
        self._place_legend()

    def _place_legend(self) -> None:
        below = self.width() < self.look.pixels(BESIDE_FROM)
        directions = QBoxLayout.Direction
        self._middle.setDirection(directions.TopToBottom if below else directions.LeftToRight)
        self.legend.set_in_short(below)
        self.legend.setVisible(not below or self.height() >= self.look.pixels(LEGEND_FROM))

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for two lines of reading at any text scale, so that the map does not jump."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "readout"):
            self._fit_readout()
            self._place_legend()

    def _fit_readout(self) -> None:
        self.readout.setMinimumHeight(2 * self.readout.fontMetrics().lineSpacing() + 6)

    # What is computed

    def _wanted(self) -> Question | None:
        session = self.session
        if not session.spec.racers:
            return None
        return (basin_question if self._shows_starts else rate_question)(session.spec, session.selected)

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        wanted = self._wanted()
        if wanted == self._question and (wanted is not None or self._problem):
            self._draw_ring()
            return
        if type(wanted) is not type(self._question):
            self._found = None
            self.plot.clear_map()
        self._new = self._new or wanted is None or self._question is None or not _alike(wanted, self._question)
        self._question, self._problem, self._complete = wanted, "", False
        self._work.cancel()
        if wanted is None:
            self._draw_ring()  # there is none any more
            self._say_problem("There is no racer whose map could be drawn; add one.")
        else:
            self._settle.start()

    def _ask(self) -> None:
        if self._question is not None:
            self._work.start(self._question.answers)
            self._show_progress()

    def _take(self, found: BasinMap | RateMomentumMap) -> None:
        self._found = found
        self._draw()
        if self._new:
            self._new = False
            self.reset_view()
        self._show_progress()

    def _end(self, complete: bool) -> None:  # a signal's value
        self._complete = complete
        self._show_progress()

    def _cancel_or_compute(self) -> None:
        if self._work.running:
            self._work.cancel()
        else:
            self._ask()

    def _say_problem(self, text: str) -> None:
        self._problem = text
        self._found = None
        self.plot.clear_map()
        self.legend.show_entries(())
        self._show_progress()
        self._show_reading(None)

    def _show_progress(self) -> None:
        running = self._work.running
        share = self._found.complete if isinstance(self._found, BasinMap) else float(self._complete)
        self.progress.setText(f"{math.floor(100 * share)} %" if running or 0 < share < 1 else "")
        self.cancel_button.setEnabled(running or not (self._complete or self._question is None))
        title = "Stop computing" if running else "Compute the map"
        if self.cancel_button.accessibleName() != title or not self.cancel_button.toolTip().startswith(title):
            self.cancel_button.setAccessibleName(title)
            self.cancel_button.setToolTip(f"{title} (Esc)" if running else title)
            set_look_icon(self.cancel_button, "remove" if running else "reset", self.look)

    # What is drawn

    def _draw(self) -> None:
        if not self.isVisible():
            return
        found, theme = self._found, self.look.theme
        if isinstance(found, BasinMap):
            one = self.session.surface.dimensions == 1
            self._name_axes("w0", NO_SECOND if one else "w1", logarithmic=False)
            self.plot.show_map(basin_image(found, theme), found.w0, found.w1)
            self.plot.set_places(words.places(found))
            self.legend.show_entries(words.basin_entries(found, self.look, self.session.surface.dimensions))
        elif isinstance(found, RateMomentumMap):
            low, high = words.loss_range(found)
            self._name_axes("learning rate", found.parameter.replace("_", " "), logarithmic=True)
            image = rate_image(found, low, high, self.look, max(1, MAP_DOTS // len(found.rates)))
            self.plot.show_map(image, np.log10(found.rates), found.momenta)
            self.plot.set_places(())
            self.legend.show_entries(words.rate_entries(found, self.look))
        self._draw_ring()

    def _name_axes(self, bottom: str, left: str, *, logarithmic: bool) -> None:
        if self._axes != (bottom, left):
            self._axes = (bottom, left)
            self.plot.label(bottom, left)
            self.plot.getAxis("left").setStyle(showValues=left != NO_SECOND)
            self.plot.getAxis("bottom").setLogMode(x=logarithmic)

    def _draw_ring(self) -> None:
        spec = self.session.spec
        if not spec.racers:
            self.plot.set_ring(None, self.look.racer(0))
            return
        racer = spec.racers[self.session.selected]
        color = self.look.racer(racer.color)
        if self._shows_starts:
            self.plot.set_ring(racer.start or spec.start, color)
            return
        name = momentum_parameter(racer.optimizer)
        place = None
        if name is not None:
            values = racer.optimizer.values()
            place = (math.log10(float(values["learning_rate"])), float(values[name]))
        self.plot.set_ring(place, color)

    # What is read and chosen

    def _pick(self, x: float, y: float) -> None:
        session, found = self.session, self._found
        racer = session.spec.racers[session.selected]
        if isinstance(found, BasinMap):
            self._set_start((x, y))
        elif isinstance(found, RateMomentumMap):
            cell = self.plot.cell_at(x, y)
            if cell is not None:
                rate, momentum = float(found.rates[cell[1]]), float(found.momenta[cell[0]])
                optimizer = racer.optimizer.with_setting("learning_rate", rate)
                session.set_optimizer(session.selected, optimizer.with_setting(found.parameter, momentum))

    def _set_start(self, start: Point) -> None:
        self.session.move_start(start)
        self.session.end_gesture()

    def _at(self, cell: Cell, found: BasinMap) -> str:
        """Loss and gradient of a start."""
        surface, w = self.session.surface, np.array([found.w0[cell[1]], found.w1[cell[0]]])
        with np.errstate(all="ignore"):
            loss, gradient = float(surface.value(w)), surface.gradient(w)[: surface.dimensions].tolist()
        return f"Loss {short(loss)}, gradient {', '.join(map(short, gradient))}"

    def _show_reading(self, cell: Cell | None) -> None:
        spec, found = self.session.spec, self._found
        if self._problem:
            self.readout.setText(html.escape(self._problem))
        elif cell is not None and isinstance(found, BasinMap):
            reading = words.basin_reading(found, cell, self.session.surface.dimensions)
            self.readout.setText(f"{reading}. {self._at(cell, found)}")
        elif cell is not None and isinstance(found, RateMomentumMap):
            self.readout.setText(words.rate_reading(found, cell, spec.steps))
        elif spec.racers:
            racer = spec.racers[min(self.session.selected, len(spec.racers) - 1)]
            left_out = what_is_left_out(spec)
            what = "to start there" if self._shows_starts else "to use these settings"
            title = f"{racer.optimizer.declaration.title} {left_out}".strip()
            self.readout.setText(f"{title}, up to {spec.steps} steps. Click {what}.")


def _alike(one: Question, other: Question) -> bool:
    """Whether two maps run over the same places, so that what is in view can stay."""
    return type(one) is type(other) and one.surface == other.surface
