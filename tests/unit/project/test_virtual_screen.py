"""packaging/linux/run-on-virtual-screen: gives a command a screen, and leaves nothing behind."""

import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

RUN = Path(__file__).parents[3] / "packaging/linux/run-on-virtual-screen"

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not shutil.which("Xvfb"), reason="needs Xvfb")


def run(seconds, *command):
    return subprocess.run([RUN, str(seconds), *command], capture_output=True, text=True)


@pytest.mark.parametrize("status", [0, 3])
def test_ends_with_the_status_of_the_command(status):
    assert run(30, "sh", "-c", f"exit {status}").returncode == status


def test_the_screen_is_large_and_deep():
    look = """
from PySide6.QtGui import QGuiApplication
screen = QGuiApplication([]).primaryScreen()
print(screen.size().toTuple(), screen.depth())
"""
    assert run(30, sys.executable, "-c", look).stdout == "(1920, 1080) 24\n"


def test_ends_what_takes_too_long():
    done = run(1, "sleep", "60")
    assert (done.returncode, done.stderr) == (124, "sleep did not end within 1 seconds.\n")


def names_of_children(process: psutil.Process) -> set[str]:
    """Of those that are still there: the script waits with processes that soon end."""
    names = set()
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            names.add(child.name())
    return names


def test_takes_the_screen_along_when_it_is_stopped():
    with subprocess.Popen([RUN, "60", "sleep", "60"]) as process:
        started = psutil.Process(process.pid)
        while {"Xvfb", "timeout"} - names_of_children(started):
            time.sleep(0.01)
        children = started.children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM
    assert not any(child.is_running() for child in children)
