"""Generated points made anew while a slider moves: thirty times a second at most, one step of undo a gesture."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gdviz.gui.network.geometry import extent_of, inside
from gdviz.gui.network.state import Source
from gdviz.gui.network.store import Store
from gdviz.gui.widgets.timers import one_shot

BETWEEN_MILLISECONDS = 30
IDLE_MILLISECONDS = 800
"""Keys and typed digits that follow each other faster than this are one gesture."""


class LiveSource(QObject):
    """Changes samples, noise and seed of the data set; what the network has learned is kept."""

    def __init__(self, store: Store, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._wanted: Source | None = None
        self._open, self._name = False, ""
        self._between = one_shot(self, BETWEEN_MILLISECONDS, self._draw)
        self._idle = one_shot(self, IDLE_MILLISECONDS, self.finish)

    def edit(self, name: str, value: float) -> None:
        """Another value of samples, noise or seed; nothing where the points are not generated."""
        source = self._wanted or self._store.state.source
        if source is None:
            return
        if self._open and name != self._name:
            self.finish()
            source = self._store.state.source or source
        self._name = name
        if not (self._open and self._store.is_stroking):
            self._store.begin_stroke()
            self._store.replaced.emit()
            self._open = True
        self._wanted = source.having(name, value)
        self._idle.start()
        if not self._between.isActive():
            self._draw()

    def finish(self) -> None:
        """The gesture is over: the next value begins another step of undo."""
        if self._open:
            self._draw()
            self._store.end_stroke()
        self.forget()

    def forget(self) -> None:
        """Another gesture has begun, and with it ended this one."""
        self._open, self._wanted = False, None
        self.close()

    def close(self) -> None:
        """End the timers."""
        self._between.stop()
        self._idle.stop()

    def _draw(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or not self._store.is_stroking:
            return  # it was taken back meanwhile
        self._between.start()
        made, extent = wanted.painted(), self._store.state.extent
        if not inside(xy=made.points.xy, extent=extent).all():
            extent = (
                made.extent if inside(xy=made.points.xy, extent=made.extent).all() else extent_of(points=made.points)
            )
        self._store.change(points=made.points, source=wanted, extent=extent)
