"""Measures the budgets: ``python -m benchmarks [NAME ...]``; all of them also write the table in docs/performance.md.

Each benchmark is a module with ``measure() -> list[Result]`` and runs in a process of its own. On a machine without a
screen a virtual one is used.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.result import Result, table

NAMES = ("start", "race", "drag", "basins", "playback", "training", "boundary", "gaps", "architecture")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
HEAD = """# How fast gdviz is

Made by `make bench`; every figure is from one run on one machine, beside what it is measured against.
"""


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all; returns the exit status."""
    if arguments[:1] == ["--one"]:
        module = importlib.import_module(f"benchmarks.{arguments[1]}")
        print(msgspec.json.encode(module.measure()).decode())
        return 0
    if unknown := set(arguments) - set(NAMES):
        print(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    names = arguments or NAMES
    results: list[Result] = []
    with screen() as environment:
        for name in names:
            print(f"{name} …", flush=True)
            new = run(name, environment)
            results += new
            print("\n".join(f"  {r.what}: {r.measured} (budget {r.budget})" for r in new), flush=True)
    if not arguments:
        methods = "\n\n".join(f"**{name}**: {method(name)}" for name in names)
        PAGE.write_text(f"{HEAD}\nMachine: {machine()}\n\n{table(results)}\n\n## How\n\n{methods}\n{notes()}")
        print(f"written to {PAGE}")
    return 0


def run(name: str, environment: dict[str, str]) -> list[Result]:
    """One benchmark in a process of its own."""
    with tempfile.TemporaryDirectory() as settings:  # a window as it opens for the first time
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks", "--one", name],
            env={**environment, "XDG_CONFIG_HOME": settings, "PYTHONDONTWRITEBYTECODE": ""},  # as for users
            stdout=subprocess.PIPE,
            text=True,
            timeout=900,
            check=True,
            cwd=PAGE.parents[1],
        )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=list[Result])


def method(name: str) -> str:
    """How it is measured: the module's docstring on one line."""
    return " ".join((inspect.getdoc(importlib.import_module(f"benchmarks.{name}")) or "").split())


def machine() -> str:
    """What it was measured on."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return f"{os.cpu_count()} cores of {model}, no GPU, {platform.system()}, Python {platform.python_version()}."


def notes() -> str:
    """What people wrote under the heading "Notes"; kept when the page is made anew."""
    heading = "\n## Notes\n"
    old = PAGE.read_text() if PAGE.exists() else ""
    return heading + old.split(heading, 1)[1] if heading in old else ""


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment of programs that open windows: this screen, or a virtual one of 1920x1080."""
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield dict(os.environ)
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield {**os.environ, "DISPLAY": f":{number.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
