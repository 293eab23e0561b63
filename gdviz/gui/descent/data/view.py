"""The samples that a loss is made of, what the racers make of them, and which of them a step looks at."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from gdviz.descent.races import DATA_LOSSES
from gdviz.descent.spec import Sample, SurfaceSpec
from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.data.fits import boundary, line, residuals
from gdviz.gui.descent.data.noise_bar import NoiseBar
from gdviz.gui.descent.data.plot import SamplePlot
from gdviz.gui.descent.data.row import SampleRow
from gdviz.gui.descent.data.samples import (
    FEWEST,
    at_place,
    batch_at,
    is_line,
    place_of,
    samples_of,
    touched,
    with_samples,
)
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.side import SideView
from gdviz.gui.numbers import percent, place, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, bar, icon_button, muted

CHOICES = {"line_mse": "Line through data", "perceptron_bce": "Perceptron"}
TIP = """Drag a sample; double click adds one, right click or Delete removes it.
Strokes and rings: how far the selected racer is off.
Filled samples: those that this step looks at."""
NONE_CHOSEN = "No sample is chosen: click one, then Delete removes it."
TOO_FEW = f"The loss needs {FEWEST} samples: add one with a double click, then this one can be removed."

MARGIN = 0.12
"""Room around the samples, as a share of their range."""


class DataView(SideView):
    """Shows and edits the samples, and chooses where gradients come from."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__(session, look)
        self.setObjectName("descent.data")
        self.setAccessibleName("The samples that the loss is made of")
        self._fitted_for = ""
        self._chosen = 0
        self._is_picked = False  # with the mouse
        self._held: int | None = None
        self.noise = NoiseBar(session, look)
        self.plot = SamplePlot(look)
        self.plot.setToolTip(TIP)
        self.plot.describe = self._describe
        self.cost = ElidedLabel("descent.data.cost")
        self.cost.setAccessibleName("Samples touched so far")
        self.row = SampleRow(look)
        self.row.hide()
        self.in_numbers = icon_button(
            "descent.data.in_numbers",
            "point",
            "Numbers",
            look,
            tip="Type where a sample is, add and remove samples without the mouse",
            checkable=True,
            text=True,
        )
        self.in_numbers.toggled.connect(self._show_numbers)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.noise)
        column.addWidget(self.plot, 1)
        column.addWidget(bar("descent.data.below", [self.cost, self.in_numbers]))
        column.addWidget(self.row)
        self.pages = QStackedLayout(self)
        self.pages.addWidget(self._empty_page())
        self.pages.addWidget(filled)
        self._connect()

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("descent.data.empty")
        words = muted("This surface is not made of data. Choose “Line through data” or “Perceptron”.")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for key, title in CHOICES.items():
            button = QPushButton(title)
            button.setObjectName(f"descent.data.choose_{key}")
            button.setAccessibleName(title)
            button.setToolTip(f"Race on “{DATA_LOSSES[key].title}”")
            button.clicked.connect(lambda _=False, key=key: self.session.set_surface(SurfaceSpec(key)))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(words)
        column.addLayout(buttons)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        box, session = self.plot.box, self.session
        box.pressed.connect(self._take_hold)
        box.dragged.connect(self._drag)
        box.released.connect(self._release)
        box.added.connect(self._add)
        box.removed.connect(self._remove_at)
        box.sigRangeChanged.connect(lambda *_: self._show_step())
        self.row.chosen.connect(self._choose)
        self.row.edited.connect(lambda sample: self._replace(self._chosen, sample))
        self.row.add.connect(self._add_beside)
        self.row.remove.connect(lambda: self._remove(self._chosen))
        session.spec_changed.connect(self._refresh)
        session.race_changed.connect(self._show_step)
        session.step_changed.connect(self._show_step)
        self.look.changed.connect(self._refresh)

    def reset_view(self) -> None:
        """Bring all samples into view."""
        self._fitted_for = ""
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    @property
    def _surface(self) -> SurfaceSpec:
        return self.session.spec.surface

    @property
    def is_filled(self) -> bool:
        """Whether the surface is made of data."""
        return self._surface.key in DATA_LOSSES

    def _refresh(self) -> None:
        """Show another spec."""
        if not self.isVisible():
            return
        self.pages.setCurrentIndex(int(self.is_filled))
        if not self.is_filled:
            self._fitted_for = ""
            return
        self._chosen = min(self._chosen, len(samples_of(self._surface)) - 1)
        self.noise.show_spec()
        if self.in_numbers.isChecked():
            self.row.show_sample(self._surface, self._chosen)
        if self._fitted_for != self._surface.key:
            self._is_picked = False
            self._fit()
        self._show_step()

    def _fit(self) -> None:
        places = self._places()
        low, high = places.min(axis=0), places.max(axis=0)
        if is_line(self._surface):  # the line that it begins with, too, unless that is far away
            w0, w1 = self.session.spec.start
            ends, reach = [w0 + w1 * low[0], w0 + w1 * high[0]], max(high[1] - low[1], 1.0)
            low[1], high[1] = max(min(low[1], *ends), low[1] - reach), min(max(high[1], *ends), high[1] + reach)
        spare = MARGIN * np.maximum(high - low, 1.0)
        self._fitted_for = self._surface.key
        names = ("hours of preparation t", "grade") if is_line(self._surface) else ("x1", "x2")
        self.plot.box.setAspectLocked(
            not is_line(self._surface)
        )  # so that w is seen to be perpendicular to the boundary
        self.plot.label(*names)
        self.plot.show_frame(low[0] - spare[0], high[0] + spare[0], low[1] - spare[1], high[1] + spare[1])

    def _show_step(self) -> None:
        """Draw the samples, and what each racer makes of them at the step shown."""
        if not self.isVisible() or not self.is_filled or not self._fitted_for:
            return
        session, spec, places = self.session, self.session.spec, self._places()
        in_batch = np.zeros(len(places))
        in_batch[batch_at(spec, session.step)] = 1.0
        labels = None if is_line(spec.surface) else [int(sample[2]) for sample in samples_of(spec.surface)]
        self.plot.show_samples(places, labels, in_batch, self._chosen if self._is_one_chosen else None)
        self._show_fits(places)
        self.cost.setText(self._cost())

    def _show_fits(self, places: FloatArray) -> None:
        session, race, look = self.session, self.session.race, self.look
        known = race.spec.surface.key == self._surface.key
        weights = [t.positions[row] for t, row in zip(race.trajectories, session.rows(), strict=True)] if known else []
        colors = [look.racer(racer.color) for racer in race.spec.racers[: len(weights)]]
        selected = min(session.selected, len(weights) - 1)
        (left, right), (low, high) = self.plot.box.viewRange()
        drawn = line if is_line(self._surface) else boundary
        lines = [drawn(w, (left, right), (low, high)) for w in weights]
        self.plot.show_lines(lines, colors, selected)
        w = weights[selected] if weights else None
        color = colors[selected] if weights else look.racer(0)
        strokes, errors = np.empty((0, 2, 2)), np.empty(0)
        if w is not None and is_line(self._surface):
            predicted = np.column_stack([places[:, 0], w[0] + w[1] * places[:, 0]])
            strokes = np.stack([places, predicted], axis=1)
        elif w is not None:
            errors = np.abs(residuals(w, places, np.array([sample[2] for sample in samples_of(self._surface)])))
        self.plot.show_residuals(strokes, color)
        self.plot.show_rings(errors, color)
        self.plot.show_probability(None if is_line(self._surface) else w)

    def _cost(self) -> str:
        session, race = self.session, self.session.race
        if race.spec.surface.key != self._surface.key or not race.trajectories:
            return ""
        index = min(session.selected, len(race.trajectories) - 1)
        count = len(samples_of(race.spec.surface))
        looked = touched(race, index, session.step)
        return f"{whole(looked)} samples touched: {looked / count:.1f} times all {count}"

    def _places(self) -> FloatArray:
        return np.array([place_of(self._surface, sample) for sample in samples_of(self._surface)])

    def _describe(self, x: float, y: float) -> str:
        """What the selected racer says at the cursor."""
        session, race = self.session, self.session.race
        if race.spec.surface.key != self._surface.key or not race.trajectories:
            return ""
        index = min(session.selected, len(race.trajectories) - 1)
        w = race.trajectories[index].positions[session.rows()[index]]
        if is_line(self._surface):
            return f"t {place(x)}   grade {place(y)}\nthe line says {place(float(w[0] + w[1] * x))}"
        probability = 0.5 * (1.0 + np.tanh(0.5 * (w[0] * x + w[1] * y)))
        return f"x1 {place(x)}   x2 {place(y)}\ngreen {percent(float(probability))}"

    def _show_numbers(self, shown: bool) -> None:
        self.row.setVisible(shown)
        self._refresh()

    # Gestures

    def _choose(self, index: int) -> None:
        self._chosen = index
        self._refresh()

    @property
    def _is_one_chosen(self) -> bool:
        return self._is_picked or self.in_numbers.isChecked()

    def _take_hold(self, x: float, y: float) -> None:
        """Choose the sample here, or none; while one is edited in numbers, that one stays."""
        self._held = self.plot.nearest(x, y)
        self._is_picked = self._held is not None
        if self._held is not None:
            self._choose(self._held)

    def _drag(self, x: float, y: float) -> None:
        if self._held is not None:
            sample = samples_of(self._surface)[self._held]
            self._replace(self._held, at_place(self._surface, sample, x, y))

    def _release(self) -> None:
        self._held = None
        self.session.end_gesture()
        (left, right), (low, high) = self.plot.box.viewRange()
        places = self._places()
        if not ((places >= (left, low)) & (places <= (right, high))).all():  # it was moved out of the picture
            self._fit()
        self._show_step()

    def _add(self, x: float, y: float) -> None:
        """One more, like the one that is chosen."""
        samples = samples_of(self._surface)
        added = at_place(self._surface, samples[self._chosen], x, y)
        self._chosen, self._is_picked = len(samples), True
        self._take((*samples, added))

    def _add_beside(self) -> None:
        (left, right), (low, high) = self.plot.box.viewRange()
        self._add(round((left + right) / 2, 2), round((low + high) / 2, 2))

    def _remove_at(self, x: float, y: float) -> None:
        index = self.plot.nearest(x, y)
        if index is not None:
            self._remove(index)

    def remove_chosen(self) -> None:
        """Remove the sample that is chosen; where none is, or too few would be left, say so."""
        if not self.is_filled:
            return
        if self._is_one_chosen:
            self._remove(self._chosen)
        else:
            self.refused.emit(NONE_CHOSEN)

    def _remove(self, index: int) -> None:
        samples = samples_of(self._surface)
        if len(samples) <= FEWEST:
            self.refused.emit(TOO_FEW)
            return
        self._is_picked = False  # so that another Delete does not take its neighbour
        self._take(samples[:index] + samples[index + 1 :])

    def _replace(self, index: int, sample: Sample) -> None:
        samples = samples_of(self._surface)
        self.session.set_surface(with_samples(self._surface, (*samples[:index], sample, *samples[index + 1 :])))

    def _take(self, samples: tuple[Sample, ...]) -> None:
        """Change how many there are: a step of undo of its own."""
        self.session.end_gesture()
        self.session.set_surface(with_samples(self._surface, samples))
        self.session.end_gesture()
