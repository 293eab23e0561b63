"""A function of tensors as one XLA program that is called with little ado."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
        tensors = list(_leaves(arguments))
        if self._call is None:
            self._call = self._compiled(arguments, tensors)
        return _like(self._results, iter(self._call(tensors)))

    def _compiled(
        self, arguments: tuple[Any, ...], tensors: Sequence[Tensor]
    ) -> Callable[[list[Tensor]], Sequence[Tensor]]:
        structure = mapped(lambda _: None, arguments)

        def flat(*tensors: Tensor) -> list[Tensor]:
            results = self._function(*_like(structure, iter(tensors)))
            self._results = mapped(lambda _: None, results)
            return list(_leaves(results))

        specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in tensors]
        concrete = tf.function(flat, jit_compile=True, autograph=False).get_concrete_function(*specs)
        # Not declared public, but all that the public way does more is to look at the arguments again.
        direct = getattr(concrete, "_call_flat", None)
        if direct is None:
            return lambda tensors: concrete(*tensors)
        return lambda tensors: direct(tensors, concrete.captured_inputs)


def numbers_of(nested: Any) -> Any:
    """Nested tensors as arrays."""
    return mapped(lambda tensor: tensor.numpy(), nested)


def mapped(function: Callable[[Any], Any], nested: Any) -> Any:
    """What a function makes of each of the things in nested tuples, named ones among them."""
    return _like(nested, map(function, _leaves(nested)))


# ``tf.nest`` does the same for more kinds of structures, in a third of the time of a whole call.


def _leaves(nested: Any) -> Iterator[Any]:
    if isinstance(nested, tuple):
        for each in nested:
            yield from _leaves(each)
    else:
        yield nested


def _like(nested: Any, leaves: Iterator[Any]) -> Any:
    if not isinstance(nested, tuple):
        return next(leaves)
    parts = [_like(each, leaves) for each in nested]
    return type(nested)(*parts) if hasattr(nested, "_fields") else tuple(parts)
