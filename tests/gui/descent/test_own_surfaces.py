"""The file of one's own surfaces: nothing is ever lost."""

from __future__ import annotations

import json

import pytest

from gdviz.gui.descent.formula.own_surfaces import OwnSurface, OwnSurfaces

BOWL = OwnSurface("bowl", "x^2 + y^2", (-2.0, 2.0, -2.0, 2.0))
WAVE = OwnSurface("wave", "sin(x)", (-3.0, 3.0, -1.0, 1.0))


@pytest.fixture
def store(tmp_path):
    return OwnSurfaces(tmp_path / "surfaces.json")


def test_what_is_kept_is_there_for_the_next_window(store):
    store.add(BOWL)
    store.add(WAVE)
    assert OwnSurfaces(store.path).all() == (BOWL, WAVE)


def test_it_lies_beside_the_settings(settings_folder):
    store = OwnSurfaces()
    store.add(BOWL)
    assert settings_folder in store.path.parents
    assert store.path.exists()


def test_a_name_that_is_taken_gets_a_number(store):
    store.add(BOWL)
    assert store.add(BOWL).name == "bowl 2"
    assert store.add(BOWL).name == "bowl 3"
    assert len(store.all()) == 3


def test_an_entry_can_be_replaced_renamed_removed_and_put_back(store):
    store.add(BOWL)
    store.add(WAVE)
    changed = OwnSurface("bowl", "2*x^2 + y^2", BOWL.bounds)
    assert store.add(changed, in_place_of="bowl") == changed
    assert store.rename("wave", "bowl") == "bowl 2"
    assert [surface.name for surface in store.all()] == ["bowl", "bowl 2"]
    index, surface = store.remove("bowl")
    assert [known.name for known in store.all()] == ["bowl 2"]
    store.put_back(index, surface)
    assert [known.name for known in store.all()] == ["bowl", "bowl 2"]
    assert store.remove("nobody") is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_names_that_are_not_allowed_change_nothing(store, name):
    store.add(BOWL)
    with pytest.raises(ValueError, match="name"):
        store.rename("bowl", name)
    assert store.all() == (BOWL,)


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe\x00", b'{"surfaces": 3}', b'{"surfaces": [{"name": "a"}]}', b"[]",
     b'{"version": 99, "surfaces": []}'],
)  # fmt: skip
def test_a_damaged_file_is_said_and_kept_aside(store, content):
    store.path.write_bytes(content)
    assert store.all() == ()
    kept = store.path.with_name("surfaces.damaged-1.json")
    assert str(kept) in store.problem
    assert kept.read_bytes() == content
    store.add(BOWL)
    assert store.problem == ""
    store.path.write_bytes(content)
    store.add(WAVE)  # damaged again: set aside beside the first
    assert store.path.with_name("surfaces.damaged-2.json").read_bytes() == content
    assert kept.read_bytes() == content
    assert store.all() == (WAVE,)


def test_another_window_s_changes_are_not_lost(store):
    other = OwnSurfaces(store.path)
    store.add(BOWL)
    other.add(WAVE)
    store.remove("bowl")
    assert other.all() == (WAVE,)


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(OSError, match="file"):
        OwnSurfaces(blocked / "surfaces.json").add(BOWL)


def test_the_file_can_be_read_by_people(store):
    store.add(BOWL)
    assert json.loads(store.path.read_text()) == {
        "surfaces": [{"name": "bowl", "formula": "x^2 + y^2", "bounds": [-2.0, 2.0, -2.0, 2.0]}],
        "version": 1,
    }
