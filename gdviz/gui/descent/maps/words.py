"""What is said about the maps: their legends, and what is read under the cursor."""

from __future__ import annotations

import math

import numpy as np

from gdviz.descent.basins import DIVERGED, RUNNING, STUCK, BasinMap
from gdviz.descent.rate_momentum import RateMomentumMap
from gdviz.gui.descent.maps.basin_colors import pixmap, rate_image, swatch
from gdviz.gui.descent.maps.legend import Entry
from gdviz.gui.descent.maps.plot import Cell
from gdviz.gui.numbers import exact, percent, place, short, whole
from gdviz.gui.theme import Look

MOST_NAMED = 10
"""Minima that the legend names one by one; there may be a hundred."""

_ENDINGS = {
    RUNNING: ("not settled", ""),
    STUCK: ("stands still", "on a saddle, a maximum or a plain"),
    DIVERGED: ("diverged", ""),
}


def shares(found: BasinMap) -> dict[int, float]:
    """Share of the starts by ending: numbers of minima, and the codes of the others."""
    endings, counts = np.unique(found.basin, return_counts=True)
    return {int(ending): float(count) / found.basin.size for ending, count in zip(endings, counts, strict=True)}


def named(found: BasinMap) -> list[int]:
    """The minima that the legend names, by number: those in which most starts end, among equals the lowest."""
    share = shares(found)
    minima = found.minima
    by_share = sorted(range(len(minima)), key=lambda n: (-round(share.get(n, 0.0), 3), minima[n].value))
    return sorted(by_share[:MOST_NAMED])


def places(found: BasinMap) -> list[tuple[str, float, float]]:
    """The named minima as numbers on the map; those outside it are left out."""
    return [
        (str(number + 1), *found.minima[number].w)
        for number in named(found)
        if found.w0[0] <= found.minima[number].w[0] <= found.w0[-1]
        and found.w1[0] <= found.minima[number].w[1] <= found.w1[-1]
    ]


def basin_entries(found: BasinMap, look: Look, dimensions: int = 2) -> list[Entry]:
    """The legend of a map of starts; dimensions: of the surface."""
    share, count, theme = shares(found), len(found.minima), look.theme
    width, height = look.pixels(3), look.pixels(2)
    entries = []
    for number in named(found):
        minimum = found.minima[number]
        at = ", ".join(map(place, minimum.w[:dimensions]))
        entries.append(
            Entry(
                swatch(number, count, theme, width, height),
                f'<b style="color:{theme.text}">{number + 1}: {percent(share.get(number, 0.0))}</b><br>'
                f"{f'w = ({at})' if dimensions > 1 else f'w0 = {at}'}<br>loss {short(minimum.value)}",
                f'<b style="color:{theme.text}">{number + 1}: {percent(share.get(number, 0.0))}</b>',
            )
        )
    others = sum(share.get(number, 0.0) for number in range(count)) - sum(share.get(n, 0.0) for n in named(found))
    if count > MOST_NAMED:
        entries.append(Entry(None, f"{count - MOST_NAMED} more minima: {percent(others)}"))
    for ending, (title, _) in _ENDINGS.items():
        if ending in share:
            named_so, part = f'<b style="color:{theme.text}">{title}</b>', percent(share[ending])
            sample = swatch(ending, count, theme, width, height)
            entries.append(Entry(sample, f"{named_so}<br>{part}", f"{named_so} {part}"))
    if count:
        entries.append(Entry(None, "light: few steps<br>dark: many steps", "dark: many steps"))
    return entries


def basin_reading(found: BasinMap, cell: Cell, dimensions: int = 2) -> str:
    """What becomes of the start under the cursor; dimensions: of the surface."""
    row, column = cell
    start = f"start {', '.join(map(place, [float(found.w0[column]), float(found.w1[row])][:dimensions]))}"
    ending, steps = int(found.basin[row, column]), whole(float(found.steps[row, column]))
    if ending >= 0:
        return f"{start}: in minimum {ending + 1} after {steps} steps"
    title, detail = _ENDINGS[ending]
    return f"{start}: {title} after {steps} steps {detail}".strip()


def loss_range(found: RateMomentumMap) -> tuple[float, float]:
    """log10 of the losses that get the first and the last colour: outliers at the top do not count."""
    heights = found.log_losses[np.isfinite(found.log_losses)]
    if not heights.size:
        return -1.0, 0.0
    low, high = math.floor(float(heights.min())), math.ceil(float(np.percentile(heights, 98)))
    return float(low), float(max(high, low + 1))


def rate_entries(found: RateMomentumMap, look: Look) -> list[Entry]:
    """The legend of a map of learning rates and momenta: colours of some losses, low ones last, as on an axis."""
    low, high = loss_range(found)
    width, height, theme = look.pixels(3), look.pixels(2), look.theme
    title = f'<b style="color:{theme.text}">loss above{{}}the lowest</b>'
    entries = [Entry(None, title.format("<br>"), title.format(" "))]
    for power in np.unique(np.round(np.linspace(low, high, 6)))[::-1]:
        sample = RateMomentumMap(
            found.parameter,
            found.rates[:1],
            found.momenta[:1],
            np.full((height, width), found.lowest + 10.0**power),
            found.steps,
            found.diverged,
            found.lowest,
        )
        entries.append(Entry(pixmap(rate_image(sample, low, high, look)), f"10<sup>{int(power)}</sup>"))
    if found.diverged.any():
        entries.append(Entry(swatch(DIVERGED, 1, theme, width, height), f"diverged: {percent(found.diverged.mean())}"))
    return entries


def rate_reading(found: RateMomentumMap, cell: Cell, most: int) -> str:
    """What becomes of the settings under the cursor."""
    row, column = cell
    rate, momentum = exact(float(found.rates[column])), exact(float(found.momenta[row]))
    settings = f"learning rate {rate}, {found.parameter.replace('_', ' ')} {momentum}"
    loss, steps = float(found.losses[row, column]), float(found.steps[row, column])
    if found.diverged[row, column]:
        return f"{settings}: diverged"
    if math.isfinite(steps):
        return f"{settings}: loss {short(loss)}, converged after {whole(steps)} steps"
    return f"{settings}: loss {short(loss)} after {whole(most)} steps, not converged"
