"""Programs are compiled in order, kept, and never in the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue

import pytest

from gdviz.training.compiler import Compiler


@dataclass(frozen=True)
class Description:
    name: str
    may_go_on: threading.Event = field(default_factory=threading.Event, compare=False)
    has_begun: threading.Event = field(default_factory=threading.Event, compare=False)

    def compiled(self) -> str:
        self.has_begun.set()
        assert self.may_go_on.wait(10)
        if self.name == "broken":
            raise RuntimeError("no such operation")
        return f"program {self.name}"


def described(name: str) -> Description:
    description = Description(name)
    description.may_go_on.set()
    return description


@pytest.fixture
def progress() -> Queue[None]:
    return Queue()


@pytest.fixture
def compiler(progress: Queue[None]) -> Iterator[Compiler]:
    compiler = Compiler(lambda: progress.put(None), capacity=2)
    yield compiler
    compiler.close()


def test_a_program_is_ready_when_it_is_compiled(compiler: Compiler, progress: Queue[None]) -> None:
    slow = Description("a")
    compiler.want(slow)
    assert compiler.ready(slow) is None
    slow.may_go_on.set()
    progress.get(timeout=10)
    assert compiler.ready(Description("a")) == "program a"
    compiler.want(described("a"))
    assert progress.empty()


def test_what_is_no_longer_wanted_is_not_begun(compiler: Compiler, progress: Queue[None]) -> None:
    slow, skipped, wanted = Description("slow"), described("skipped"), described("wanted")
    compiler.want(slow, skipped)
    assert slow.has_begun.wait(10)
    compiler.want(wanted)
    slow.may_go_on.set()
    while compiler.ready(wanted) is None:
        progress.get(timeout=10)
    assert compiler.ready(skipped) is None


def test_everybody_is_served_and_most_important_things_first(compiler: Compiler, progress: Queue[None]) -> None:
    slow = Description("slow")
    compiler.want(slow)
    assert slow.has_begun.wait(10)
    compiler.want(described("a1"), described("a2"), by="a")
    compiler.want(described("old"), described("older"), by="b")
    compiler.want(described("b1"), described("b2"), by="b")
    compiler.want(described("gone"), by="c")
    compiler.want(by="c")
    slow.may_go_on.set()
    names = ["slow", "b1", "a1", "b2", "a2"]
    for count, _ in enumerate(names, start=1):
        progress.get(timeout=10)
        while compiler.ready(described(names[count - 1])) is None:
            progress.get(timeout=10)
    assert all(compiler.ready(described(name)) for name in names)
    assert not any(compiler.ready(described(name)) for name in ("old", "older", "gone"))


def test_what_is_wanted_is_kept_even_where_there_is_no_room_for_it(compiler: Compiler, progress: Queue[None]) -> None:
    compiler.now(described("unused"))
    for owner in range(3):
        compiler.want(described(f"first {owner}"), described(f"second {owner}"), by=owner)
    for _ in range(6):
        progress.get(timeout=10)
    assert all(compiler.ready(described(f"{rank} {owner}")) for rank in ("first", "second") for owner in range(3))
    assert compiler.ready(described("unused")) is None
    compiler.want(by=0)
    compiler.want(by=1)
    compiler.now(described("one more"))
    assert compiler.ready(described("first 0")) is None
    assert compiler.ready(described("first 2"))


def test_a_failure_is_kept_and_not_tried_again(compiler: Compiler, progress: Queue[None]) -> None:
    broken, sound = described("broken"), described("sound")
    compiler.want(broken, sound)
    progress.get(timeout=10)
    progress.get(timeout=10)
    assert compiler.failure(broken) == "RuntimeError: no such operation"
    assert compiler.failure(sound) == ""
    assert compiler.ready(sound) == "program sound"


def test_what_was_not_used_for_longest_goes(compiler: Compiler) -> None:
    a, b, c = (described(name) for name in "abc")
    compiler.now(a)
    compiler.now(b)
    compiler.ready(a)
    compiler.now(c)
    assert (compiler.ready(a), compiler.ready(b)) == ("program a", None)
    compiler.close()
