"""A function of tensors as one XLA program that is called with little ado."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from gdviz.training.model import Tensor


class Program:
    """A compiled function of nested tensors, whose shapes and types are those of its first call for good.

    ``tf.function`` looks again at all of its arguments in every call, to find the program that is for them. That takes
    longer than what the small networks here compute.

    Args:
        function: of tensors, in tuples, and to such; compiled when it is called for the first time.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._call: Callable[[list[Tensor]], Sequence[Tensor]] | None = None
        self._results: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """What the function makes of the arguments."""
        tensors = tf.nest.flatten(arguments)
        if self._call is None:
            self._call = self._compiled(tf.nest.map_structure(lambda _: None, arguments), tensors)
        return tf.nest.pack_sequence_as(self._results, self._call(tensors))

    def _compiled(
        self, arguments: tuple[Any, ...], tensors: Sequence[Tensor]
    ) -> Callable[[list[Tensor]], Sequence[Tensor]]:
        def flat(*tensors: Tensor) -> list[Tensor]:
            results = self._function(*tf.nest.pack_sequence_as(arguments, tensors))
            self._results = tf.nest.map_structure(lambda _: None, results)
            flattened: list[Tensor] = tf.nest.flatten(results)
            return flattened

        specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in tensors]
        concrete = tf.function(flat, jit_compile=True, autograph=False).get_concrete_function(*specs)
        # Not declared public, but all that the public way does more is to look at the arguments again.
        direct = getattr(concrete, "_call_flat", None)
        if direct is None:
            return lambda tensors: concrete(*tensors)
        return lambda tensors: direct(tensors, concrete.captured_inputs)
