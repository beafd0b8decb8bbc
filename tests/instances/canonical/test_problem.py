"""The canonical problem: one for all who ask in turn."""

import random

from instances.canonical.problem import canonical
from tests.helpers import random_instance


def test_engines_that_ask_in_turn_share_one() -> None:
    instance = random_instance(random.Random(1))
    assert canonical(instance) is canonical(instance)
    assert canonical(instance).data is canonical(instance).data
    assert canonical(random_instance(random.Random(1))) is not canonical(instance)
