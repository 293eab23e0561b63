"""TensorFlow, started quietly and modestly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
_BELOW_NORMAL_PRIORITY_CLASS = 0x4000


def start_tensorflow() -> tuple[str, str]:
    """Import TensorFlow and Keras for the processor alone, on one thread.

    Networks of this size gain nothing from more threads, and the window needs a core for itself.

    Returns:
        The versions of TensorFlow and Keras.
    """
    os.environ.update(_ENVIRONMENT)
    with _native_stderr_silenced():
        import keras
        import tensorflow as tf

        # Once TensorFlow has started, as in a test run, its threads cannot be set again.
        with suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.get_logger().setLevel("ERROR")
        tf.constant(0.0)
    return tf.__version__, keras.__version__


def lower_priority() -> None:
    """Let the window go first when processes compete for a core; no matter where that is not possible."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        with suppress(OSError):
            os.nice(5)


@contextmanager
def _native_stderr_silenced() -> Iterator[None]:
    """Silence what C++ writes before its own log level takes effect; exceptions still travel."""
    try:
        kept = os.dup(2)
    except OSError:  # a windowed program may have no standard error at all
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
