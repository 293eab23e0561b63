"""Every optimizer's update rule, by key, in the order in which ``keras.optimizers`` computes it.

Names follow the papers; ``w`` is one Keras variable of two numbers, so ``clipnorm`` clips the length of both together.
All is computed in float64, where Keras computes in the variable's type, mostly float32. (Even for float64 variables it
rounds some settings, beta_1 among them, to float32 first.)
"""

from __future__ import annotations

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.rules import Line, Rule, State, Stepper, given
from gdviz.descent.surface import FloatArray, Surface

_PRELUDE = (
    *given("clipnorm > 0", Line("g", "g * minimum(1, clipnorm / norm(g))", "gradient, no longer than clipnorm")),
    *given(
        "clipvalue > 0",
        Line("g", "minimum(maximum(g, -clipvalue), clipvalue)", "gradient, no component beyond clipvalue"),
    ),
    *given("weight_decay > 0", Line("w", "w - learning_rate * weight_decay * w", "weight decay")),
)


def _keras(states: tuple[State, ...], *lines: Line) -> Rule:
    """A rule behind what all optimizers of Keras do first: clip the gradient, then decay the weights."""
    return Rule(states, (*_PRELUDE, *lines))


_VELOCITY = State("velocity", "the last step", "direction")
_PLAIN_STEP = Line("w", "w - learning_rate * g", "against the gradient")
_HEAVY_BALL = (
    Line("velocity", "momentum * velocity - learning_rate * g", "a share of the last step, and a new push"),
    Line("w", "w + velocity", "the step"),
)
_LOOK_AHEAD = (_HEAVY_BALL[0], Line("w", "w + momentum * velocity - learning_rate * g", "the step, one push ahead"))

_M = State("m", "first moment: running mean of the gradient", "gradient")
_V = State("v", "second moment: running mean of its square", "accumulator")
_MOMENTS = (
    Line("m", "beta_1 * m + (1 - beta_1) * g", "first moment: running mean of the gradient"),
    Line("v", "beta_2 * v + (1 - beta_2) * g**2", "second moment: running mean of its square"),
)
_CORRECTED = (
    Line("m_hat", "m / (1 - beta_1**t)", "first moment, corrected for the cold start", kind="gradient"),
    Line("v_hat", "v / (1 - beta_2**t)", "second moment, corrected for the cold start", kind="accumulator"),
)
_ALPHA = Line(
    "alpha",
    "learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)",
    "learning rate, corrected for the cold start",
    kind="scalar",
)
_ADAM_STEP = Line("w", "w - alpha * m / (sqrt(v) + epsilon)", "the step")
_ADAM = (*_MOMENTS, _ALPHA, _ADAM_STEP)
_V_HAT = State("v_hat", "the largest second moment so far", "accumulator")
_AMSGRAD = (
    *_MOMENTS,
    _ALPHA,
    Line("v_hat", "maximum(v_hat, v)", "the largest second moment so far"),
    Line("w", "w - alpha * m / (sqrt(v_hat) + epsilon)", "the step"),
)
_ADAM_OR_AMSGRAD = _keras((_M, _V, _V_HAT), *given("not amsgrad", *_ADAM), *given("amsgrad", *_AMSGRAD))

_ACCUMULATOR = State("accumulator", "sum of the squared gradients", "accumulator", initial="initial_accumulator_value")
_EVALUATIONS = State("evaluations", "gradients and losses asked for so far", "scalar", shape=(1,))
_LINE_SEARCH = (
    Line(
        "halvings",
        "armijo_halvings(loss, w, g, direction, learning_rate, shrink, sufficient_decrease)",
        "how often the step must be shrunk until it pays",
        kind="scalar",
    ),
    Line("alpha", "learning_rate * shrink**halvings", "length of the step", kind="scalar"),
    Line("evaluations", "evaluations + halvings + 3", "the gradient, the loss here, and the loss at every trial"),
)

RULES: dict[str, Rule] = {
    "sgd": _keras(
        (_VELOCITY,),
        *given("momentum == 0", _PLAIN_STEP),
        *given("momentum > 0 and not nesterov", *_HEAVY_BALL),
        *given("momentum > 0 and nesterov", *_LOOK_AHEAD),
    ),
    "momentum": _keras((_VELOCITY,), *_HEAVY_BALL),
    "nesterov": _keras((_VELOCITY,), *_LOOK_AHEAD),
    "adagrad": _keras(
        (_ACCUMULATOR,),
        Line("accumulator", "accumulator + g**2", "sum of the squared gradients"),
        Line("w", "w - learning_rate * g / sqrt(accumulator + epsilon)", "the step"),
    ),
    "adadelta": _keras(
        (
            State("mean_square_gradient", "running mean of the squared gradient", "accumulator"),
            State("mean_square_step", "running mean of the squared step", "accumulator"),
        ),
        Line(
            "mean_square_gradient", "rho * mean_square_gradient + (1 - rho) * g**2", "running mean of squared gradients"
        ),
        Line(
            "delta",
            "-sqrt(mean_square_step + epsilon) / sqrt(mean_square_gradient + epsilon) * g",
            "against the gradient, in the units of the parameter",
            kind="direction",
        ),
        Line("mean_square_step", "rho * mean_square_step + (1 - rho) * delta**2", "running mean of squared steps"),
        Line("w", "w + learning_rate * delta", "the step"),
    ),
    "rmsprop": _keras(
        (
            State("mean_square", "running mean of the squared gradient", "accumulator"),
            State("mean_gradient", "running mean of the gradient", "gradient"),
            _VELOCITY,
        ),
        Line("mean_square", "rho * mean_square + (1 - rho) * g**2", "running mean of the squared gradient"),
        *given(
            "centered",
            Line("mean_gradient", "rho * mean_gradient + (1 - rho) * g", "running mean of the gradient"),
            Line("scale", "sqrt(mean_square - mean_gradient**2 + epsilon)", "spread of the gradient", kind="vector"),
        ),
        *given("not centered", Line("scale", "sqrt(mean_square + epsilon)", "size of the gradient", kind="vector")),
        *given("momentum == 0", Line("w", "w - learning_rate * g / scale", "the step")),
        *given(
            "momentum > 0",
            Line("velocity", "momentum * velocity - learning_rate * g / scale", "a share of the last step, and a push"),
            Line("w", "w + velocity", "the step"),
        ),
    ),
    "adam": _ADAM_OR_AMSGRAD,
    "amsgrad": _keras((_M, _V, _V_HAT), *_AMSGRAD),
    "adamw": _ADAM_OR_AMSGRAD,
    "adamax": _keras(
        (_M, State("u", "largest gradient of late", "accumulator")),
        _MOMENTS[0],
        Line("u", "maximum(beta_2 * u, abs(g))", "largest gradient of late"),
        Line("w", "w - learning_rate / (1 - beta_1**t) * m / (u + epsilon)", "the step"),
    ),
    "nadam": _keras(
        (_M, _V, State("mu_product", "product of all mu so far", "scalar", initial="1.0", shape=(1,))),
        Line("mu", "beta_1 * (1 - 0.5 * 0.96**t)", "momentum of this step, after Dozat's schedule", kind="scalar"),
        Line("mu_next", "beta_1 * (1 - 0.5 * 0.96 ** (t + 1))", "momentum of the next step", kind="scalar"),
        Line("mu_product", "mu_product * mu", "product of all mu so far"),
        *_MOMENTS,
        Line(
            "m_hat",
            "mu_next * m / (1 - mu_product * mu_next) + (1 - mu) * g / (1 - mu_product)",
            "first moment, one step ahead, corrected for the cold start",
            kind="gradient",
        ),
        _CORRECTED[1],
        Line("w", "w - learning_rate * m_hat / (sqrt(v_hat) + epsilon)", "the step"),
    ),
    "ftrl": _keras(
        (_ACCUMULATOR, State("linear", "the linear part of what is minimised", "vector")),
        Line(
            "shrunk", "g + 2 * l2_shrinkage_regularization_strength * w", "gradient with L2 shrinkage", kind="gradient"
        ),
        Line(
            "before", "accumulator**-learning_rate_power / learning_rate", "steepness before this step", kind="vector"
        ),
        Line("accumulator", "accumulator + g**2", "sum of the squared gradients"),
        Line("after", "accumulator**-learning_rate_power / learning_rate", "steepness after this step", kind="vector"),
        Line("linear", "linear + shrunk - (after - before) * w", "the linear part of what is minimised"),
        Line(
            "quadratic",
            "after + 2 * l2_regularization_strength + beta / learning_rate",
            "the quadratic part of what is minimised",
            kind="vector",
        ),
        Line(
            "clipped",
            "minimum(maximum(linear, -l1_regularization_strength), l1_regularization_strength)",
            "what L1 takes away",
            kind="vector",
        ),
        Line("w", "(clipped - linear) / quadratic", "where their sum is lowest"),
    ),
    "lion": _keras(
        (_M,),
        Line("direction", "sign(beta_1 * m + (1 - beta_1) * g)", "only the sign counts", kind="gradient"),
        Line("w", "w - learning_rate * direction", "the step"),
        Line("m", "beta_2 * m + (1 - beta_2) * g", "running mean of the gradient"),
    ),
    "lamb": _keras(
        (_M, _V),
        *_MOMENTS,
        *_CORRECTED,
        Line("update", "m_hat / (sqrt(v_hat) + epsilon)", "as Adam would step", kind="gradient"),
        Line(
            "trust",
            "where(0 < norm(w) * norm(update), norm(w) / norm(update), 1)",
            "brings the step to the length of the weights",
            kind="scalar",
        ),
        Line("w", "w - learning_rate * trust * update", "the step"),
    ),
    "adafactor": _keras(
        (_V,),
        Line("beta_2", "1 - t**beta_2_decay", "share of the second moment that is kept: more and more", kind="scalar"),
        Line("v", "beta_2 * v + (1 - beta_2) * (g**2 + epsilon_1)", "second moment: running mean of the square"),
        Line("scaled", "g / sqrt(v)", "gradient in units of its usual size", kind="gradient"),
        Line(
            "clipped",
            "scaled / maximum(1, norm(scaled) / sqrt(2) / clip_threshold)",
            "the same, its root mean square no larger than the threshold",
            kind="gradient",
        ),
        Line(
            "alpha",
            "minimum(learning_rate, 1 / sqrt(t)) * maximum(epsilon_2, norm(w) / sqrt(2))",
            "length of the step, in proportion to the weights",
            kind="scalar",
        ),
        Line("w", "w - alpha * clipped", "the step"),
    ),
    "qhm": Rule(
        (State("m", "running mean of the gradient", "gradient"),),
        (
            Line("m", "beta * m + (1 - beta) * g", "running mean of the gradient"),
            Line("w", "w - learning_rate * ((1 - nu) * g + nu * m)", "a plain and a momentum step, mixed"),
        ),
    ),
    "qhadam": Rule(
        (_M, _V),
        (
            *_MOMENTS,
            *_CORRECTED,
            Line("mean", "(1 - nu_1) * g + nu_1 * m_hat", "gradient and first moment, mixed", kind="gradient"),
            Line(
                "square",
                "(1 - nu_2) * g**2 + nu_2 * v_hat",
                "squared gradient and second moment, mixed",
                kind="accumulator",
            ),
            Line("w", "w - learning_rate * mean / (sqrt(square) + epsilon)", "the step"),
        ),
    ),
    "newton": Rule(
        (),
        (
            Line(
                "direction",
                "newton_direction(hessian(w), g, damping)",
                "to where the local parabola is flat",
                kind="direction",
            ),
            Line("w", "w + learning_rate * direction", "the step"),
        ),
    ),
    "gradient_descent_line_search": Rule(
        (_EVALUATIONS,),
        (
            Line("direction", "-g", "against the gradient", kind="direction"),
            *_LINE_SEARCH,
            Line("w", "w + alpha * direction", "the step"),
        ),
    ),
    "bfgs": Rule(
        (
            State("inverse_hessian", "inverse Hessian as learned so far", "matrix", initial="eye(2)", shape=(2, 2)),
            State("w_before", "where the last step began", "point", initial="w"),
            State("g_before", "gradient there", "gradient"),
            _EVALUATIONS,
        ),
        (
            Line("s", "w - w_before", "the last step", kind="vector"),
            Line("y", "g - g_before", "change of the gradient along it", kind="vector"),
            Line("inverse_hessian", "secant_update(inverse_hessian, s, y)", "what explains that change"),
            Line(
                "direction", "-product(inverse_hessian, g)", "to where the learned parabola is flat", kind="direction"
            ),
            *_LINE_SEARCH,
            Line("w_before", "w", "where this step begins"),
            Line("g_before", "g", "gradient there"),
            Line("w", "w + alpha * direction", "the step"),
        ),
    ),
}


def rule_of(optimizer: OptimizerSpec) -> Rule:
    """The lines and states that an optimizer with these settings uses.

    Raises:
        ValueError: its key or a setting is not allowed.
    """
    settings = optimizer.values()  # first, as its message about an unknown key is the better one
    return RULES[optimizer.key].active(settings)


def stepper(surface: Surface, optimizer: OptimizerSpec, points: FloatArray, **columns: FloatArray) -> Stepper:
    """Many points that an optimizer is to move together, without a record: for maps of where each start ends.

    Some thousand points at a time are fastest, as their states then stay in the processor's cache.

    Args:
        surface: its loss and Hessian serve the rules that ask for them; the gradient is handed to each step.
        optimizer: the same for all.
        points: shape (n, 2).
        **columns: settings that differ from point to point, each of shape (n, 1); they must not switch lines on or off.

    Raises:
        ValueError: the optimizer's key or a setting is not allowed.
    """
    return Stepper(rule_of(optimizer), surface, {**optimizer.values(), **columns}, points)
