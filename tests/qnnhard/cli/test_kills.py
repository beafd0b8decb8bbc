"""What a killed command leaves behind; `make kill` asks the same at many more points."""

import signal

import pytest

from tests.qnnhard.cli.kills import campaign

pytestmark = pytest.mark.skipif("not os.path.exists('/proc/self/environ')", reason="needs Linux")


@pytest.mark.parametrize("verb", ["solve", "export", "external"])
def test_a_killed_run_leaves_nothing_behind(verb):
    for (_, name), counts in campaign([verb], points=1, seed=7).items():
        assert counts.points == 1
        assert counts.faults(signal.Signals[name]) == 0, (name, counts.notes)
