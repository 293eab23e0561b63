"""Whether a window can be opened here, asked before Qt is: where it cannot, Qt ends the program with a core dump."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Mapping

# The Debian and Ubuntu package of each system library that Qt's wheels expect to find.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# What the xcb platform plugin is linked against: Qt finds out only when it is too late to say so.
XCB = tuple(library for library in PACKAGES if library.startswith(("libX11", "libxcb", "libxkbcommon")))


def lack(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """What keeps a window from opening, in one line; "" where nothing is known to."""
    if not platform.startswith("linux"):
        return ""
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    x11, wayland = environment.get("DISPLAY"), environment.get("WAYLAND_DISPLAY")
    if not (chosen or x11 or wayland):
        return (
            "there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set; "
            "gdviz list, descend and train work without one"
        )
    # With both displays Qt tries Wayland first, and needs none of this.
    if chosen == "xcb" or (not chosen and not wayland):
        return missing_library(first_missing(XCB))
    return ""


def first_missing(libraries: tuple[str, ...]) -> str:
    """The loader's words about the first library that does not load; "" where all do."""
    for library in libraries:
        try:
            ctypes.CDLL(library)
        except OSError as error:
            return str(error)
    return ""


def missing_library(message: str) -> str:
    """One line that names the package to install, from the loader's words; "" where they name no library."""
    found = re.search(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file", message)
    if not found:
        return ""
    library = found[1]
    package = PACKAGES.get(library)
    advice = f"install it with: sudo apt install {package}" if package else "install the system package that has it"
    return f"the system library {library} is missing; {advice}"
