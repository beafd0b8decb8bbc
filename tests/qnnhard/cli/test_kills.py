"""What a killed command leaves behind; `make kill` asks the same at many more points."""

import pytest

from tests.qnnhard.cli.kills import SIGNALS, VERBS, Counts, Killing, prepared

pytestmark = pytest.mark.skipif("not os.path.exists('/proc/self/environ')", reason="needs Linux")


@pytest.mark.parametrize("verb", ["solve", "export", "external"])
def test_a_killed_run_leaves_nothing_behind(verb):
    with prepared() as files:
        killing = Killing(VERBS[verb], files)
        # The external solver runs in the second half.
        for number, when in zip(SIGNALS, (0.9, 0.3, 0.6, 0.8), strict=True):
            counts = Counts()
            killing.kill(number, when, counts)
            assert counts.points == 1
            assert counts.faults(number) == 0, (number, counts.notes)
