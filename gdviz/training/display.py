"""What a seat's frames show, and when the next one is due."""

from __future__ import annotations

import time
from functools import singledispatchmethod
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gdviz.network.spec import MAX_LAYERS
from gdviz.training.compiler import Compilable
from gdviz.training.messages import Explanation, SetProbe, SetQuestions, SetView

if TYPE_CHECKING:  # importing it imports TensorFlow
    from gdviz.training.session import Session

_FRAME_SECONDS = 1.0 / 60.0
_SLACK_SECONDS = 0.002  # a frame may be that early; otherwise a chunk a little too short would cost a whole other one
_MOST_SAMPLES = 1024


class Display:
    """Chooses what is shown, and paces it: one frame at a time, and at most sixty a second.

    Attributes:
        view: what frames show.
        questions: points that the network is asked about, shape (q, 2).
        probe: the point that is explained; None where none is.
    """

    def __init__(self) -> None:
        self.view = SetView()
        self.questions: NDArray[np.float64] = np.empty((0, 2))
        self.probe: SetProbe | None = None
        self._changed = False
        self._outstanding: int | None = None
        self._sent = 0.0

    @singledispatchmethod
    def show(self, command: SetView | SetQuestions | SetProbe) -> None:
        """Show that from now on; ValueError where it cannot be shown."""
        raise TypeError(type(command).__name__)

    @show.register
    def _(self, command: SetView) -> None:
        left, right, bottom, top = command.extent
        if not all(map(isfinite, command.extent)) or left >= right or bottom >= top:
            raise ValueError(f"extent is {command.extent}; allowed are x1 from, x1 to, x2 from, x2 to, rising")
        _check("samples", command.samples, 1, _MOST_SAMPLES)
        _check("neuron_samples", command.neuron_samples, 0, _MOST_SAMPLES)
        _check("hidden_layer", command.hidden_layer, -1, MAX_LAYERS - 1)
        self.view = command

    @show.register
    def _(self, command: SetQuestions) -> None:
        xy = np.array(command.xy, np.float64)
        if xy.size == 0:
            xy = xy.reshape(0, 2)
        if xy.ndim != 2 or xy.shape[1] != 2:
            raise ValueError(f"questions have shape {xy.shape}; allowed is (q, 2): x1 and x2 of each point")
        if not np.isfinite(xy).all():
            raise ValueError("a question is not finite; every x1 and x2 must be a number")
        self.questions = xy

    @show.register
    def _(self, command: SetProbe) -> None:
        if command.xy is None:
            self.probe = None
            return
        x1, x2 = command.xy
        if not all(map(isfinite, (x1, x2, command.target))):
            raise ValueError("the probe is not finite; x1, x2 and the target must be numbers")
        self.probe = command

    # What -----------------------------------------------------------------------------------------------------------

    def descriptions(self, session: Session) -> tuple[Compilable, ...]:
        """What has to be compiled for training and frames, most important first."""
        return session.descriptions(self.view, len(self.questions), explains=self.probe is not None)

    def picture(self, session: Session) -> dict[str, Any]:
        """The fields of a Frame that show the network."""
        boundary, neurons = session.draw(self.view)
        return {
            "metrics": session.metrics,
            "weights": session.weights,
            "boundary": boundary,
            "neurons": neurons,
            "extent": self.view.extent,
            "test_indices": session.test_indices,
            "learning_rate": session.learning_rate,
            "steps": session.steps,
            "gradients": session.gradients,
            "predictions": session.predictions,
            "answers": session.answers(self.questions),
            "explanation": self._explanation(session),
            "dark": session.dark,
            "flat": session.flat,
            "hidden": session.hidden(self.view.hidden_layer),
            "scaling": session.scaling,
            "best_epoch": session.best_epoch,
            "restored": session.restored,
        }

    def _explanation(self, session: Session) -> Explanation | None:
        probe = self.probe
        return None if probe is None or probe.xy is None else session.explain(probe.xy, probe.target)

    # When -----------------------------------------------------------------------------------------------------------

    def change(self) -> None:
        """There is something new to show."""
        self._changed = True

    def begin(self) -> None:
        """Show a new run at once: frames of older ones are not acknowledged any more."""
        self._changed, self._outstanding, self._sent = True, None, 0.0

    def acknowledge(self, number: int) -> None:
        """That frame is about to be drawn."""
        if number == self._outstanding:
            self._outstanding = None

    def seconds_left(self) -> float:
        """Until a frame may be sent, if there is something new; 0 where it may be already."""
        return max(0.0, self._sent + _FRAME_SECONDS - time.perf_counter())

    def seconds_to_wait(self) -> float | None:
        """Until a frame is due; None where there is nothing new, or the last one still waits for the window."""
        if not self._changed or self._outstanding is not None:
            return None
        left = self.seconds_left()
        return left if left > _SLACK_SECONDS else 0.0

    def sends(self, number: int) -> None:
        """A frame of that number is on its way."""
        self._changed, self._outstanding = False, number
        # Due times keep their distance whatever a chunk took, or every delay would lower the frame rate for good.
        self._sent = max(self._sent + _FRAME_SECONDS, time.perf_counter() - _FRAME_SECONDS)


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}; allowed are {least} to {most}")
