"""The lock: everything pyproject.toml asks for, with hashes, and not a word on where it came from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
LOCK = (ROOT / "packaging/requirements.lock").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", LOCK, re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED_FOR = [
    Requirement(text)
    for text in (
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["test"],
    )
]


@pytest.mark.parametrize("requirement", ASKED_FOR, ids=str)
def test_has_what_the_project_asks_for(requirement):
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_every_package_has_hashes():
    entries = re.findall(r"^([a-z0-9-]+)==\S+ \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCK, re.MULTILINE)
    assert {name for name, _ in entries} == set(PINS)


def test_says_nothing_but_packages_and_hashes():
    lines = [line for line in LOCK.splitlines() if line and not line.lstrip().startswith("#")]
    entry = re.compile(r"[a-z0-9-]+==\S+ \\| +--hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not entry.fullmatch(line)] == []
    assert not re.search(r"://|--index|--find-links", LOCK)
