"""Every optimizer's hyper-parameters, under Keras's argument names and with Keras's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from gdviz.declared.declaration import Declaration
from gdviz.declared.parameter import Parameter, Value


@dataclass(frozen=True, kw_only=True)
class OptimizerDeclaration(Declaration):
    """What can be set on an optimizer, the learning rate first.

    Attributes:
        fixed: Keras arguments that make this key what it is (``amsgrad=True``).
    """

    fixed: Mapping[str, Value] | None = None

    def check(self, settings: Mapping[str, object]) -> dict[str, Value]:
        """All hyper-parameters; beyond what ``Declaration`` checks, that at most one way of clipping is set."""
        values = super().check(settings)
        if values.get("clipnorm") and values.get("clipvalue"):
            raise ValueError("clipnorm and clipvalue are both set; allowed is one of them, as in Keras; 0 is off")
        return values


_FAR_BEYOND = 100.0
"""So many times the usual learning rate is no matter of taste any more."""


class OptimizerSpec(msgspec.Struct, frozen=True):
    """An optimizer with the settings that differ from its defaults."""

    key: str = "sgd"
    settings: dict[str, float | int | bool | str] = {}

    @property
    def declaration(self) -> OptimizerDeclaration:
        """What can be set on it; ValueError where the key is unknown."""
        return optimizer(self.key)

    def values(self) -> dict[str, Value]:
        """All hyper-parameters by name, defaults included; ValueError where one is not allowed."""
        return self.declaration.check(self.settings)

    @property
    def learning_rate(self) -> float:
        """The learning rate."""
        return float(self.values()["learning_rate"])

    def other_rate(self, factor: float) -> float:
        """Another learning rate to try.

        Args:
            factor: of the present one; below 1 for a lower one.

        Returns:
            One digit of that; the usual rate where the present one is far beyond it, so that a few tries lead back.
        """
        rate, usual = self.learning_rate, float(self.declaration.parameter("learning_rate").default)
        beyond = rate / usual if factor < 1.0 else usual / rate
        return usual if beyond > _FAR_BEYOND else float(f"{factor * rate:.0e}")

    def with_setting(self, name: str, value: Value) -> OptimizerSpec:
        """The same optimizer with one setting changed; ValueError where it is not allowed."""
        settings = {**self.settings, name: self.declaration.parameter(name).check(value)}
        self.declaration.check(settings)
        return OptimizerSpec(self.key, settings)


def optimizer(key: str) -> OptimizerDeclaration:
    """The declaration of an optimizer by key; ValueError, with the keys there are, where it is unknown."""
    try:
        return OPTIMIZERS[key]
    except KeyError:
        raise ValueError(f"there is no optimizer {key!r}; there are {', '.join(OPTIMIZERS)}") from None


def _learning_rate(default: float) -> Parameter:
    return Parameter(
        "learning_rate", default, "how far one step goes", minimum=0.0, open_minimum=True, logarithmic=True
    )


def _decay(name: str, default: float, meaning: str) -> Parameter:
    return Parameter(name, default, meaning, minimum=0.0, maximum=1.0, open_maximum=True)


def _not_negative(name: str, default: float, meaning: str, *, advanced: bool = False) -> Parameter:
    return Parameter(name, default, meaning, minimum=0.0, advanced=advanced)


_EPSILON = Parameter("epsilon", 1e-7, "keeps the division away from zero", minimum=0.0, logarithmic=True, advanced=True)
_MOMENTUM = Parameter("momentum", 0.0, "share of the last step that is kept", minimum=0.0, maximum=1.0)
_NESTEROV = Parameter("nesterov", False, "look ahead along the momentum before stepping", kind="flag")
_AMSGRAD = Parameter("amsgrad", False, "never forget the largest second moment", kind="flag")
_BETA_1 = _decay("beta_1", 0.9, "share of the first moment (mean gradient) that is kept")
_BETA_2 = _decay("beta_2", 0.999, "share of the second moment (mean square) that is kept")
_INITIAL_ACCUMULATOR = _not_negative(
    "initial_accumulator_value", 0.1, "what the accumulator starts from", advanced=True
)
_WEIGHT_DECAY = _not_negative("weight_decay", 0.0, "shrinks the weights a little before each step", advanced=True)
_CLIPPING = (
    _not_negative("clipnorm", 0.0, "longest gradient let through; 0 is off", advanced=True),
    _not_negative("clipvalue", 0.0, "largest component of the gradient let through; 0 is off", advanced=True),
)
_COMMON = (_WEIGHT_DECAY, *_CLIPPING)


def _with_default(parameter: Parameter, default: Value) -> Parameter:
    return replace(parameter, default=default)


def _fraction(name: str, default: float, meaning: str) -> Parameter:
    return Parameter(name, default, meaning, minimum=0.0, maximum=1.0, open_minimum=True, open_maximum=True)


_LINE_SEARCH = (
    _fraction("shrink", 0.5, "factor for a step that was too long"),
    _fraction("sufficient_decrease", 1e-4, "share of the promised decrease that is asked for"),
)
_ADAM = (_learning_rate(0.001), _BETA_1, _BETA_2, _EPSILON)

OPTIMIZERS: dict[str, OptimizerDeclaration] = {
    declaration.key: declaration
    for declaration in (
        OptimizerDeclaration(
            key="sgd",
            title="SGD",
            meaning="steps straight against the gradient",
            parameters=(_learning_rate(0.01), _MOMENTUM, _NESTEROV, *_COMMON),
            keras_name="SGD",
        ),
        OptimizerDeclaration(
            key="momentum",
            title="Momentum",
            meaning="a heavy ball: keeps a share of its last step",
            parameters=(_learning_rate(0.01), _with_default(_MOMENTUM, 0.9), *_COMMON),
            keras_name="SGD",
            source="Polyak 1964",
        ),
        OptimizerDeclaration(
            key="nesterov",
            title="Nesterov",
            meaning="momentum that looks ahead before it steps",
            parameters=(_learning_rate(0.01), _with_default(_MOMENTUM, 0.9), *_COMMON),
            keras_name="SGD",
            fixed={"nesterov": True},
            source="Nesterov 1983",
        ),
        OptimizerDeclaration(
            key="adagrad",
            title="Adagrad",
            meaning="divides by the root of all squared gradients so far",
            parameters=(_learning_rate(0.001), _INITIAL_ACCUMULATOR, _EPSILON, *_COMMON),
            keras_name="Adagrad",
            source="Duchi, Hazan & Singer 2011",
        ),
        OptimizerDeclaration(
            key="adadelta",
            title="Adadelta",
            meaning="scales each step by the size of recent steps over recent gradients",
            parameters=(
                _learning_rate(0.001),
                _decay("rho", 0.95, "share of the running means that is kept"),
                _EPSILON,
                *_COMMON,
            ),
            keras_name="Adadelta",
            source="Zeiler 2012",
        ),
        OptimizerDeclaration(
            key="rmsprop",
            title="RMSprop",
            meaning="divides by the root of a running mean of squared gradients",
            parameters=(
                _learning_rate(0.001),
                _decay("rho", 0.9, "share of the running mean square that is kept"),
                _MOMENTUM,
                _EPSILON,
                Parameter("centered", False, "divide by the variance rather than the mean square", kind="flag"),
                *_COMMON,
            ),
            keras_name="RMSprop",
            source="Tieleman & Hinton 2012",
        ),
        OptimizerDeclaration(
            key="adam",
            title="Adam",
            meaning="momentum over RMSprop, both corrected for their cold start",
            parameters=(*_ADAM, _AMSGRAD, *_COMMON),
            keras_name="Adam",
            source="Kingma & Ba 2015",
        ),
        OptimizerDeclaration(
            key="amsgrad",
            title="AMSGrad",
            meaning="Adam that never forgets the largest second moment",
            parameters=(*_ADAM, *_COMMON),
            keras_name="Adam",
            fixed={"amsgrad": True},
            source="Reddi, Kale & Kumar 2018",
        ),
        OptimizerDeclaration(
            key="adamw",
            title="AdamW",
            meaning="Adam with weight decay apart from the gradient",
            parameters=(
                _learning_rate(0.001),
                replace(_WEIGHT_DECAY, default=0.004, advanced=False),
                _BETA_1,
                _BETA_2,
                _EPSILON,
                _AMSGRAD,
                *_CLIPPING,
            ),
            keras_name="AdamW",
            source="Loshchilov & Hutter 2019",
        ),
        OptimizerDeclaration(
            key="adamax",
            title="Adamax",
            meaning="Adam with the largest gradient in place of the mean square",
            parameters=(*_ADAM, *_COMMON),
            keras_name="Adamax",
            source="Kingma & Ba 2015",
        ),
        OptimizerDeclaration(
            key="nadam",
            title="Nadam",
            meaning="Adam with Nesterov's look ahead",
            parameters=(*_ADAM, *_COMMON),
            keras_name="Nadam",
            source="Dozat 2016",
        ),
        OptimizerDeclaration(
            key="ftrl",
            title="FTRL",
            meaning="follows the regularised leader: keeps small weights at zero",
            parameters=(
                _learning_rate(0.001),
                Parameter("learning_rate_power", -0.5, "how fast the learning rate falls", maximum=0.0, advanced=True),
                _INITIAL_ACCUMULATOR,
                _not_negative("l1_regularization_strength", 0.0, "pull of each weight towards zero (L1)"),
                _not_negative("l2_regularization_strength", 0.0, "pull in proportion to the weight (L2)"),
                _not_negative(
                    "l2_shrinkage_regularization_strength", 0.0, "L2 added to the gradient alone", advanced=True
                ),
                _not_negative("beta", 0.0, "the paper's beta", advanced=True),
                *_COMMON,
            ),
            keras_name="Ftrl",
            source="McMahan et al. 2013",
        ),
        OptimizerDeclaration(
            key="lion",
            title="Lion",
            meaning="steps by the sign of the momentum alone",
            parameters=(
                _learning_rate(0.001),
                replace(_BETA_1, open_minimum=True),
                _with_default(_BETA_2, 0.99),
                *_COMMON,
            ),
            keras_name="Lion",
            source="Chen et al. 2023",
        ),
        OptimizerDeclaration(
            key="lamb",
            title="LAMB",
            meaning="Adam whose step is as long as the weights are, times the learning rate",
            parameters=(*_ADAM, *_COMMON),
            keras_name="Lamb",
            source="You et al. 2020",
        ),
        OptimizerDeclaration(
            key="adafactor",
            title="Adafactor",
            meaning="RMSprop with steps in proportion to the weights, and a memory that grows",
            parameters=(
                _learning_rate(0.001),
                Parameter("beta_2_decay", -0.8, "how fast the memory grows", maximum=0.0),
                _not_negative("clip_threshold", 1.0, "longest root mean square of a scaled gradient"),
                _not_negative("epsilon_1", 1e-30, "keeps the division away from zero", advanced=True),
                _not_negative("epsilon_2", 0.001, "least size of the weights that steps are in proportion to"),
                *_COMMON,
            ),
            # Its ``relative_step`` changes nothing: what it does to the learning rate is done again afterwards.
            keras_name="Adafactor",
            source="Shazeer & Stern 2018",
        ),
        OptimizerDeclaration(
            key="qhm",
            title="QHM",
            meaning="a weighted mean of a plain and a momentum step",
            parameters=(
                _learning_rate(0.01),
                _decay("beta", 0.999, "share of the momentum that is kept"),
                Parameter("nu", 0.7, "weight of the momentum step", minimum=0.0, maximum=1.0),
            ),
            source="Ma & Yarats 2018",
        ),
        OptimizerDeclaration(
            key="qhadam",
            title="QHAdam",
            meaning="Adam with plain and averaged moments mixed",
            parameters=(
                _learning_rate(0.001),
                _BETA_1,
                _BETA_2,
                Parameter("nu_1", 0.7, "weight of the first moment against the gradient", minimum=0.0, maximum=1.0),
                Parameter("nu_2", 1.0, "weight of the second moment against its square", minimum=0.0, maximum=1.0),
                _with_default(_EPSILON, 1e-8),
            ),
            source="Ma & Yarats 2018",
        ),
        OptimizerDeclaration(
            key="newton",
            title="Newton",
            meaning="jumps to the minimum of the local parabola",
            parameters=(
                _learning_rate(1.0),
                _not_negative("damping", 0.0, "added to the Hessian's diagonal"),
            ),
            source="Nocedal & Wright 2006, chapter 3",
        ),
        OptimizerDeclaration(
            key="gradient_descent_line_search",
            title="GD + line search",
            meaning="against the gradient, as far as it pays (Armijo)",
            parameters=(_learning_rate(1.0), *_LINE_SEARCH),
            source="Armijo 1966",
        ),
        OptimizerDeclaration(
            key="bfgs",
            title="BFGS",
            meaning="learns the curvature from its own steps",
            parameters=(_learning_rate(1.0), *_LINE_SEARCH),
            source="Nocedal & Wright 2006, chapter 6",
        ),
    )
}
