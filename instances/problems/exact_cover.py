"""Exact cover by sets."""

from random import Random

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.sampling import draw_sets, partition
from instances.sources.sat_solver import Clauses, at_most, solve_clauses
from instances.sources.set_system import CHOSEN_SETS, SET_SYSTEMS, SetSystem
from instances.text.parameters import Parameter, Values


class ExactCover(Problem[SetSystem, Chosen]):
    """The question whether some of the sets contain every element exactly once.

    A witness is the increasing tuple of the chosen sets' indices, from 0; it may include
    empty sets. An element in no set makes a no-instance, an empty universe a yes-instance.
    """

    name = "exact-cover"
    title = "Exact Set Cover"
    question = "Do some of the sets contain every element exactly once?"
    form = SET_SYSTEMS
    witnesses = CHOSEN_SETS
    parameters = (
        Parameter("universe", "12", "number of elements"),
        Parameter("sets", "10", "number of sets"),
        Parameter("size", "3", "elements in every set; in the hidden cover, at most so many"),
        Parameter("planted", "no", "yes: some of the sets are a hidden exact cover"),
    )

    def admit(self, source: SetSystem) -> None:
        """Raise `InputError` if there is a budget."""
        if source.budget is not None:
            raise InputError(
                f"{self.name} has no budget: remove budget {source.budget} from the file"
            )

    def draw(self, given: Values, random: Random) -> SetSystem:
        """Draw sets uniformly; a planted system hides a random partition among them."""
        universe, count = given.integer("universe"), given.integer("sets")
        size = given.integer("size", 1)
        hidden: list[list[int]] = []
        if given.choice("planted"):
            blocks = -(-universe // size)
            if blocks > count:
                raise InputError(
                    f"{self.name}: {universe} elements in blocks of {size} need sets={blocks} "
                    "or more, or a larger size"
                )
            hidden = partition(universe, blocks, random)
        sets = hidden + draw_sets(self.name, universe, count - len(hidden), size, random)
        random.shuffle(sets)
        return SetSystem.of(universe, sets)

    def random(self, random: Random) -> SetSystem:
        """Draw up to 6 elements and 6 sets, some of them empty or equal."""
        universe = random.randint(0, 6)
        sets = [
            random.sample(range(universe), min(universe, random.choice((0, 1, 1, 2, 2, 3, 4))))
            for _ in range(random.randint(0, 6))
        ]
        if random.random() < 0.4:
            sets += partition(universe, random.randint(1, 3), random)
            random.shuffle(sets)
        return SetSystem.of(universe, sets)

    def check(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` with the first element covered by no set or by two."""
        require_chosen(witness, len(source.sets), "set")
        covered_by: dict[int, int] = {}
        for index in witness:
            for element in source.sets[index]:
                if element in covered_by:
                    other = covered_by[element]
                    raise InvalidWitness(f"element {element} is in the sets {other} and {index}")
                covered_by[element] = index
        if len(covered_by) < source.universe:
            missing = next(e for e in range(source.universe) if e not in covered_by)
            raise InvalidWitness(f"element {missing} is in no chosen set")

    def solve(self, source: SetSystem, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a SAT solver: one variable a set."""
        memberships = source.memberships()
        if len(memberships) < source.universe:
            return None
        clauses: Clauses = []
        top = len(source.sets)
        for indices in memberships.values():
            literals = [index + 1 for index in indices]
            conflicts, top = at_most(literals, 1, top)
            clauses += [literals, *conflicts]
        values = solve_clauses(len(source.sets), clauses, deadline)
        return None if values is None else tuple(i for i, chosen in enumerate(values) if chosen)
