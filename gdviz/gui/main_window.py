"""The window: tabs, menus, keys, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from gdviz.gui.settings import settings
from gdviz.gui.theme import PAIRS, SURFACE_MAPS, THEMES, Look
from gdviz.gui.widgets.imports import after_import
from gdviz.gui.widgets.steady_tabs import SteadyTabs
from gdviz.gui.widgets.tab import Tab
from gdviz.gui.widgets.timers import settled

if TYPE_CHECKING:
    from gdviz.gui.descent.tab import DescentTab
    from gdviz.gui.network.tab import NetworkTab

DESK = QSize(1280, 720)
SOON_MILLISECONDS = 50
"""So long after it is painted the window has answered what waited for it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A tab, its module and its class: imported and built when it is first needed."""

    name: str
    title: str
    module: str
    kind: str

    def build(self, look: Look) -> Tab:
        """Import the module, make the tab."""
        make: Callable[[Look], Tab] = getattr(import_module(self.module), self.kind)
        return make(look)


PAGES = (
    Page("descent", "Gradient descent", "gdviz.gui.descent.tab", "DescentTab"),
    Page("network", "Neural network", "gdviz.gui.network.tab", "NetworkTab"),
)


class MainWindow(QMainWindow):
    """The tabs in one window, worked by one set of menus and keys."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._was_maximized = False
        self._painted = self._begun = False
        self._closed = False
        self.setObjectName("window")
        self.setWindowTitle("gdviz")
        self._built: dict[str, Tab] = {}
        self.tabs = SteadyTabs()
        self.tabs.setObjectName("tabs")
        self.tabs.setAccessibleName("Tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for page in PAGES:
            self.tabs.addTab(QWidget(), page.title)
        self.setCentralWidget(self.tabs)
        self._fill_menus()
        self._restore()
        self._build(PAGES[self.tabs.currentIndex()])
        look.dress(self)
        self.tabs.currentChanged.connect(self._show_tab)

    @property
    def descent(self) -> DescentTab:
        """Tab 1."""
        tab = self._build(PAGES[0])
        return cast("DescentTab", tab)

    @property
    def network(self) -> NetworkTab:
        """Tab 2."""
        tab = self._build(PAGES[1])
        return cast("NetworkTab", tab)

    @property
    def tab(self) -> Tab:
        """The tab in front."""
        return self._build(PAGES[self.tabs.currentIndex()])

    def _build(self, page: Page) -> Tab:
        """A tab; built now, in place of its empty page, if it is not there yet."""
        if page.name not in self._built:
            index, front = PAGES.index(page), self.tabs.currentIndex()
            tab = self._built[page.name] = page.build(self.look)
            tab.restore_state(settings())
            with QSignalBlocker(self.tabs):
                self.tabs.removeTab(index)
                self.tabs.insertTab(index, tab, page.title)
                self.tabs.setCurrentIndex(front)
            self._fill_tab_menu(page.name, tab)
            self._enable_tab_actions()
            if self._begun:
                tab.begin()
        return self._built[page.name]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Once the window is painted, it gets what it did not wait for."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            settled(self, SOON_MILLISECONDS, self._begin)

    def _begin(self) -> None:
        """The tab in front begins; then the others are built."""
        if self._closed:
            return
        self._begun = True
        for tab in self._built.values():
            tab.begin()
        for page in PAGES:
            after_import(self, page.module, partial(self._build_late, page))

    def _build_late(self, page: Page) -> None:
        if not self._closed:
            self._build(page)

    def _show_tab(self) -> None:
        self._build(PAGES[self.tabs.currentIndex()])
        self._enable_tab_actions()

    def _fill_menus(self) -> None:
        file = self._menu("&File")
        self._action(file, "file.quit", "&Quit", self.close, "Ctrl+Q")
        edit = self._menu("&Edit")
        self._action(edit, "edit.undo", "&Undo", lambda: self.tab.undo(), "Ctrl+Z")
        self._action(edit, "edit.redo", "&Redo", lambda: self.tab.redo(), "Ctrl+Shift+Z", "Ctrl+Y")
        playback = self._menu("&Playback")
        self._action(playback, "playback.play", "&Play or pause", lambda: self.tab.play_pause(), "Space")
        self._action(playback, "playback.step_forward", "Step &forward", lambda: self.tab.step_forward(), "Right")
        self._action(playback, "playback.step_back", "Step &back", lambda: self.tab.step_back(), "Left")
        self._action(playback, "playback.to_start", "To the &start", lambda: self.tab.to_start(), "Home")
        self._action(playback, "playback.to_end", "To the &end", lambda: self.tab.to_end(), "End")
        playback.addSeparator()
        self._action(playback, "playback.reset", "&Reset", lambda: self.tab.reset(), "Ctrl+R")
        self._fill_view_menu(self._menu("&View"))
        self._fill_tab_menus()
        help_menu = self._menu("&Help")
        self._action(help_menu, "help.keys", "&Keys", self._show_keys, "F1")
        self._action(help_menu, "help.about", "&About gdviz", self._show_about)

    def _fill_view_menu(self, view: QMenu) -> None:
        for index in range(self.tabs.count()):
            self._action(
                view,
                f"view.tab{index + 1}",
                f"Tab &{index + 1}: {self.tabs.tabText(index)}",
                partial(self.tabs.setCurrentIndex, index),
                f"Ctrl+{index + 1}",
            )
        view.addSeparator()
        themes = QActionGroup(self)
        for theme in THEMES.values():
            action = self._action(
                view, f"view.theme.{theme.key}", f"{theme.title} theme", partial(self.look.set_theme, theme.key)
            )
            action.setCheckable(True)
            action.setChecked(theme is self.look.theme)
            themes.addAction(action)
        self._action(view, "view.theme.other", "The &other theme", self._other_theme, "Ctrl+T")
        self.look.changed.connect(self._check_theme)
        view.addSeparator()
        pairs = QActionGroup(self)
        for pair in PAIRS.values():
            action = self._action(view, f"view.pair.{pair.key}", pair.title, partial(self.look.set_pair, pair.key))
            action.setCheckable(True)
            action.setChecked(pair is self.look.pair)
            pairs.addAction(action)
        colors = view.addMenu("Colours of loss surfaces")
        colors.menuAction().setObjectName("view.surface_maps")
        maps = QActionGroup(self)
        for key, title in SURFACE_MAPS.items():
            action = self._action(colors, f"view.surface_map.{key}", title, partial(self.look.set_surface_map, key))
            action.setCheckable(True)
            action.setChecked(key == self.look.surface_map_key)
            maps.addAction(action)
        view.addSeparator()
        self._action(view, "view.larger", "&Larger text", self.look.larger, "Ctrl++", "Ctrl+=")
        self._action(view, "view.smaller", "S&maller text", self.look.smaller, "Ctrl+-")
        self._action(view, "view.normal", "&Normal text", lambda: self.look.set_scale(1.0), "Ctrl+0")
        view.addSeparator()
        full = self._action(view, "view.full_screen", "&Full screen", self.toggle_full_screen, "F11", "F")
        full.setCheckable(True)
        escape = "Dismiss the message, or leave full screen"
        self._action(view, "view.leave_full_screen", escape, self._leave_full_screen, "Escape")

    def _fill_tab_menus(self) -> None:
        """A menu for each tab that has actions of its own; their keys work while that tab is in front."""
        self._tab_menus = {page.name: self._menu(f"&{page.title}") for page in PAGES}
        for menu in self._tab_menus.values():
            menu.menuAction().setVisible(False)

    def _fill_tab_menu(self, name: str, tab: Tab) -> None:
        """A tab's actions: those with a group in a sub-menu of that name, in the order in which they come."""
        menu, groups = self._tab_menus[name], dict[str, QMenu]()
        for action in tab.actions():
            group = action.property("group")
            if group and group not in groups:
                groups[group] = menu.addMenu(group)
                groups[group].menuAction().setObjectName(f"{name}.menu.{group.lower().replace(' ', '_')}")
            (groups[group] if group else menu).addAction(action)
        menu.menuAction().setVisible(bool(tab.actions()))

    def _enable_tab_actions(self) -> None:
        front = PAGES[self.tabs.currentIndex()].name
        for name, tab in self._built.items():
            for action in tab.actions():
                action.setEnabled(name == front)

    def _menu(self, title: str) -> QMenu:
        menu = self.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        return menu

    def _action(self, menu: QMenu, name: str, title: str, do: Callable[[], object], *keys: str) -> QAction:
        action = QAction(title, self)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda: do())
        menu.addAction(action)
        self.addAction(action)  # so that its keys work while the menu bar is hidden in full screen
        return action

    def action(self, name: str) -> QAction:
        """A menu action by its object name; KeyError where there is none."""
        action = self.findChild(QAction, name)
        if action is None:
            raise KeyError(name)
        return action

    def say(self, text: str) -> None:
        """Say in the tab in front that something went wrong."""
        self.tab.banner.say(text, kind="error")

    def _show_about(self) -> None:
        from gdviz.gui.about import about_box  # here and below: no start has to wait for it

        about_box(self).open()

    def _show_keys(self) -> None:
        from gdviz.gui.keys_dialog import KeysDialog

        dialog = self.findChild(KeysDialog) or KeysDialog(self, self.look)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _other_theme(self) -> None:
        self.look.set_theme(next(key for key in THEMES if key != self.look.theme.key))

    def _check_theme(self) -> None:
        self.action(f"view.theme.{self.look.theme.key}").setChecked(True)
        self.action(f"view.pair.{self.look.pair.key}").setChecked(True)

    def toggle_full_screen(self) -> None:
        """Between the whole screen, without menus, and the window as it was."""
        if self.isFullScreen():
            self.menuBar().show()
            self.showMaximized() if self._was_maximized else self.showNormal()
        else:
            self._was_maximized = self.isMaximized()
            self.menuBar().hide()
            self.showFullScreen()
        self.action("view.full_screen").setChecked(self.isFullScreen())

    def _leave_full_screen(self) -> None:
        if not self.tab.banner.dismiss() and self.isFullScreen():
            self.toggle_full_screen()

    def _restore(self) -> None:
        store = settings()
        geometry = store.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            room = self.screen().availableSize()
            if room.width() <= DESK.width() * 1.1 or room.height() <= DESK.height() * 1.1:
                self.resize(room * 0.9)
                self.setWindowState(Qt.WindowState.WindowMaximized)  # a projector: every pixel counts
            else:
                self.resize((room * 0.85).expandedTo(DESK))
        if self.isFullScreen():  # left in full screen: come back as a window, where the menus are
            self.setWindowState(Qt.WindowState.WindowNoState)
        try:
            self.tabs.setCurrentIndex(int(str(store.value("window/tab", 0))))
        except ValueError:
            self.tabs.setCurrentIndex(0)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, then end threads and the training process."""
        if self._closed:
            event.accept()
            return
        self._closed = True
        store = settings()
        store.setValue("window/geometry", self.saveGeometry())
        store.setValue("window/tab", self.tabs.currentIndex())
        store.setValue("look/theme", self.look.theme.key)
        store.setValue("look/scale", self.look.scale)
        store.setValue("look/pair", self.look.pair.key)
        store.setValue("look/surface_map", self.look.surface_map_key)
        for tab in self._built.values():
            tab.save_state(store)
            tab.close_tab()
        store.sync()
        event.accept()
