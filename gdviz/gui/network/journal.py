"""What can be taken back: edits of the state by gesture, and edits of weights, which are the training process's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gdviz.gui.network.state import NetworkState

MOST_EDITS = 200


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


class Journal:
    """Edits by gesture: a drag is one step back, however many points it sprayed."""

    def __init__(self) -> None:
        self._past: list[NetworkState | WeightEdit] = []
        self._future: list[NetworkState | WeightEdit] = []
        self._gesture: object = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._future)

    def edited(self, before: NetworkState, gesture: str = "") -> None:
        """The state was edited.

        Args:
            before: what it was.
            gesture: edits of one name in a row are one.
        """
        if not gesture or gesture != self._gesture:
            self._add(before)
        self._gesture = gesture
        self._future = []

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

    def undo(self, now: NetworkState) -> NetworkState | WeightEdit | None:
        """What takes the last edit back: the state before it, or another edit of the weight; None where there is none.

        Args:
            now: the state, to come back to by ``redo``.
        """
        self._gesture = ""
        if not self._past:
            return None
        edit = self._past.pop()
        self._future.append(edit if isinstance(edit, WeightEdit) else now)
        return edit.back if isinstance(edit, WeightEdit) else edit

    def redo(self, now: NetworkState) -> NetworkState | WeightEdit | None:
        """What makes the edit again that was taken back last; None where there is none."""
        self._gesture = ""
        if not self._future:
            return None
        edit = self._future.pop()
        self._past.append(edit if isinstance(edit, WeightEdit) else now)
        return edit

    def _add(self, edit: NetworkState | WeightEdit) -> None:
        self._past = [*self._past[1 - MOST_EDITS :], edit]
