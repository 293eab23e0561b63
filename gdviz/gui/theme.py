"""Colours, fonts and sizes: the one place that decides how gdviz looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.gui.style import style_sheet

GRID = 8
"""Everything is spaced in multiples of this many pixels, times the text scale."""

DESK_POINTS = 11
SCALES = (0.75, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, as #rrggbb."""

    key: str
    title: str
    window: str
    panel: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    warning: str
    error: str
    plot: str
    contour: str
    neutral: str
    racers: tuple[str, ...]
    surface_map: tuple[str, ...]


DARK = Theme(
    key="dark",
    title="Dark",
    window="#0b0c0f",
    panel="#14161b",
    raised="#20242c",
    border="#2f343f",
    text="#f2f4f8",
    muted="#a3acba",
    accent="#4cc2ff",
    on_accent="#00131f",
    warning="#ffc247",
    error="#ff6b63",
    plot="#000000",
    contour="#8fa3bd",
    neutral="#16181d",
    racers=(
        "#ffd23f",
        "#ff6ec7",
        "#4de3ff",
        "#8dff6a",
        "#ff8f3f",
        "#c39bff",
        "#ffffff",
        "#ff5a52",
        "#2fe0b5",
        "#b9c4d0",
    ),
    surface_map=("#0c1430", "#172a5c", "#1d4a7d", "#1f6f8f", "#2f9390", "#63b585", "#a9d27e", "#e9e58c"),
)
WHITE = Theme(
    key="white",
    title="White",
    window="#ffffff",
    panel="#f4f5f8",
    raised="#ffffff",
    border="#cfd4dc",
    text="#12151a",
    muted="#545d6b",
    accent="#0067c0",
    on_accent="#ffffff",
    warning="#9a5b00",
    error="#c42b1c",
    plot="#ffffff",
    contour="#3c5068",
    neutral="#f3f3f3",
    racers=(
        "#b86e00",
        "#c2187b",
        "#0078a8",
        "#2d8a1e",
        "#d9480f",
        "#7048c9",
        "#111111",
        "#c42b1c",
        "#00806a",
        "#5f6b7a",
    ),
    surface_map=("#4a55a8", "#4f7cc0", "#5aa0c8", "#74bfc2", "#9bd4b4", "#c4e4a8", "#e6eda6", "#fbf3b8"),
)
THEMES = {theme.key: theme for theme in (DARK, WHITE)}


@dataclass(frozen=True, slots=True)
class Pair:
    """The colours of the two labels: named red and green, but told apart by lightness and marker too."""

    key: str
    title: str
    dark: tuple[str, str]
    white: tuple[str, str]


PAIRS = {
    pair.key: pair
    for pair in (
        Pair("red_green", "Red and green", ("#ff5148", "#5dff9b"), ("#c81e14", "#2fa35b")),
        Pair("orange_blue", "Orange and blue (colour-blind safe)", ("#ff9a2e", "#8fc9ff"), ("#c25700", "#3f8fe0")),
    )
}


SURFACE_MAPS = {
    "theme": "The theme's own",
    "viridis": "Viridis",
    "inferno": "Inferno",
    "cividis": "Cividis",
    "CET-L1": "Grey",
}


class Look(QObject):
    """The look in force: theme, text scale and label colours. Views redraw on ``changed``."""

    changed = Signal()

    def __init__(self, app: QApplication, *, theme: str = "dark", scale: float = 1.0, pair: str = "red_green") -> None:
        super().__init__(app)
        self._app = app
        self.theme = THEMES.get(theme, DARK)
        self.scale = min(max(scale, SCALES[0]), SCALES[-1])
        self.pair = PAIRS.get(pair, PAIRS["red_green"])
        self.surface_map_key = "theme"
        self._dressed: list[QWidget] = []
        self._apply()

    def dress(self, window: QWidget) -> None:
        """Have a window and all that is in it wear the style sheet, from now on.

        The sheet is not the application's: Qt would then tell every widget of it each time that something around it
        finds its place, which takes most of the time in which a tab is made. So make what is in a window first.
        """
        self._dressed.append(window)
        window.destroyed.connect(partial(_forget, self._dressed, window))
        window.setStyleSheet(self._sheet)

    def set_theme(self, key: str) -> None:
        """Change the theme: "dark" or "white"."""
        if key != self.theme.key:
            self.theme = THEMES[key]
            self._apply()
            self.changed.emit()

    def set_scale(self, scale: float) -> None:
        """Scale all text, 1.0 for a desk and 2.0 for a hall."""
        scale = min(max(scale, SCALES[0]), SCALES[-1])
        if scale != self.scale:
            self.scale = scale
            self._apply()
            self.changed.emit()

    def larger(self) -> None:
        """The next larger text scale."""
        self.set_scale(next((scale for scale in SCALES if scale > self.scale + 1e-6), SCALES[-1]))

    def smaller(self) -> None:
        """The next smaller text scale."""
        self.set_scale(next((scale for scale in reversed(SCALES) if scale < self.scale - 1e-6), SCALES[0]))

    def set_pair(self, key: str) -> None:
        """Change the label colours: a key of ``PAIRS``."""
        if key != self.pair.key:
            self.pair = PAIRS[key]
            self.changed.emit()

    def set_surface_map(self, key: str) -> None:
        """Change the colours of loss surfaces: a key of ``SURFACE_MAPS``."""
        if key != self.surface_map_key and key in SURFACE_MAPS:
            self.surface_map_key = key
            self.changed.emit()

    @property
    def labels(self) -> tuple[QColor, QColor]:
        """The colours of red and green points."""
        red, green = self.pair.dark if self.theme is DARK else self.pair.white
        return QColor(red), QColor(green)

    def racer(self, index: int) -> QColor:
        """The colour of a racer by its colour number."""
        return QColor(self.theme.racers[index % len(self.theme.racers)])

    @property
    def line_width(self) -> float:
        """Width of a trajectory or curve in pixels: 2 at a desk, 3 and more when text is scaled up for a hall."""
        return 2.0 if self.scale <= 1.0 else 3.0 * self.scale / 1.15

    def pixels(self, units: float) -> int:
        """A length in grid units as pixels at the present scale."""
        return round(units * GRID * self.scale)

    def font(self, size: float = 1.0, *, bold: bool = False) -> QFont:
        """The application's font, ``size`` times as large."""
        font = QFont(self._app.font())
        font.setPointSizeF(DESK_POINTS * self.scale * size)
        font.setBold(bold)
        return font

    def surface_map(self) -> pg.ColorMap:
        """The sequential map of a loss surface, low to high."""
        if self.surface_map_key != "theme":
            return pg.colormap.get(self.surface_map_key)
        colors = [QColor(color) for color in self.theme.surface_map]
        return pg.ColorMap(np.linspace(0.0, 1.0, len(colors)), colors)

    def boundary_map(self) -> pg.ColorMap:
        """The diverging map of a probability: red at 0, neutral at 0.5, green at 1."""
        red, green = self.labels
        neutral = QColor(self.theme.neutral)
        strength = 0.62 if self.theme is DARK else 0.55
        ends = [_mix(neutral, red, strength), neutral, _mix(neutral, green, strength)]
        return pg.ColorMap(np.array([0.0, 0.5, 1.0]), ends)

    def _apply(self) -> None:
        theme = self.theme
        self._app.setFont(self.font())
        self._app.setPalette(_palette(theme))
        self._sheet = style_sheet(theme, self.scale, GRID)
        for window in self._dressed:
            window.setStyleSheet(self._sheet)


def _forget(windows: list[QWidget], window: QWidget) -> None:
    windows[:] = [each for each in windows if each is not window]


def _mix(first: QColor, second: QColor, share: float) -> QColor:
    mixed = [round(a + (b - a) * share) for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)]  # type: ignore[index]
    return QColor(*mixed)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, color in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.raised),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
    ):
        palette.setColor(where, QColor(color))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(theme.muted))
    return palette
