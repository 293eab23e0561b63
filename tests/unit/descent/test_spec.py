"""What a spec of a race says of itself."""

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.spec import Change, Racer


def test_an_optimizer_takes_over_with_a_fresh_state_where_it_is_another_one() -> None:
    racer = Racer(OptimizerSpec("sgd"))
    assert racer.since(100) == 0
    racer = racer.changed(Change(10, OptimizerSpec("sgd", {"learning_rate": 0.5})))
    racer = racer.changed(Change(20, OptimizerSpec("adam"))).changed(
        Change(30, OptimizerSpec("adam", {"learning_rate": 0.5}))
    )
    assert [racer.since(step) for step in (0, 10, 19, 20, 30, 99)] == [0, 0, 0, 20, 20, 20]
