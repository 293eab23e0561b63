"""The style sheet, made from a theme."""

from __future__ import annotations

import math
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdviz.gui.theme import Theme

_SHEET = Template("""
* { outline: none; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: ${half}px; }
QMenuBar { background: $window; color: $text; padding: 0 ${half}px; }
QMenuBar::item { padding: ${half}px ${one}px; border-radius: ${half}px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $panel; color: $text; border: 1px solid $border; padding: ${half}px; }
QMenu::item { padding: ${half}px ${three}px ${half}px ${three}px; border-radius: ${half}px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: ${half}px; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar::tab { background: transparent; color: $muted; padding: ${half}px ${two}px; border: none;
  border-bottom: 3px solid transparent; font-weight: 600; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QTabWidget[role="pages"] QTabBar::tab { padding: ${half}px ${six}px; }

QFrame[role="panel"] { background: $panel; border: none; border-radius: ${one}px; }
QFrame[role="bar"] { background: $panel; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QLabel { background: transparent; }
QLabel[role="heading"] { color: $muted; font-weight: 700; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="error"] { color: $error; }
QLabel[role="refusal"] { background: $raised; border: 1px solid $error; border-radius: ${half}px; padding: ${half}px; }
QLabel[role="readout"] { background: $panel; padding: ${half}px ${one}px; border-radius: ${half}px; }
QLabel[role="number"] { font-weight: 600; }

QPushButton, QToolButton { background: $raised; color: $text; border: 1px solid $border;
  border-radius: ${half}px; padding: ${half}px ${one}px; }
QPushButton:hover, QToolButton:hover { border-color: $accent; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {
  background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: transparent; }
QPushButton[role="primary"], QToolButton[role="primary"] { background: $accent; color: $on_accent;
  border-color: $accent; font-weight: 700; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled { color: $muted; background: transparent;
  border-color: $border; }
QToolButton[role="flat"] { background: transparent; border-color: transparent; }
QToolButton[role="flat"]:hover, QToolButton[role="flat"]:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }

QComboBox, QLineEdit, QSpinBox { background: $raised; color: $text; border: 1px solid $border;
  border-radius: ${half}px; padding: ${quarter}px ${half}px; selection-background-color: $accent;
  selection-color: $on_accent; }
QComboBox:hover, QLineEdit:hover, QSpinBox:hover, QComboBox:focus, QLineEdit:focus, QSpinBox:focus {
  border-color: $accent; }
QComboBox:disabled, QLineEdit:disabled, QSpinBox:disabled { color: $muted; }
QComboBox::drop-down { width: ${two}px; background: transparent; border: none; }
QComboBox::down-arrow { width: 0; height: 0; border: ${half}px solid $raised; border-top-color: $muted;
  border-bottom-width: 0; }
QComboBox::down-arrow:disabled { border-top-color: $border; }
QLineEdit[invalid="true"], QLineEdit[contradicts="true"] { border-color: $error; }
QComboBox QAbstractItemView { background: $panel; color: $text; border: 1px solid $border;
  selection-background-color: $accent; selection-color: $on_accent; }

QCheckBox { spacing: ${half}px; background: transparent; }
QCheckBox::indicator { width: ${two}px; height: ${two}px; border: 1px solid $muted; border-radius: ${half}px;
  background: $raised; }
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border: ${half}px solid $raised; }

QSlider { background: transparent; min-height: ${two}px; }
QSlider::groove:horizontal { height: ${half}px; background: $border; border-radius: ${quarter}px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: ${quarter}px; }
QSlider::handle:horizontal { background: $text; width: ${two}px; height: ${two}px; margin: -${over}px 0;
  border-radius: ${radius}px; }
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $border; }

QAbstractScrollArea { background: transparent; border: none; }
QTableView, QListView { background: $panel; color: $text; gridline-color: $border; border: none;
  selection-background-color: $raised; selection-color: $text; alternate-background-color: $panel; }
QTableView::item, QListView::item { padding: ${quarter}px ${half}px; }
QTableView::item:selected, QListView::item:selected { background: $raised; color: $text; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: ${quarter}px ${half}px; font-weight: 600; }
QTableCornerButton::section { background: $panel; border: none; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent; }
QScrollBar:vertical { background: transparent; width: ${one}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${one}px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: ${half}px; min-height: ${three}px; min-width: ${three}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame[role="banner"] { background: $raised; border: 1px solid $warning; border-radius: ${half}px; }
QFrame[role="banner"][kind="info"] { border-color: $border; }
QFrame[role="banner"][kind="error"] { border-color: $error; }
""")


def style_sheet(theme: Theme, scale: float, grid: int) -> str:
    """The Qt style sheet of a theme at a text scale, spaced on the grid (pixels)."""
    unit = grid * scale
    half, two = round(unit / 2), round(unit * 2)
    lengths = {
        "quarter": round(unit / 4),
        "half": half,
        "six": round(unit * 0.75),
        "one": round(unit),
        "two": two,
        "three": round(unit * 3),
        # A slider's handle is as high as its groove and these margins; Qt makes it square where the radius is larger.
        "over": math.ceil((two - half) / 2),
        "radius": two // 2,
    }
    names = ("window", "panel", "raised", "border", "text", "muted", "accent", "on_accent", "warning", "error")
    return _SHEET.substitute({name: getattr(theme, name) for name in names} | lengths)
