"""Whether a window can be opened."""

import ctypes
import re
from pathlib import Path

import pytest

from gdviz.commands import screen

LISTED = Path(__file__).parents[3] / "packaging/linux/system-libraries.txt"


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({"DISPLAY": ":0"}, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux"),
        ({}, "win32"),
        ({}, "darwin"),
    ],
)
def test_nothing_is_lacking(environment, platform, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: None)
    assert screen.lack(environment, platform) == ""


@pytest.mark.parametrize(
    "environment", [{}, {"DISPLAY": ""}, {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}]
)
def test_no_screen(environment):
    assert screen.lack(environment, "linux").startswith("there is no screen")


def absent(library):
    def load(name):
        if name == library:
            raise OSError(f"{name}: cannot open shared object file: No such file or directory")

    return load


@pytest.mark.parametrize(
    "environment", [{"DISPLAY": ":0"}, {"QT_QPA_PLATFORM": "xcb"}, {"QT_QPA_PLATFORM": "xcb:option"}]
)
def test_the_xcb_plugin_lacks_a_library(environment, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", absent("libxcb-cursor.so.0"))
    assert screen.lack(environment, "linux") == (
        "the system library libxcb-cursor.so.0 is missing; install it with: sudo apt install libxcb-cursor0"
    )


def test_wayland_needs_no_xcb(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", absent("libxcb-cursor.so.0"))
    assert screen.lack({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux") == ""


def test_a_library_nobody_listed_is_named_all_the_same():
    message = "libnew-9.so.2: cannot open shared object file: No such file or directory"
    assert screen.missing_library(message).startswith("the system library libnew-9.so.2 is missing")


def test_other_errors_are_not_mistaken_for_a_missing_library():
    assert screen.missing_library("cannot import name 'run_window'") == ""


def test_the_packages_are_those_that_the_installer_brings():
    listed = set(re.sub(r"#.*", "", LISTED.read_text()).split())
    # They come along as dependencies of those listed, as the file says.
    come_along = {"libfreetype6", "libx11-6", "libxcb1"}
    assert set(screen.PACKAGES.values()) <= listed | come_along
