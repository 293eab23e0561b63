"""Colours of the maps: a basin has a hue, a band of lightness and a pattern, so that hue alone never decides."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPixmap

from gdviz.descent.basins import DIVERGED, RUNNING, STUCK, BasinMap
from gdviz.descent.rate_momentum import RateMomentumMap
from gdviz.descent.surface import FloatArray
from gdviz.gui.theme import DARK, Look, Theme

Image = NDArray[np.uint8]

SHADES = 32
BANDS = 4
_BAND_ORDER = {1: (0,), 2: (1, 0), 3: (2, 0, 1), 4: (3, 1, 2, 0)}
_HUES = (255.0, 80.0, 160.0, 350.0, 300.0, 120.0, 30.0, 210.0)
_HUE_SHIFT = 23.0
_CHROMA = 0.13
_GAP = 0.28
"""Share of a band that is left free, so that the slow starts of one basin are not as light as the fast of the next."""
_PERIOD = 8


def basin_image(found: BasinMap, theme: Theme) -> Image:
    """The map as colours, shape (samples, samples, 3); row i is w1[i]."""
    count = len(found.minima)
    table = np.concatenate([_shades(number, count, theme) for number in range(count)] or [np.zeros((1, 3), np.uint8)])
    shade = (_slowness(found) * (SHADES - 1)).astype(np.intp)
    image: Image = table[(np.maximum(found.basin, 0).astype(np.intp) * SHADES + shade) * (count > 0)]
    rows, columns = _indices(*found.basin.shape)
    pattern = np.maximum(found.basin, 0) // BANDS
    for kind in range(1, int(pattern.max(initial=0)) + 1):
        lines = (pattern == kind) & (found.basin >= 0) & _pattern(kind, rows, columns)
        image[lines] = (image[lines] * 0.72).astype(np.uint8)
    for ending in (RUNNING, DIVERGED, STUCK):
        there = found.basin == ending
        if there.any():
            image[there] = _neutral(ending, theme, rows[there], columns[there])
    return image


def rate_image(found: RateMomentumMap, lowest: float, highest: float, look: Look, magnified: int = 1) -> Image:
    """The map as colours: log10 of the loss from lowest to highest, what diverged hatched.

    Args:
        found: the map.
        lowest: log10 of the loss that gets the first colour.
        highest: log10 of the loss that gets the last one.
        look: whose colours.
        magnified: dots along each side of a cell, so that the hatching is finer than the cells.

    Returns:
        shape (magnified * momenta, magnified * rates, 3).
    """
    table = look.surface_map().getLookupTable(nPts=256, alpha=False)
    share = np.clip((found.log_losses - lowest) / max(highest - lowest, 1e-12), 0.0, 1.0)
    image = table[(np.nan_to_num(share) * 255).astype(np.intp)].astype(np.uint8)
    image, gone = (
        values.repeat(magnified, axis=0).repeat(magnified, axis=1) for values in (image, ~np.isfinite(found.losses))
    )
    rows, columns = _indices(*gone.shape)
    image[gone] = _neutral(DIVERGED, look.theme, rows[gone], columns[gone])
    return image


def swatch(ending: int, count: int, theme: Theme, width: int, height: int) -> QPixmap:
    """A sample of a basin, fast to slow, or of an ending without a minimum, for the legend."""
    rows, columns = _indices(height, width)
    if ending < 0:
        image = _neutral(ending, theme, rows, columns)
    else:
        image = _shades(ending, count, theme)[columns * (SHADES - 1) // max(width - 1, 1)].copy()
        lines = _pattern(ending // BANDS, rows, columns)
        image[lines] = (image[lines] * 0.72).astype(np.uint8)
    return pixmap(image)


def pixmap(image: Image) -> QPixmap:
    """An image of shape (height, width, 3) as a pixmap."""
    height, width = image.shape[:2]
    data = np.ascontiguousarray(image)
    return QPixmap.fromImage(QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy())


@lru_cache(maxsize=256)
def _shades(number: int, count: int, theme: Theme) -> Image:
    """Colours of a basin from fast to slow, shape (SHADES, 3)."""
    bands = min(max(count, 1), BANDS)
    low, high = (0.30, 0.90) if theme is DARK else (0.38, 0.94)
    height = (high - low) / bands
    top = low + height * (_BAND_ORDER[bands][number % bands] + 1)
    lightness = np.linspace(top, top - height * (1 - _GAP), SHADES)
    hue = _HUES[number % len(_HUES)] + _HUE_SHIFT * (number // len(_HUES))
    return _srgb(lightness, _CHROMA, np.radians(hue))


def _srgb(lightness: FloatArray, chroma: float, hue: float) -> Image:
    """OKLCH, in which equal differences look equal, as sRGB bytes; see bottosson.github.io/posts/oklab."""
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    cone = np.stack(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ],
        axis=-1,
    )
    to_linear = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip(cone**3 @ to_linear.T, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * encoded), dtype=np.uint8)


def _slowness(found: BasinMap) -> FloatArray:
    """Steps as 0 (the fastest) to 1 (the slowest), logarithmically: the first hundred matter most.

    A few starts on the edge of a basin take very long; they do not decide the scale.
    """
    ended = found.steps[found.basin >= 0]
    if not ended.size:
        return np.zeros(found.steps.shape)
    low, high = np.log1p(np.percentile(ended, (0.5, 99.5)))
    return np.asarray(np.clip((np.log1p(found.steps) - low) / max(high - low, 1e-9), 0.0, 1.0))


def _indices(height: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of every dot, shape (height, width) each."""
    rows, columns = np.mgrid[:height, :width]
    return rows, columns


def _pattern(kind: int, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Where a pattern has ink: none, rising lines, falling lines, dots, upright lines; then they begin again."""
    match kind % 5:
        case 1:
            return np.asarray((rows - columns) % _PERIOD < 2)
        case 2:
            return np.asarray((rows + columns) % _PERIOD < 2)
        case 3:
            return np.asarray((rows % _PERIOD < 2) & (columns % _PERIOD < 2))
        case 4:
            return np.asarray(columns % _PERIOD < 2)
    return np.zeros(rows.shape, dtype=np.bool_)


def _neutral(ending: int, theme: Theme, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Image:
    """Colours of places that end in no minimum: plain if not finished, hatched if diverged, dotted if stuck."""
    ground, ink = _bytes(theme.border), _bytes(theme.muted)
    if ending == RUNNING:
        return np.broadcast_to(ground, (*rows.shape, 3)).copy()
    ground = _bytes(theme.raised)
    kind = 1 if ending == DIVERGED else 3
    return np.asarray(np.where(_pattern(kind, rows, columns)[..., np.newaxis], ink, ground), dtype=np.uint8)


def _bytes(color: str) -> Image:
    made = QColor(color)
    return np.array([made.red(), made.green(), made.blue()], dtype=np.uint8)
