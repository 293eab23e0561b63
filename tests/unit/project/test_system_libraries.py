"""packaging/linux/install-system-libraries, with stand-ins for Debian's tools."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINUX = Path(__file__).parents[3] / "packaging/linux"
LISTED = re.sub(r"#.*", "", (LINUX / "system-libraries.txt").read_text()).split()

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


class Machine:
    """A folder of commands that shadow the real ones, and a log of what apt-get was asked for."""

    def __init__(self, folder: Path):
        self.bin, self.log = folder / "bin", folder / "log"
        linux = folder / "gdviz/packaging/linux"
        shutil.copytree(LINUX, linux)
        self.script = linux / "install-system-libraries"
        self.bin.mkdir()
        self.command("id", "echo 1000")
        self.command("sudo", "exit 1")
        self.command("sleep", "")
        self.command("apt-get", f'echo "$*" >> {self.log}')
        self.has(*LISTED)

    def command(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def has(self, *packages: str) -> None:
        self.command("dpkg-query", "".join(f"echo 'installed {package} '\n" for package in packages))

    def run(self) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "PYTHON": sys.executable}
        return subprocess.run([self.script], env=environment, capture_output=True, text=True)

    @property
    def asked_of_apt(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


def test_does_nothing_where_all_are_there(machine):
    done = machine.run()
    assert (done.returncode, done.stdout, done.stderr, machine.asked_of_apt) == (0, "", "", [])


def test_root_installs_what_is_missing(machine):
    machine.command("id", "echo 0")
    machine.has(*LISTED[2:])
    assert machine.run().returncode == 0
    (asked,) = machine.asked_of_apt
    assert asked.startswith(f"install --yes --no-install-recommends {' '.join(LISTED[:2])} ")


def test_refreshes_the_package_lists_and_tries_again(machine):
    machine.command("id", "echo 0")
    machine.command("apt-get", f'echo "$1" >> {machine.log}; [ "$1" = update ] || grep -q update {machine.log}')
    machine.has()
    assert machine.run().returncode == 0
    assert machine.asked_of_apt == ["install", "update", "install"]


def test_gives_up_with_a_message(machine):
    machine.command("id", "echo 0")
    machine.command("apt-get", "exit 100")
    machine.has(*LISTED[1:])
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr == f"These system libraries could not be installed: {LISTED[0]}\n"


def test_without_rights_says_what_to_type(machine):
    machine.has(*LISTED[1:])
    done = machine.run()
    assert done.returncode == 1
    line = f"sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends {LISTED[0]}'"
    assert line in [line.strip() for line in done.stderr.splitlines()]
    assert machine.asked_of_apt == []


def test_a_renamed_library_counts(machine):
    others = [package for package in LISTED if package != "libglib2.0-0"]
    machine.has(*others, "libglib2.0-0t64 libglib2.0-0 (= 2.80.0-6)")
    assert machine.run().returncode == 0
    assert machine.asked_of_apt == []


def test_a_removed_package_does_not_count(machine):
    present = "".join(f"echo 'installed {package} '\n" for package in LISTED[1:])
    machine.command("dpkg-query", f"{present} echo 'config-files {LISTED[0]} '")
    assert machine.run().returncode == 1
