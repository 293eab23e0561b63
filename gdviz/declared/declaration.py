"""Something with settings, declared: what optimizers and schedules have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gdviz.declared.parameter import Parameter, Value


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What can be set, and where it comes from.

    Attributes:
        key: what the command line and files call it.
        title: what a person calls it.
        meaning: what it does, in one sentence.
        parameters: its settings.
        keras_name: its class in Keras; None where Keras has none.
        source: the paper.
    """

    key: str
    title: str
    meaning: str
    parameters: tuple[Parameter, ...] = ()
    keras_name: str | None = None
    source: str = ""

    def parameter(self, name: str) -> Parameter:
        """The declaration of one setting.

        Raises:
            ValueError: there is none of that name; the message lists those there are.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = ", ".join(parameter.name for parameter in self.parameters) or "none"
        raise ValueError(f"{self.key} has no setting {name!r}; it has {names}")

    def check(self, settings: Mapping[str, object]) -> dict[str, Value]:
        """All settings: those given, checked, and the defaults of the others.

        Raises:
            ValueError: a name, a value or a combination that is not allowed, and what is.
        """
        given = {name: self.parameter(name).check(value) for name, value in settings.items()}
        return {parameter.name: given.get(parameter.name, parameter.default) for parameter in self.parameters}
