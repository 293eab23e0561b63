"""Points and questions chosen together, moved, removed, relabelled and copied, without a window."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdviz.gui.network import marks
from gdviz.gui.network.state import NetworkState, Painted
from gdviz.network.points import Points

places = st.tuples(st.floats(-6, 6), st.floats(-6, 6))


@st.composite
def chosen_marks(draw):
    """Some points and questions, and a choice among them."""
    xy, questions = draw(st.lists(places, max_size=8)), tuple(draw(st.lists(places, max_size=5)))
    labels = draw(arrays(np.int8, len(xy), elements=st.integers(0, 1)))
    ids = draw(st.lists(st.integers(0, 99), min_size=len(xy), max_size=len(xy), unique=True))
    painted = Painted(Points.of(xy, labels, ids=ids), questions=questions)
    return painted, draw(arrays(np.bool_, len(xy) + len(questions)))


def rows(painted, chosen=None):
    """Each mark as (kind, x1, x2), where it may be chosen."""
    kinds = [*painted.points.labels.tolist(), *["?"] * len(painted.questions)]
    all_of_them = [(kind, *place) for kind, place in zip(kinds, marks.places_of(painted).tolist(), strict=True)]
    return sorted(
        map(
            str,
            all_of_them if chosen is None else [row for row, is_one in zip(all_of_them, chosen, strict=True) if is_one],
        )
    )


def ids_of(painted, chosen):
    return painted.points.ids[chosen[: len(painted.points)]].tolist()


@given(chosen_marks())
def test_without_leaves_exactly_the_others(given_marks):
    painted, chosen = given_marks
    assert rows(marks.without(painted, chosen)) == rows(painted, ~chosen)


@given(chosen_marks(), places)
def test_placed_moves_the_chosen_and_keeps_their_ids(given_marks, way):
    painted, chosen = given_marks
    there = marks.places_of(painted)[chosen] + way
    moved = marks.placed(painted, chosen, there)
    assert moved.points.ids.tolist() == painted.points.ids.tolist()
    assert np.array_equal(marks.places_of(moved)[chosen], there)
    assert rows(moved, ~chosen) == rows(painted, ~chosen)


@given(chosen_marks())
def test_copies_are_added_and_chosen(given_marks):
    painted, chosen = given_marks
    now, copies = marks.with_copies(painted, chosen, marks.places_of(painted)[chosen])
    assert rows(now, copies) == rows(painted, chosen)
    assert rows(now, ~copies) == rows(painted)
    assert len(set(now.points.ids.tolist())) == len(now.points)


@given(chosen_marks(), st.integers(0, 1))
def test_relabelled_makes_points_of_questions(given_marks, label):
    painted, chosen = given_marks
    now, still = marks.relabelled(painted, chosen, label, 0.5)
    assert rows(now, ~still) == rows(painted, ~chosen)
    assert rows(now, still) == sorted(str((label, *place)) for place in marks.places_of(painted)[chosen].tolist())
    assert (now.points.values[still[: len(now.points)]] == 0.5).all()


@given(chosen_marks())
def test_asked_about_makes_questions_of_points(given_marks):
    painted, chosen = given_marks
    now, still = marks.asked_about(painted, chosen)
    assert rows(now, ~still) == rows(painted, ~chosen)
    assert rows(now, still) == sorted(str(("?", *place)) for place in marks.places_of(painted)[chosen].tolist())


@given(chosen_marks(), st.data())
def test_a_choice_follows_its_points_whatever_happens_to_others(given_marks, data):
    painted, chosen = given_marks
    gone = data.draw(arrays(np.bool_, len(chosen)))
    left = marks.without(painted, gone)
    now = marks.followed(_state(painted), _state(left), chosen)
    assert ids_of(left, now) == ids_of(painted, chosen & ~gone)
    kept = {place for place, is_one in zip(painted.questions, chosen[len(painted.points) :], strict=True) if is_one}
    if len(left.questions) < len(painted.questions):
        assert all(
            (place in kept) == is_one for place, is_one in zip(left.questions, now[len(left.points) :], strict=True)
        )


def test_a_moved_question_stays_chosen():
    before, after = NetworkState(questions=((0.0, 0.0), (1.0, 1.0))), NetworkState(questions=((0.0, 0.0), (2.0, 2.0)))
    assert marks.followed(before, after, np.array([False, True])).tolist() == [False, True]


def _state(painted):
    return NetworkState(painted.points, questions=painted.questions)
