"""What is told about a step under the cursor on the loss curves, in as many lines as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFontMetricsF

from gdviz.descent.races import Race
from gdviz.gui.numbers import place, short

BETWEEN = "    "


def words_at(race: Race, step: int, selected: int, metrics: QFontMetricsF, room: QSizeF) -> str:
    """The losses at a step, and where the selected racer is then.

    Args:
        race: with the racers; those that have ended before are left out.
        step: which.
        selected: index of a racer.
        metrics: of the font.
        room: for the text, in pixels: where there is too little for a racer a line they are two a line; where that is
            too wide, some are only counted.
    """
    names = race.names
    losses = {
        index: f"{names[index]} {short(float(one.losses[step]))}"
        for index, one in enumerate(race.trajectories)
        if step <= one.steps
    }
    own = []
    if selected in losses:
        one, parameters = race.trajectories[selected], slice(race.surface.dimensions)
        w, gradient = one.positions[step, parameters].tolist(), one.gradients[step, parameters].tolist()
        at = f"at {', '.join(map(place, w))}"
        named = f"{names[selected]} {at}"
        own = [named if metrics.horizontalAdvance(named) <= room.width() else at]
        own.append(f"gradient {', '.join(map(short, gradient))}")
        if max(map(metrics.horizontalAdvance, own)) > room.width():  # a number a line
            own = [f"w{number} {place(value)}" for number, value in enumerate(w)]
            own += [f"g{number} {short(value)}" for number, value in enumerate(gradient)]
    most = max(2, int(room.height() / metrics.lineSpacing()) - 1 - len(own))
    lines = list(losses.values())
    if len(lines) > most:
        pairs = [BETWEEN.join(lines[first : first + 2]) for first in range(0, len(lines), 2)]
        if max(map(metrics.horizontalAdvance, pairs)) <= room.width() and len(pairs) <= most:
            lines = pairs
        else:
            first = sorted(sorted(losses, key=lambda index: index != selected)[: most - 1])
            lines = [*(losses[index] for index in first), f"and {len(losses) - len(first)} more"]
    return "\n".join([f"step {step}", *lines, *own])
