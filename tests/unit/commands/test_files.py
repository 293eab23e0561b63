"""Writing files atomically, and finding the resources."""

import os
import stat
import sys
from pathlib import Path

import pytest

import gdviz
from gdviz.files import write_atomically
from gdviz.resources import lecture_files, resource_folder


def test_writes_text_and_bytes_as_they_are(tmp_path):
    write_atomically(tmp_path / "text", "größer\r\nals\n")
    write_atomically(tmp_path / "bytes", b"\x00\xff")
    assert (tmp_path / "text").read_bytes() == "größer\r\nals\n".encode()
    assert (tmp_path / "bytes").read_bytes() == b"\x00\xff"


def test_what_was_there_stays_where_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot write .*file: No space left on device"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_says_what_is_in_the_way(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        write_atomically(tmp_path / "none" / "file", "")
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        write_atomically(tmp_path, "")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_permissions_are_those_of_an_ordinary_file(tmp_path):
    path, ordinary = tmp_path / "file", tmp_path / "ordinary"
    ordinary.touch()
    write_atomically(path, "")
    assert path.stat().st_mode == ordinary.stat().st_mode
    path.chmod(0o640)
    write_atomically(path, "again")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_written_through(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package folder somewhere else."""
    package = tmp_path / "site/gdviz"
    package.mkdir(parents=True)
    monkeypatch.setattr("gdviz.resources.__file__", str(package / "resources.py"))
    return package


def test_resources_of_this_checkout():
    assert resource_folder() == Path(gdviz.__file__).parents[1] / "resources"


def test_resources_of_a_wheel_come_first(package):
    (package.parent / "resources").mkdir()
    assert resource_folder() == package.parent / "resources"
    (package / "resources").mkdir()
    assert resource_folder() == package / "resources"


def test_resources_of_a_frozen_program(package, tmp_path, monkeypatch):
    (package / "resources").mkdir()
    (tmp_path / "frozen/resources/lectures").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "frozen"), raising=False)
    assert resource_folder() == tmp_path / "frozen/resources"
    (tmp_path / "frozen/resources/lectures/b.toml").touch()
    (tmp_path / "frozen/resources/lectures/a.toml").touch()
    assert [path.name for path in lecture_files()] == ["a.toml", "b.toml"]


def test_says_where_it_looked_for_resources(package):
    with pytest.raises(FileNotFoundError, match=r"there are no resources in .*site/gdviz/resources or"):
        resource_folder()
