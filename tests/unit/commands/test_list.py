"""``gdviz list``."""

import json

import pytest

from gdviz.cli import main
from gdviz.declared.optimizers import OPTIMIZERS
from gdviz.descent.catalog import SURFACES
from gdviz.network.datasets import DATASETS
from gdviz.network.spec import ACTIVATIONS, LOSSES

KEYS = {
    "surfaces": SURFACES,
    "optimizers": OPTIMIZERS,
    "datasets": DATASETS,
    "activations": ACTIVATIONS,
    "losses": LOSSES,
}


def printed(capsys, *arguments):
    assert main(["list", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("what", KEYS)
def test_lists_every_key_in_aligned_columns(what, capsys):
    lines = printed(capsys, what).splitlines()
    assert [line.split()[0] for line in lines] == list(KEYS[what])
    second_column = len(max(KEYS[what], key=len)) + 2
    assert all(line[second_column - 1] == " " != line[second_column] for line in lines)


@pytest.mark.parametrize("what", KEYS)
def test_lists_as_json(what, capsys):
    entries = json.loads(printed(capsys, what, "--json"))
    assert [entry["key"] for entry in entries] == list(KEYS[what])
    assert all(entry["title"] for entry in entries)


def test_json_has_everything_that_is_declared_on_an_optimizer(capsys):
    adam = next(entry for entry in json.loads(printed(capsys, "optimizers", "--json")) if entry["key"] == "adam")
    assert adam["source"] == "Kingma & Ba 2015"
    assert adam["parameters"][1]["name"] == "beta_1"
    assert adam["parameters"][1]["default"] == 0.9
    assert adam["parameters"][1]["allowed"] == "a number at least 0 and below 1"
    assert [parameter["name"] for parameter in adam["parameters"]] == [
        parameter.name for parameter in OPTIMIZERS["adam"].parameters
    ]


def test_json_has_everything_of_a_surface(capsys):
    booth = next(entry for entry in json.loads(printed(capsys, "surfaces", "--json")) if entry["key"] == "booth")
    assert booth["minima"] == [{"w": [1.0, 3.0], "value": 0.0, "is_global": True}]
    assert booth["bounds"] == [[-10.0, 10.0], [-10.0, 10.0]]


def test_json_says_which_data_sets_have_values(capsys):
    entries = {entry["key"]: entry for entry in json.loads(printed(capsys, "datasets", "--json"))}
    assert [key for key, entry in entries.items() if entry["regression"]] == ["plane", "bumps", "grade"]
    assert entries["grade"]["value_range"] == [1.0, 6.0]
    assert entries["circle"]["value_axis"] is None


@pytest.fixture
def lectures(tmp_path, monkeypatch):
    folder = tmp_path / "lectures"
    folder.mkdir()
    monkeypatch.setattr("gdviz.resources.resource_folder", lambda: tmp_path)
    return folder


def test_there_may_be_no_lectures(lectures, capsys):
    assert printed(capsys, "lectures") == ""
    assert printed(capsys, "lectures", "--json") == "[]\n"


def test_lists_lectures_by_their_titles(lectures, capsys):
    (lectures / "descent.toml").write_text('title = "Bergab"', encoding="utf-8")
    (lectures / "another.toml").write_text("scenes = []")
    assert printed(capsys, "lectures") == "another  another\ndescent  Bergab\n"


def test_says_which_lecture_cannot_be_read(lectures, capsys):
    (lectures / "broken.toml").write_text("title = ")
    assert main(["list", "lectures"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("gdviz list: error: cannot read the lecture")
    assert "broken.toml" in error


def test_says_what_there_is_to_list(capsys):
    with pytest.raises(SystemExit) as end:
        main(["list", "colours"])
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "choose from 'surfaces', 'optimizers'" in error
