"""The state of tab 1: one spec, the race computed from it, and an index that moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from weakref import WeakMethod

import msgspec
from PySide6.QtCore import QObject, Signal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.races import Race, surface_of
from gdviz.descent.spec import (
    MAX_STEPS,
    Change,
    DescentSpec,
    Point,
    Racer,
    SurfaceSpec,
    first_race,
    moved,
    telling_optimizer,
)
from gdviz.descent.substeps import SubStep, substeps
from gdviz.descent.surface import Surface
from gdviz.gui.descent.race_work import first_look, whole_race
from gdviz.gui.widgets.edits import Edits
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.step_clock import StepClock
from gdviz.gui.widgets.turns import in_turn


class DescentSession(QObject):
    """Holds the spec; computes races off the GUI thread; plays them.

    Signals:
        spec_changed(): the spec is another one, or another racer is selected; controls show it.
        race_changed(): new trajectories are there; views draw them.
        step_changed(): another step is shown.
        substep_changed(): another number of sub-steps of the selected racer's step is shown.
        playing_changed(bool): it plays, or does no longer.
        failed(str): a race could not be computed, for people.
    """

    spec_changed = Signal()
    race_changed = Signal()
    step_changed = Signal()
    substep_changed = Signal()
    playing_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.spec = first_race(surface_of(SurfaceSpec()))
        self.race = Race(self.spec, self.surface)
        self.step = 0
        self.last_step = 0
        self._reach = 0
        self.clock = StepClock(self)
        self.clock.moved.connect(self._time_passed)
        self.loop = False
        self.selected = 0
        self.explaining = False
        self.substep = 0
        self._edits: Edits[DescentSpec] = Edits()
        self._play_when_ready = False
        self._worker = Latest("races", self)
        self._worker.done.connect(self._computed)
        self._worker.failed.connect(self.failed)

    @property
    def surface(self) -> Surface:
        """The surface of the spec."""
        return surface_of(self.spec.surface)

    @property
    def playing(self) -> bool:
        """Whether the index moves by itself."""
        return self.clock.running

    # The spec

    def change(self, spec: DescentSpec, *, gesture: str = "") -> None:
        """Take a new spec and compute its race.

        Args:
            spec: the new one.
            gesture: changes of one name in a row (a drag) are one step of undo.
        """
        if spec == self.spec:
            return
        self._edits.edited(self.spec, gesture)
        self._take(spec)

    def end_gesture(self) -> None:
        """The drag is over: the next change is an undo step of its own."""
        self._edits.end_gesture()

    def undo(self) -> None:
        """Back to the spec before the last change."""
        if (spec := self._edits.undo(self.spec)) is not None:
            self._take(spec)

    def redo(self) -> None:
        """Forward again to the spec that undo left."""
        if (spec := self._edits.redo(self.spec)) is not None:
            self._take(spec)

    def compute(self) -> None:
        """Compute the race of the spec; ``race_changed`` follows, first with as many steps as are seen."""
        self._worker.request(partial(first_look, self.spec, self.step, self._worker))

    def set_start(self, start: Point, *, gesture: str = "") -> None:
        """Let all racers start elsewhere; one with a start of its own keeps that."""
        self.change(msgspec.structs.replace(self.spec, start=start), gesture=gesture)

    def set_own_start(self, index: int, start: Point | None, *, gesture: str = "") -> None:
        """Give a racer a start of its own, or, with None, that of all."""
        racer = msgspec.structs.replace(self.spec.racers[index], start=start)
        self.change(self.spec.with_racer(index, racer), gesture=gesture)

    def move_start(self, start: Point) -> None:
        """Move the selected racer's own start, or where it has none that of all; moves in a row are one gesture.

        Where the loss has one parameter, only that moves.
        """
        own = self.spec.racers[self.selected].start if self.spec.racers else None
        if self.surface.dimensions == 1:
            start = (start[0], (own or self.spec.start)[1])
        if own is not None:
            self.set_own_start(self.selected, start, gesture="start")
        else:
            self.set_start(start, gesture="start")

    def set_surface(self, to: SurfaceSpec, *, gesture: str = "") -> None:
        """Race on another surface, from the start that suits it; ValueError where it is not allowed."""
        if to == self.spec.surface:
            return
        after = surface_of(to)
        if to.key == self.spec.surface.key and to.formula == self.spec.surface.formula:  # the same, its data moved
            self.change(msgspec.structs.replace(self.spec, surface=to), gesture="surface")
            return
        self.go_to(0)
        self.change(moved(self.spec, to, self.surface, after), gesture=gesture)

    def set_optimizer(self, index: int, optimizer: OptimizerSpec, *, step: int = 0, gesture: str = "") -> None:
        """Replace a racer's optimizer or settings, from a step on."""
        racer = self.spec.racers[index]
        change = Change(step, optimizer, racer.at(step).schedule)
        self.change(self.spec.with_racer(index, racer.changed(change)), gesture=gesture)

    def set_schedule(self, index: int, schedule: ScheduleSpec, *, step: int = 0, gesture: str = "") -> None:
        """Replace the schedule of a racer's learning rate, from a step on."""
        racer = self.spec.racers[index]
        change = Change(step, racer.at(step).optimizer, schedule)
        self.change(self.spec.with_racer(index, racer.changed(change)), gesture=gesture)

    def name_of(self, index: int) -> str:
        """What a racer is called wherever it is named; until its race is computed, after its optimizer."""
        racer, race = self.spec.racers[index], self.race
        optimizer = racer.at(MAX_STEPS).optimizer
        for known, trajectory, name in zip(race.spec.racers, race.trajectories, race.names, strict=False):
            if known.color == racer.color and trajectory.optimizer.key == optimizer.key:
                return name
        return optimizer.declaration.title

    def add_racer(self, key: str) -> None:
        """Add a racer and select it; ValueError where there are too many."""
        self._add(Racer(telling_optimizer(key, self.surface)))

    def fork(self, index: int, optimizer: OptimizerSpec) -> None:
        """Add a copy of a racer that goes on otherwise from this step; its settings are those from there on.

        Raises:
            ValueError: there are too many, or the racer has ended and no step is left to go on with.
        """
        racer, step = self.spec.racers[index], self.step
        known = self.race.whole and index < len(self.race.trajectories)
        if known and step >= (ended := self.race.trajectories[index].steps):
            raise ValueError(f"{self.name_of(index)} ended at step {ended}: go back to an earlier step to fork it")
        self._add(racer.fork(Change(step, optimizer, racer.at(step).schedule)))

    def remove_racer(self, index: int) -> None:
        """Take a racer out of the race."""
        self.selected = max(0, min(self.selected - (index < self.selected), len(self.spec.racers) - 2))
        self.change(self.spec.without(index))

    def select(self, index: int) -> None:
        """Make a racer the one whose settings are shown."""
        if index != self.selected and 0 <= index < len(self.spec.racers):
            self.selected = index
            self._keep_substep()
            self.spec_changed.emit()

    # Playing

    def follow_steps(self, draw: Callable[[], object]) -> None:
        """Call a method of a view with every step: in a turn of its own while it plays, otherwise at once."""
        now, later = WeakMethod(draw), in_turn(draw)

        def follow() -> None:
            if self.playing:
                later()
            elif (method := now()) is not None:
                method()

        self.step_changed.connect(follow)

    def play(self) -> None:
        """Play from here, or from the start where the end is reached; at once, or as soon as a race is there."""
        if not self.race.trajectories:
            self._play_when_ready = True
            return
        if self.step >= self.last_step:
            self.go_to(0)
        self.clock.run(True)
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stay at this step."""
        self._play_when_ready = False
        if self.playing:
            self.clock.run(False)
            self.playing_changed.emit(False)

    def play_pause(self) -> None:
        """Play if it stands, stand if it plays."""
        self.pause() if self.playing else self.play()

    def go_to(self, step: int) -> None:
        """Show a step; beyond the ends is the end."""
        step = max(0, min(step, self.last_step))
        self.clock.position = float(step)
        self._show_substep(0)
        self._show(step)

    def reach(self, step: int) -> None:
        """Let steps go on to this one at least, beyond the race's own end: a view shows longer descents beside it."""
        if step != self._reach:
            self._reach = step
            self.last_step = max(self.race.last_step, step)
            self.step = min(self.step, self.last_step)
            self.clock.position = min(self.clock.position, float(self.last_step))
            self.step_changed.emit()

    def step_by(self, steps: int) -> None:
        """Pause, and go some steps on or back."""
        self.pause()
        self.go_to(self.step + steps)

    # Sub-steps

    def explain(self, explaining: bool) -> None:
        """Show steps sub-step by sub-step, or whole."""
        if explaining != self.explaining:
            self.explaining = explaining
            self._show_substep(0)
            self.substep_changed.emit()

    @property
    def takes_apart(self) -> bool:
        """Whether some sub-steps of the selected racer's step are shown, so that it is on its way, and nowhere yet."""
        return self.explaining and not self.playing and self.substep > 0

    @property
    def substeps(self) -> tuple[SubStep, ...]:
        """The sub-steps of the selected racer's step from here to the next; empty where it has ended."""
        if self.selected >= len(self.race.trajectories) or self.step >= self.race.trajectories[self.selected].steps:
            return ()
        return _substeps(self.race, self.selected, self.step)

    def next_substep(self) -> None:
        """One sub-step on; behind the last one is the next step."""
        self.pause()
        if self.substep < len(self.substeps):
            self._show_substep(self.substep + 1)
        else:
            self.go_to(self.step + 1)

    def previous_substep(self) -> None:
        """One sub-step back; before the first one is the last of the step before."""
        self.pause()
        if self.substep > 0:
            self._show_substep(self.substep - 1)
        elif self.step > 0:
            self.go_to(self.step - 1)
            self._show_substep(len(self.substeps))

    def _keep_substep(self) -> None:
        """Stay within the step: another optimizer may take it in fewer sub-steps."""
        if substeps := self.substeps:
            self._show_substep(min(self.substep, len(substeps)))

    def _show_substep(self, substep: int) -> None:
        if substep != self.substep:
            self.substep = substep
            self.substep_changed.emit()

    def rows(self) -> Sequence[int]:
        """For each racer the row of its trajectory that is shown: this step, or its last."""
        return [min(self.step, trajectory.steps) for trajectory in self.race.trajectories]

    def step_in_force(self, index: int) -> int:
        """The step shown; of a racer that has ended its last one, as changes from a later step on have no effect."""
        if not self.race.has_ended(index, self.step):
            return self.step
        return min(self.step, max(0, self.race.trajectories[index].steps - 1))

    def fan_rows(self) -> Sequence[int]:
        """The same for each trajectory of the fan."""
        return [min(self.step, trajectory.steps) for trajectory in self.race.fan]

    def close(self) -> None:
        """End the timer and the thread."""
        self.clock.run(False)
        self._worker.close()

    def _add(self, racer: Racer) -> None:
        spec = self.spec.with_another(racer)
        self.selected = len(spec.racers) - 1
        self.change(spec)

    def _take(self, spec: DescentSpec) -> None:
        self.spec = spec
        self.selected = max(0, min(self.selected, len(spec.racers) - 1))
        self.spec_changed.emit()
        self.compute()

    def _computed(self, race: Race | None) -> None:
        if race is None:  # superseded: what was asked for since follows
            return
        self.race = race
        if race.whole:
            self.last_step = max(race.last_step, self._reach)
        elif race.spec is self.spec:
            self._worker.request(partial(whole_race, self.spec, self._worker))
            self.last_step = max(self.last_step, race.last_step)
        if self.step > self.last_step:
            self.step = self.last_step
            self.clock.position = float(self.step)
        self._keep_substep()
        self.race_changed.emit()
        if self._play_when_ready and race.whole:
            self._play_when_ready = False
            self.play()

    def _time_passed(self) -> None:
        last = self.last_step
        if self.clock.position >= last:
            if not self.loop or last == 0:
                self.go_to(last)
                self.pause()
                return
            self.clock.position %= last
        self._show(int(self.clock.position))

    def _show(self, step: int) -> None:
        if step != self.step:
            self.step = step
            self._show_substep(0)
            self.step_changed.emit()


@lru_cache(maxsize=8)
def _substeps(race: Race, index: int, step: int) -> tuple[SubStep, ...]:
    return substeps(race.surface, race.trajectories[index], step)
