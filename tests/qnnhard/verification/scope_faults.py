"""Reductions that are wrong on few sources only: one without what is empty, one that is small."""

from functools import cached_property

from instances.sources.set_system import SetSystem
from tests.qnnhard.verification.faults import DroppedPoint


class SkipsEmptySets:
    """An empty set of a hitting set, which nothing hits, is forgotten."""

    @classmethod
    def build(cls, source):
        kept = [members for members in source.sets if members]
        return super().build(SetSystem.of(source.universe, kept, source.budget))


class WrongFromThreeElementsOn(DroppedPoint):
    """The last data point is dropped, but not where there are few elements."""

    @cached_property
    def target(self):
        return super().target if self.source.universe > 2 else self._right

    @cached_property
    def _right(self):
        return super(DroppedPoint, self).target


class WrongWithManyToChoose:
    """A budget beyond the number of elements is taken for one that is none."""

    @classmethod
    def build(cls, source):
        budget = source.budget if source.budget <= source.universe else 0
        return super().build(SetSystem.of(source.universe, source.sets, budget))
