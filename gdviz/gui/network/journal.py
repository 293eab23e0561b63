"""What can be taken back: edits of the state by gesture, and edits of weights, which are the training process's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gdviz.gui.network.state import NetworkState
from gdviz.gui.widgets.edits import Edits


@dataclass(frozen=True, slots=True)
class WeightEdit:
    """A weight or bias that a person changed; tensor and place as in ``SetWeight``."""

    tensor: int
    place: tuple[int, ...]
    before: float
    after: float

    @property
    def back(self) -> WeightEdit:
        """The edit that takes this one back."""
        return replace(self, before=self.after, after=self.before)


class Journal(Edits[NetworkState | WeightEdit]):
    """States that were edited and weights that were, in one row: either is taken back when its turn comes."""

    def weight_edited(self, edit: WeightEdit, gesture: object) -> None:
        """A weight was edited; edits of one gesture in a row are one, which began with the ``before`` of the first."""
        if gesture == self._gesture:
            self._past.pop()
        if edit.before != edit.after:
            self._add(edit)
            self._gesture = gesture
        else:
            self._gesture = ""
        self._future = []

    def forget_weights(self) -> None:
        """Others are trained from now on: edits of the old ones cannot be taken back."""
        self._past = [each for each in self._past if not isinstance(each, WeightEdit)]
        self._future = [each for each in self._future if not isinstance(each, WeightEdit)]
        self._gesture = ""

    def undo(self, now: NetworkState | WeightEdit) -> NetworkState | WeightEdit | None:
        """What takes the last edit back: the state before it, or another edit of the weight; None where there is none.

        Args:
            now: the state, to come back to by ``redo``.
        """
        edit = super().undo(now)
        return edit.back if isinstance(edit, WeightEdit) else edit

    def _remembered(self, edit: NetworkState | WeightEdit, now: NetworkState | WeightEdit) -> NetworkState | WeightEdit:
        return edit if isinstance(edit, WeightEdit) else now
