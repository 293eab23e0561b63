"""What tab 2 says about itself: pure functions from facts to words."""

from __future__ import annotations

from gdviz.gui.numbers import in_words, whole
from gdviz.training.messages import Frame

LOADING = "TensorFlow is loading — paint meanwhile"
LOADING_TO_TRAIN = "TensorFlow is loading — training starts then"
STARTING_AGAIN = "The training process is not running"
NO_POINTS = "There are no points: paint some red and some green ones."


def stands_still(lack: str, *, waits: bool) -> str:
    """Why nothing is trained; lack: a sentence; waits: training goes on by itself once nothing is lacking."""
    return f"{lack} Paint them, or choose another data set{': training waits for that' if waits else ''}."


def begun(frame: Frame) -> bool:
    """Whether it is past the initial weights."""
    return frame.epoch > 0 or frame.batch > 0


def status(
    *,
    ready: bool,
    ended: bool,
    running: bool,
    points: int,
    frame: Frame | None,
    abreast: bool = False,
    until: int = 0,
    again: bool = False,
) -> str:
    """How training is getting on, in a few words.

    Args:
        ready: TensorFlow is loaded.
        ended: its process has ended.
        running: a person wants it to train.
        points: how many there are.
        frame: the newest one of this run; None before the first.
        abreast: without a frame, as several are trained side by side, and have been.
        until: the epoch that it pauses at; 0 is none.
        again: what was trained is being played once more.
    """
    if ended:
        return STARTING_AGAIN
    if not ready:
        return LOADING_TO_TRAIN if running else LOADING
    if not points:
        return NO_POINTS
    if frame is not None and frame.reason:
        return in_words(frame.reason)
    if again:
        return "playing the training again"
    slow = frame is not None and frame.state == "running" and not frame.compiled
    if running or slow:
        doing = f"training to epoch {whole(until)}" if until else "training"
        return f"{doing} — compiling for full speed" if slow else doing
    if not abreast and (frame is None or not begun(frame)):
        return "ready to train"
    if frame is not None and frame.batch:
        return f"paused in epoch {whole(frame.epoch + 1)}, after batch {whole(frame.batch)}"
    return "paused"
