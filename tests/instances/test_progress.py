"""Stages, and who watches them."""

import threading

import pytest

from instances.progress import Stage, current_watcher, stage, track, watched_by
from tests.helpers import Watching


def test_a_stage_counts_with_and_without_a_watcher():
    with stage("eating", "apples", 3) as alone:
        alone.done += 2
    assert (alone.name, alone.unit, alone.total, alone.done) == ("eating", "apples", 3, 2)
    watching = Watching()
    with watched_by(watching), stage("sleeping") as seen:
        assert watching.open == [seen]
        seen.done = 5
    assert watching.open == []
    assert watching.seen == [("sleeping", "", None, 5)]
    assert current_watcher() is None


def test_stages_nest_and_close_however_they_end():
    watching = Watching()

    def nested():
        with stage("outer"):
            with stage("first"):
                assert [s.name for s in watching.open] == ["outer", "first"]
            with stage("second"):
                raise ValueError("inner")

    with watched_by(watching), pytest.raises(ValueError, match="inner"):
        nested()
    assert watching.open == []
    assert [name for name, *_ in watching.seen] == ["first", "second", "outer"]


def test_a_generator_that_is_given_up_closes_its_stage():
    def numbers():
        with stage("numbers"):
            yield from range(10)

    watching = Watching()
    with watched_by(watching):
        for make in (numbers, lambda: iter(track(range(10), "items", "items"))):
            found = make()
            assert next(found) == 0
            assert len(watching.open) == 1
            del found
            assert not watching.open


def test_tracked_items_are_counted():
    items = ["a", "b", "c"]
    assert track(items, "spelling", "letters") is items
    watching = Watching()
    with watched_by(watching):
        counts = [watching.open[0].done for _ in track(items, "spelling", "letters")]
    assert counts == [0, 1, 2]
    assert watching.seen == [("spelling", "letters", 3, 3)]


def test_other_threads_are_not_watched():
    watching, found = Watching(), []
    with watched_by(watching):
        thread = threading.Thread(target=lambda: found.append(current_watcher()))
        thread.start()
        thread.join()
    assert found == [None]


def test_a_context_may_have_no_watcher_within_one_that_has():
    watching = Watching()
    with watched_by(watching):
        with watched_by(None), stage("unseen"):
            pass
        assert current_watcher() is watching
    assert watching.seen == []


def test_a_stage_takes_no_other_attributes():
    with pytest.raises(AttributeError):
        Stage("a").count = 1
