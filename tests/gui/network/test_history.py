"""The curves' memory: bounded, ordered, and true."""

import numpy as np

from gdviz.gui.network.history import History


def rows(first, last):
    """Epochs first to last, whose loss is the epoch itself."""
    epochs = np.arange(first, last + 1, dtype=float)
    return np.column_stack([epochs] * 5)


def test_keeps_every_epoch_while_there_is_room():
    history = History(capacity=64)
    history.extend(rows(1, 20))
    history.extend(rows(21, 40))
    assert history.rows()[:, 0].tolist() == list(range(1, 41))


def test_a_hundred_thousand_epochs_need_no_more_room():
    history = History(capacity=64)
    for first in range(1, 100_001, 137):
        history.extend(rows(first, first + 136))
        assert len(history) < 64
    shown = history.rows()
    assert len(shown) >= 30
    assert shown[-1, 0] == 100_010
    assert (np.diff(shown[:, 0]) > 0).all()
    assert (shown == shown[:, :1]).all()  # measured values, not means
    gaps = np.diff(shown[:-1, 0])
    assert gaps.max() <= 2 * gaps.min()


def test_one_long_batch_of_rows_is_thinned_too():
    history = History(capacity=64)
    history.extend(rows(1, 10_000))
    assert 16 <= len(history) < 64
    assert history.rows()[-1, 0] == 10_000


def test_a_picture_gets_as_many_rows_as_it_asks_for_and_the_newest():
    history = History()
    history.extend(rows(1, 3000))
    shown = history.rows(most=500)
    assert len(shown) <= 501
    assert shown[-1, 0] == 3000


def test_thinned_rows_from_the_worker_are_kept():
    history = History(capacity=64)
    history.extend(rows(1, 1000)[::50])
    assert len(history.rows()) == 20


def test_clear_forgets_all():
    history = History()
    history.extend(rows(1, 10))
    history.clear()
    assert len(history.rows()) == 0
    history.extend(rows(1, 3))
    assert history.rows()[:, 0].tolist() == [1, 2, 3]


def test_goes_on_from_an_earlier_epoch():
    history = History()
    history.extend(rows(1, 100))
    history.extend(rows(41, 43))
    assert history.rows()[:, 0].tolist() == list(range(1, 44))
    assert history.last == 43


def test_goes_back_within_one_batch_of_rows():
    """Two frames of which the first was skipped are told at once."""
    history = History()
    history.extend(np.concatenate([rows(1, 60), rows(21, 30)]))
    assert history.rows()[:, 0].tolist() == list(range(1, 31))


def test_an_epoch_measured_anew_replaces_the_old_one():
    history = History()
    history.extend(rows(1, 3))
    again = rows(3, 3)
    again[:, 1] = -1.0
    history.extend(again)
    assert history.rows()[:, 1].tolist() == [1, 2, -1]


def test_truncates_thinned_rows_too():
    history = History(capacity=64)
    history.extend(rows(1, 10_000))
    history.truncate(5000)
    kept = history.rows()[:, 0]
    assert kept[-1] <= 5000
    assert kept[-1] == history.last > 4500
    history.extend(rows(5001, 10_000))
    assert (np.diff(history.rows()[:, 0]) > 0).all()
    history.truncate(-1)
    assert len(history.rows()) == 0
    assert history.last == -1


def test_the_nearest_epoch():
    history = History()
    assert history.nearest(5.0) is None
    history.extend(rows(1, 10)[::3])  # 1, 4, 7, 10
    assert [history.nearest(epoch)[0] for epoch in (-5.0, 5.4, 5.6, 99.0)] == [1, 4, 7, 10]
