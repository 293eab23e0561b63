"""Plays both tabs by themselves and writes pictures of the window: ``python -m gdviz.gui.demo FOLDER``.

This is what ``make run`` does on a machine without a screen, and where the pictures of the documentation come from.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

from gdviz.gui.app import build
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.main_window import MainWindow

PLAY_MILLISECONDS = 4000
LOAD_MILLISECONDS = 90_000
LOOK_MILLISECONDS = 50
REST_MILLISECONDS = 1500
"""By then formulas are typeset, and the 3-D view has drawn its smooth edges."""

ON_THEIR_WAY = 24
"""The step that the first picture takes apart: all racers are on their way, each elsewhere."""


def main(arguments: list[str] | None = None) -> int:
    """Play, write the pictures, print their paths.

    Returns:
        0, or 1 where the network did not start to learn.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--size", default="1920x1080", help="of the window, such as 1280x720")
    parser.add_argument("--theme", default="dark", choices=("dark", "white"))
    parser.add_argument("--scale", type=float, default=1.0, help="of the text")
    options = parser.parse_args(arguments)
    width, height = (int(side) for side in options.size.split("x"))
    options.folder.mkdir(parents=True, exist_ok=True)
    app, window = build(sys.argv[:1], theme=options.theme)
    window.look.set_scale(options.scale)
    window.resize(QSize(width, height))
    window.show()
    learned = _play(app, window, options.folder, f"{options.theme}-{options.size}")
    window.close()
    if not learned:
        print("the network did not start to learn: TensorFlow did not answer in time", file=sys.stderr)
    return 0 if learned else 1


def _play(app: QApplication, window: MainWindow, folder: Path, suffix: str) -> bool:
    window.tabs.setCurrentWidget(window.descent)
    _wait(lambda: False, PLAY_MILLISECONDS)
    _take_apart(window.descent.session)
    _wait(lambda: False, REST_MILLISECONDS)
    _picture(window, folder / f"gradient-descent-{suffix}.png")
    window.tabs.setCurrentWidget(window.network)
    ready = _wait(lambda: window.network.ready, LOAD_MILLISECONDS)
    window.network.play_pause()
    learned = ready and _wait(lambda: window.network.epoch > 0, LOAD_MILLISECONDS)
    _wait(lambda: False, PLAY_MILLISECONDS)
    _picture(window, folder / f"neural-network-{suffix}.png")
    app.processEvents()
    return learned


def _take_apart(session: DescentSession) -> None:
    """Show a step of the last racer with all its sub-steps."""
    session.pause()
    session.select(len(session.race.trajectories) - 1)
    session.go_to(ON_THEIR_WAY)
    for _ in session.substeps:
        session.next_substep()


def _picture(window: MainWindow, path: Path) -> None:
    if not window.grab().save(str(path)):
        raise OSError(f"the picture {path} could not be written")
    print(path.resolve())


def _wait(until: Callable[[], bool], milliseconds: int) -> bool:
    """Let the program run until something holds or the time is over; returns whether it holds."""
    loop, clock, look = QEventLoop(), QElapsedTimer(), QTimer()
    clock.start()
    look.timeout.connect(lambda: loop.quit() if until() or clock.elapsed() >= milliseconds else None)
    look.start(LOOK_MILLISECONDS)
    loop.exec()
    look.stop()
    return until()


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())
