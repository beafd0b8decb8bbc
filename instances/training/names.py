"""Neuron names, computed on demand from a rule instead of being stored one by one."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from instances.errors import InvalidInstance
from instances.memory import shortage

NAME_BYTES = 164
"""Memory that a neuron takes in the table of all names, as measured."""


@dataclass(frozen=True)
class NameBlock:
    """A run of neurons: ``prefix`` itself, or ``prefix`` followed by ``first``, ``first + 1``, ...

    `count` is ``None`` for a single neuron called `prefix`.
    """

    prefix: str
    count: int | None = None
    first: int = 1

    @property
    def size(self) -> int:
        """Number of neurons that the block names."""
        return 1 if self.count is None else self.count


@dataclass(frozen=True)
class Names:
    """The names of neurons 0, 1, ... as consecutive blocks."""

    blocks: tuple[NameBlock, ...]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(block.size for block in self.blocks))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, neuron: int) -> str:
        if not 0 <= neuron < len(self):
            raise IndexError(neuron)
        index = bisect_right(self._ends, neuron)
        block = self.blocks[index]
        if block.count is None:
            return block.prefix
        return f"{block.prefix}{block.first + neuron - (self._ends[index] - block.size)}"

    def all(self) -> list[str]:
        """Return every name, in the order of the neurons."""
        names: list[str] = []
        for block in self.blocks:
            if block.count is None:
                names.append(block.prefix)
            else:
                last = block.first + block.count
                names.extend(f"{block.prefix}{number}" for number in range(block.first, last))
        return names

    @cached_property
    def index(self) -> dict[str, int]:
        """The neuron of every name; raises `InvalidInstance` where a name occurs twice."""
        short = shortage(NAME_BYTES * len(self))
        if short:
            raise InvalidInstance(
                f"the names of {len(self)} neurons: {short}: give neurons by position, or fewer"
            )
        table: dict[str, int] = {}
        for neuron, name in enumerate(self.all()):
            if table.setdefault(name, neuron) != neuron:
                raise InvalidInstance(f"two neurons are called '{name}': give each its own name")
        return table


def name_blocks(*blocks: tuple[str, int] | str | NameBlock) -> Names:
    """Return the rule for ``("s", 3), "z"``: s1, s2, s3, z; blocks of no neurons are left out."""
    made: list[NameBlock] = []
    for block in blocks:
        if isinstance(block, str):
            made.append(NameBlock(block))
        elif isinstance(block, NameBlock):
            made.append(block)
        elif block[1]:
            made.append(NameBlock(block[0], block[1]))
    return Names(tuple(made))
