"""What holds for every test: settings of its own, no screen of the user's, and nothing left behind."""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator

# Read when TensorFlow and Qt are first imported, so set before anything imports them.
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", LC_ALL="C.UTF-8")

import hypothesis
import psutil
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from gdviz.gui.widgets.garbage import collect_what_is_due

FAILED = pytest.StashKey[bool]()
TRACKER, FORKER = "multiprocessing.resource_tracker", "multiprocessing.forkserver"  # Python keeps one of each
APART = "--send-reports-to"  # of the processes that tests/apart.py starts whenever the one before has ended
PATIENCE = 2.0  # seconds that threads and processes are given to end

pytest_plugins = ["tests.apart", "tests.windows"]

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--headed", action="store_true", help="show the windows on the real screen")


def pytest_xvfb_disable(config: pytest.Config) -> bool:
    return config.getoption("--headed")


def pytest_collection_finish() -> None:
    """Spare the garbage collector, which runs after every test, what was imported and collected and stays anyway."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread, a process or a window behind; they would haunt those that follow."""
    kinds: dict[str, Callable[[], dict]] = {"thread": _threads, "process": _processes, "window": _windows}
    before = {kind: set(found()) for kind, found in kinds.items()}
    yield
    request.node.funcargs.clear()  # or they would keep their widgets until this fixture too is gone
    _delete_what_waits_for_deletion()
    # The traceback of a failed test holds on to its windows: one failure is enough.
    if FAILED in request.node.stash:
        return

    def left() -> list[str]:
        return [
            f"{kind} {name}"
            for kind, found in kinds.items()
            for key, name in found().items()
            if key not in before[kind]
        ]

    end = time.monotonic() + PATIENCE
    pause = 0.0
    while (names := left()) and time.monotonic() < end:
        time.sleep(pause)
        pause = 0.02
        if any(thread.name.startswith("import of") for thread in threading.enumerate()):
            end = time.monotonic() + PATIENCE  # it holds on to what waits for it, and ends by itself
        if QCoreApplication.instance():
            QCoreApplication.processEvents()  # timers hold on to what they are for until they have fired
        gc.collect()
        _delete_what_waits_for_deletion()
    if not gc.isenabled():
        collect_what_is_due()
    if names:
        pytest.fail(f"{request.node.nodeid} left behind: {', '.join(names)}", pytrace=False)


@pytest.fixture(autouse=True)
def settings_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Where the program's settings go, here and in processes that the test starts; empty at first."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    return folder


def _delete_what_waits_for_deletion() -> None:
    if QCoreApplication.instance():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _threads() -> dict[int, str]:
    # Python never forgets a "dummy", its record of a thread that Qt or TensorFlow started, even when that has ended.
    return {
        id(thread): thread.name for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)
    }


def _processes() -> dict[int, str]:
    ours = {child: command for child in psutil.Process().children() if (command := _command(child))}
    for child, command in list(ours.items()):
        if any(name in command for name in (TRACKER, FORKER, APART)):
            del ours[child]
        if FORKER in command:  # what it forks has its command line
            ours |= {forked: command for forked in child.children() if _command(forked)}
    return {child.pid: command for child, command in ours.items()}


def _command(process: psutil.Process) -> str:
    """Its command line; "" where it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _windows() -> dict[int, str]:
    if not isinstance(QApplication.instance(), QApplication):
        return {}
    return {
        shiboken6.getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in QApplication.topLevelWidgets()
    }
