"""What can be taken back: a value's earlier ones, by gesture."""

from __future__ import annotations

from typing import Generic, TypeVar

MOST_EDITS = 200

Edit = TypeVar("Edit")


class Edits(Generic[Edit]):
    """Edits by gesture: a drag is one step back, however many values it went through.

    An edit is remembered as the value that was there before it.
    """

    def __init__(self) -> None:
        self._past: list[Edit] = []
        self._future: list[Edit] = []
        self._gesture: object = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._future)

    def edited(self, before: Edit, gesture: object = "") -> None:
        """There is another value now.

        Args:
            before: what it was.
            gesture: edits of one name in a row are one.
        """
        if not gesture or gesture != self._gesture:
            self._add(before)
        self._gesture = gesture
        self._future = []

    def end_gesture(self) -> None:
        """The next edit is a step back of its own."""
        self._gesture = ""

    def undo(self, now: Edit) -> Edit | None:
        """The value before the last edit; None where there is none.

        Args:
            now: the value, to come back to by ``redo``.
        """
        return self._moved(self._past, self._future, now)

    def redo(self, now: Edit) -> Edit | None:
        """The value that was taken back last; None where there is none."""
        return self._moved(self._future, self._past, now)

    def _moved(self, source: list[Edit], target: list[Edit], now: Edit) -> Edit | None:
        self._gesture = ""
        if not source:
            return None
        edit = source.pop()
        target.append(self._remembered(edit, now))
        return edit

    def _remembered(self, edit: Edit, now: Edit) -> Edit:
        """What leads back from an edit that is taken back, or made again."""
        return now

    def _add(self, edit: Edit) -> None:
        self._past = [*self._past[1 - MOST_EDITS :], edit]
