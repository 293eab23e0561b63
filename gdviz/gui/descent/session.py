"""The state of tab 1: one spec, the trajectories computed from it, and an index that moves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import surface
from gdviz.descent.spec import DescentSpec, Point, first_race, moved, telling_optimizer
from gdviz.descent.surface import Surface
from gdviz.descent.trajectory import StoppingRule, Trajectory, race
from gdviz.gui.widgets.latest import Latest

FRAME_MILLISECONDS = 16
UNDO_DEPTH = 200
FIRST_SURFACE = "two_wells"


@dataclass(frozen=True, slots=True)
class Race:
    """A computed race: the spec it answers, and a trajectory for each of its racers."""

    spec: DescentSpec
    trajectories: tuple[Trajectory, ...]

    @property
    def last_step(self) -> int:
        """The step at which the last racer ends."""
        return max((trajectory.steps for trajectory in self.trajectories), default=0)


class DescentSession(QObject):
    """Holds the spec; computes races off the GUI thread; plays them.

    Signals:
        spec_changed(): the spec is another one; controls show it.
        race_changed(): new trajectories are there; views draw them.
        step_changed(): another step is shown.
        playing_changed(bool): it plays, or does no longer.
        failed(str): a race could not be computed, for people.
    """

    spec_changed = Signal()
    race_changed = Signal()
    step_changed = Signal()
    playing_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.spec = first_race(surface(FIRST_SURFACE))
        self.race = Race(self.spec, ())
        self.step = 0
        self.speed = 30.0
        self.loop = False
        self.selected = 0
        self._undo: list[DescentSpec] = []
        self._redo: list[DescentSpec] = []
        self._gesture = ""
        self._position = 0.0
        self._last_time = 0.0
        self._play_when_ready = False
        self._worker = Latest("races", self)
        self._worker.done.connect(self._computed)
        self._worker.failed.connect(self.failed)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._tick)

    @property
    def surface(self) -> Surface:
        """The surface of the spec."""
        return surface(self.spec.surface)

    @property
    def playing(self) -> bool:
        """Whether the index moves by itself."""
        return self._timer.isActive()

    def change(self, spec: DescentSpec, *, gesture: str = "") -> None:
        """Take a new spec and compute its race.

        Args:
            spec: the new one.
            gesture: changes of one name in a row (a drag) are one step of undo.
        """
        if spec == self.spec:
            return
        if not gesture or gesture != self._gesture:
            self._undo = [*self._undo[-UNDO_DEPTH + 1 :], self.spec]
        self._gesture = gesture
        self._redo.clear()
        self._take(spec)

    def end_gesture(self) -> None:
        """The drag is over: the next change is an undo step of its own."""
        self._gesture = ""

    def undo(self) -> None:
        """Back to the spec before the last change."""
        if self._undo:
            self._redo.append(self.spec)
            self._gesture = ""
            self._take(self._undo.pop())

    def redo(self) -> None:
        """Forward again to the spec that undo left."""
        if self._redo:
            self._undo.append(self.spec)
            self._gesture = ""
            self._take(self._redo.pop())

    def compute(self) -> None:
        """Compute the race of the spec; ``race_changed`` follows."""
        self._worker.request(partial(_run, self.spec))

    def set_start(self, start: Point, *, gesture: str = "") -> None:
        """Let all racers start elsewhere."""
        self.change(msgspec.structs.replace(self.spec, start=start), gesture=gesture)

    def set_surface(self, key: str) -> None:
        """Race on another surface, from the start that suits it."""
        if key != self.spec.surface:
            self.go_to(0)
            self.change(moved(self.spec, self.surface, surface(key)))

    def set_optimizer(self, index: int, optimizer: OptimizerSpec, *, gesture: str = "") -> None:
        """Replace one racer's optimizer or settings."""
        self.change(self.spec.with_racer(index, optimizer), gesture=gesture)

    def add_racer(self, key: str) -> None:
        """Add a racer and select it; ValueError where there are too many."""
        spec = self.spec.with_another(telling_optimizer(key, self.surface))
        self.selected = len(spec.racers) - 1
        self.change(spec)

    def remove_racer(self, index: int) -> None:
        """Take a racer out of the race."""
        self.selected = max(0, min(self.selected, len(self.spec.racers) - 2))
        self.change(self.spec.without(index))

    def select(self, index: int) -> None:
        """Make a racer the one whose settings are shown."""
        if index != self.selected and 0 <= index < len(self.spec.racers):
            self.selected = index
            self.spec_changed.emit()

    def play(self) -> None:
        """Play from here, or from the start where the end is reached; at once, or as soon as a race is there."""
        if not self.race.trajectories:
            self._play_when_ready = True
            return
        if self.step >= self.race.last_step:
            self.go_to(0)
        self._last_time = time.perf_counter()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stay at this step."""
        self._play_when_ready = False
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def play_pause(self) -> None:
        """Play if it stands, stand if it plays."""
        self.pause() if self.playing else self.play()

    def go_to(self, step: int) -> None:
        """Show a step; beyond the ends is the end."""
        step = max(0, min(step, self.race.last_step))
        self._position = float(step)
        self._show(step)

    def step_by(self, steps: int) -> None:
        """Pause, and go some steps on or back."""
        self.pause()
        self.go_to(self.step + steps)

    def rows(self) -> Sequence[int]:
        """For each racer the row of its trajectory that is shown: this step, or its last."""
        return [min(self.step, trajectory.steps) for trajectory in self.race.trajectories]

    def close(self) -> None:
        """End the timer and the thread."""
        self._timer.stop()
        self._worker.close()

    def _take(self, spec: DescentSpec) -> None:
        self.spec = spec
        self.selected = max(0, min(self.selected, len(spec.racers) - 1))
        self.spec_changed.emit()
        self.compute()

    def _computed(self, result: object) -> None:
        assert isinstance(result, Race)
        self.race = result
        if self.step > result.last_step:
            self.step = result.last_step
            self._position = float(self.step)
        self.race_changed.emit()
        if self._play_when_ready:
            self._play_when_ready = False
            self.play()

    def _tick(self) -> None:
        now = time.perf_counter()
        self._position += (now - self._last_time) * self.speed
        self._last_time = now
        last = self.race.last_step
        if self._position >= last:
            if self.loop and last > 0:
                self._position %= last
            else:
                self.go_to(last)
                self.pause()
                return
        self._show(int(self._position))

    def _show(self, step: int) -> None:
        if step != self.step:
            self.step = step
            self.step_changed.emit()


def _run(spec: DescentSpec) -> Race:
    rule = StoppingRule(tolerance=spec.tolerance)
    optimizers = [racer.optimizer for racer in spec.racers]
    return Race(spec, tuple(race(surface(spec.surface), optimizers, spec.start, spec.steps, rule)))
