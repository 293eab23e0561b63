"""Taking back, against a list of all that there was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gdviz.gui.widgets.edits import MOST_EDITS, Edits

steps = st.lists(st.one_of(st.integers(0, 9), st.sampled_from(["undo", "redo"])), max_size=60)


@given(steps)
def test_undo_and_redo_walk_along_what_there_was(walk):
    edits: Edits[int] = Edits()
    there, at = [-1], 0  # all values, and which of them is the present one
    for step in walk:
        if step == "undo":
            assert edits.undo(there[at]) == (there[at - 1] if at else None)
            at = max(0, at - 1)
        elif step == "redo":
            assert edits.redo(there[at]) == (there[at + 1] if at + 1 < len(there) else None)
            at = min(len(there) - 1, at + 1)
        else:
            edits.edited(there[at])
            there, at = [*there[: at + 1], step], at + 1
        assert (edits.can_undo, edits.can_redo) == (at > 0, at + 1 < len(there))


@given(st.lists(st.sampled_from(["", "drag", "slide"]), min_size=1, max_size=30))
def test_a_gesture_is_one_step_back_and_edits_without_one_are_one_each(gestures):
    edits: Edits[int] = Edits()
    for number, gesture in enumerate(gestures):
        edits.edited(number, gesture)
    begins = [n for n, gesture in enumerate(gestures) if n == 0 or not gesture or gesture != gestures[n - 1]]
    assert [edits.undo(-1) for _ in begins] == begins[::-1]
    assert not edits.can_undo


def test_a_gesture_that_has_ended_is_followed_by_another_of_its_name():
    edits: Edits[int] = Edits()
    edits.edited(1, "drag")
    edits.end_gesture()
    edits.edited(2, "drag")
    assert [edits.undo(3), edits.undo(2), edits.undo(1)] == [2, 1, None]


def test_the_oldest_edits_are_forgotten():
    edits: Edits[int] = Edits()
    for number in range(MOST_EDITS + 5):
        edits.edited(number)
    back = [edits.undo(-1) for _ in range(MOST_EDITS + 1)]
    assert back[-2:] == [5, None]
