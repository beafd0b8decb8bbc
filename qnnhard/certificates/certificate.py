"""What remains of a refutation once a checker of this package has accepted it."""

from collections import Counter
from dataclasses import dataclass, replace

from instances.errors import InvalidInstance
from instances.training.instance import TrainingInstance


@dataclass(frozen=True, eq=False)
class Certificate:
    """That a checker of this package found an instance to have no solution.

    Made only where one has accepted a refutation: of a formula by `drat.certify`, of other forms
    by `qnnhard.methods.linear.method`.

    Parameters
    ----------
    instance : TrainingInstance
        What was refuted.
    checker : str
        Who accepted the refutation.
    """

    instance: TrainingInstance
    checker: str

    def covers(self, instance: TrainingInstance) -> bool:
        """Return whether `instance` is what was refuted, or that with more data points.

        A loss never decreases with more data points.
        """
        refuted = self.instance
        if refuted is instance:
            return True
        try:
            same = replace(instance, inputs=refuted.inputs, targets=refuted.targets) == refuted
        except InvalidInstance:
            return False
        return same and _points(refuted) <= _points(instance)


def _points(instance: TrainingInstance) -> Counter[object]:
    rows = zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True)
    return Counter((tuple(inputs), tuple(targets)) for inputs, targets in rows)
