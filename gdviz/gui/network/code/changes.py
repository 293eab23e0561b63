"""What was changed while a network trained: a script that trains with what is set now cannot lead to its result."""

from __future__ import annotations

import msgspec

from gdviz.gui.network.state import NetworkState
from gdviz.gui.numbers import whole
from gdviz.network.spec import PARAMETERS, TrainingSpec
from gdviz.training.messages import Frame

_RATE = "learning_rate"
_AFTERWARDS = "epochs"
"""To train for longer changes nothing of what was trained."""


class Changes:
    """Follows one run after the other."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._frame: Frame | None = None

    @property
    def note(self) -> str:
        """Sentences for people; "" where nothing was changed."""
        if not self._since:
            return ""
        said = ", ".join(f"{name} from epoch {whole(epoch)}" for name, epoch in self._since.items())
        return (
            f"Changed while it trained: {said}. "
            "This script trains with what is set now from the start, so it gives another result."
        )

    def begin(self) -> None:
        """Another run begins."""
        self._since.clear()
        self._frame = None

    def take(self, frame: Frame) -> None:
        """What was trained with other settings is over where training went on from an earlier epoch."""
        before, self._frame = self._frame, frame
        if before is not None and _is_earlier(before) and len(frame.history):  # rather than back at the newest
            went_on = {name: min(epoch, before.epoch) for name, epoch in self._since.items()}
            self._since = {name: epoch for name, epoch in went_on.items() if epoch > 0}

    def note_names(self, names: list[str]) -> None:
        """These were changed now."""
        frame = self._frame
        if frame is not None and (frame.epoch or frame.batch):
            for name in names:
                self._since.setdefault(name, frame.epoch)


def changed(before: NetworkState, now: NetworkState) -> list[str]:
    """The names of what training would do otherwise now, as a person reads them."""
    first, then = before.training, now.training
    names = [_title(field) for field in TrainingSpec.__struct_fields__ if _differs(first, then, field)]
    if "optimizer" in names and _with_rate_of(first, then) == then:
        names[names.index("optimizer")] = _title(_RATE)
    names += [name.upper() for name in ("l1", "l2") if getattr(before.network, name) != getattr(now.network, name)]
    if [layer.dropout for layer in before.network.hidden] != [layer.dropout for layer in now.network.hidden]:
        names.append("dropout")
    if before.points is not now.points:
        names.append("points")
    return names


def _is_earlier(frame: Frame) -> bool:
    return bool(len(frame.kept)) and frame.epoch < frame.kept[-1]


def _differs(first: TrainingSpec, then: TrainingSpec, field: str) -> bool:
    return field != _AFTERWARDS and getattr(first, field) != getattr(then, field)


def _with_rate_of(first: TrainingSpec, then: TrainingSpec) -> TrainingSpec:
    """The second training, with the optimizer of the first at the second one's learning rate."""
    optimizer = first.optimizer.with_setting(_RATE, then.optimizer.learning_rate)
    return msgspec.structs.replace(then, optimizer=optimizer)


def _title(field: str) -> str:
    return PARAMETERS[field].title if field in PARAMETERS else field.replace("_", " ")
