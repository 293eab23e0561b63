"""Points and questions as text of the clipboard: a line each, tabs between x, y and label, as spreadsheets have it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from gdviz.gui.network import marks
from gdviz.gui.network.data_drop import dropped
from gdviz.gui.network.geometry import FloatArray, extent_of, from_canvas, inside, to_canvas
from gdviz.gui.network.marks import Mask
from gdviz.gui.network.painting import FULL, INKS, has_room
from gdviz.gui.network.selected import BESIDE
from gdviz.gui.network.state import NetworkState, Painted, Position
from gdviz.network.points import LABELS, Points, labels_of

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

QUESTION_WORD = INKS[-1]
"""What a question has in place of a label or value."""

OWN = "application/x-gdviz-points"
"""The clipboard's format of marks copied here, beside the text for spreadsheets."""

THE_CLIPBOARD = "the clipboard"


def text_of(painted: Painted, chosen: Mask, *, values: bool) -> str:
    """The chosen marks, the names of the columns first.

    Args:
        painted: all there is.
        chosen: which of its marks.
        values: whether the third column is the value, rather than the label.
    """
    points = painted.points.kept(chosen[: len(painted.points)])
    thirds = (
        [f"{value!r}" for value in points.values.tolist()] if values else [LABELS[label] for label in points.labels]
    )
    thirds += [QUESTION_WORD] * int(chosen[len(painted.points) :].sum())
    rows = [
        f"{x!r}\t{y!r}\t{third}"
        for (x, y), third in zip(marks.places_of(painted)[chosen].tolist(), thirds, strict=True)
    ]
    return "\n".join(["x\ty\t" + ("value" if values else "label"), *rows, ""])


def marks_in(text: str, ends: tuple[float, float]) -> tuple[Points, tuple[Position, ...]]:
    """Points and questions from such a text.

    Args:
        text: as ``text_of`` writes it.
        ends: the values at the two ends of the colour scale, for the values of labels and the labels of values.

    Raises:
        ValueError: it is none.
    """
    header, *lines = [line.split("\t") for line in text.splitlines() if line.strip()] or [[]]
    if header not in (["x", "y", "label"], ["x", "y", "value"]):
        raise ValueError("the first line is neither x, y, label nor x, y, value")
    xy: list[Position] = []
    values: list[float] = []
    questions: list[Position] = []
    for x1, x2, third in lines:  # ValueError where there are not three
        place = (float(x1), float(x2))
        if not all(map(math.isfinite, place)):
            raise ValueError("a coordinate is not finite")
        if third == QUESTION_WORD:
            questions.append(place)
            continue
        value = ends[LABELS.index(third)] if header[2] == "label" else float(third)
        xy.append(place)
        values.append(value)
    return Points.of(xy, labels_of(np.array(values), ends), values), tuple(questions)


def copy(tab: NetworkTab) -> None:
    """Put what is selected into the clipboard."""
    if len(tab.painter.selected):
        _put(tab.store.state, tab.painter.selected.chosen)


def copy_all(tab: NetworkTab) -> int:
    """Put all points and questions into the clipboard; how many they are."""
    every = ~marks.none_of(tab.store.state)
    if len(every):
        _put(tab.store.state, every)
    return len(every)


def _put(state: NetworkState, chosen: Mask) -> None:
    data = QMimeData()
    text = text_of(state.painted, chosen, values=state.network.regression)
    data.setText(text)
    data.setData(OWN, text.encode())
    QGuiApplication.clipboard().setMimeData(data)


def cut(tab: NetworkTab) -> None:
    """Put what is selected into the clipboard, and remove it."""
    copy(tab)
    tab.painter.selected.delete()


def paste(tab: NetworkTab) -> None:
    """Add the marks copied here, beside those that lie where they were, selected then; or import a table."""
    data, before = QGuiApplication.clipboard().mimeData(), tab.store.state.painted
    if not data.hasFormat(OWN):
        what = dropped(data)
        if isinstance(what, Path):  # copied in a file manager
            tab.files.read_file(what)
        else:
            tab.files.read_text(what or "", THE_CLIPBOARD)
        return
    try:
        points, questions = marks_in(bytes(data.data(OWN).data()).decode(), before.value_range)
    except ValueError as error:
        tab.refuse(f"The clipboard holds no points: {error}")
        return
    if not has_room(before, len(points), len(questions)):
        tab.refuse(FULL)
        return
    every = np.ones(len(points) + len(questions), np.bool_)
    new = Painted(points, before.extent, questions=questions)
    new = marks.placed(new, every, beside(marks.places_of(new), before))
    now, chosen = marks.with_new(before, new.points, new.questions)
    places = marks.places_of(now)
    if not inside(xy=places, extent=now.extent).all():
        now = replace(now, extent=extent_of(points=Points.of(places, np.zeros(len(places)))))
    tab.painter.take_hold()
    tab.painter.selected.draw(now, chosen)


def beside(places: FloatArray, painted: Painted) -> FloatArray:
    """The places, shape (k, 2), x1 and x2, moved along a diagonal until none of them is one of the marks'.

    They stay where they are if that would take them off the canvas.
    """
    there = set(map(tuple, marks.places_of(painted).tolist()))
    units, step = to_canvas(xy=places, extent=painted.extent), np.array([BESIDE, -BESIDE])
    moved = places
    while not there.isdisjoint(map(tuple, moved.tolist())):
        units = units + step
        moved = from_canvas(units=units, extent=painted.extent)
    return moved if inside(xy=moved, extent=painted.extent).all() else places
