"""Exact cover, set cover and hitting set."""

from collections.abc import Collection, Iterator, Sequence
from random import Random

from instances.deadline import Deadline
from instances.enumeration.systems import every_set_system, with_budgets
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Budgeted, Problem
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.sampling import draw_sets, partition
from instances.sources.sat_solver import Clauses, at_most, choose_at_most
from instances.sources.set_system import CHOSEN_ELEMENTS, CHOSEN_SETS, SET_SYSTEMS, SetSystem
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
        sets = _few_sets(universe, (0, 1, 1, 2, 2, 3, 4), random)
        if random.random() < 0.4:
            sets += partition(universe, random.randint(1, 3), random)
            random.shuffle(sets)
        return SetSystem.of(universe, sets)

    def every(self, universe: int, sets: int) -> Iterator[SetSystem]:
        """Yield all multisets of sets; see `every_set_system`."""
        return every_set_system(universe, sets)

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
        _require_all(covered_by, source.universe)

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
        return choose_at_most(len(source.sets), clauses, len(source.sets), deadline)


class SetCover(Budgeted[SetSystem]):
    """The question whether at most `budget` sets contain every element.

    A witness is the increasing tuple of the chosen sets' indices, from 0. An element in no
    set makes a no-instance, an empty universe a yes-instance.
    """

    name = "set-cover"
    title = "Set Cover"
    question = "Do at most budget of the sets contain every element?"
    form = SET_SYSTEMS
    witnesses = CHOSEN_SETS
    parameters = (
        Parameter("universe", "12", "number of elements"),
        Parameter("sets", "10", "number of sets"),
        Parameter("size", "4", "elements in every set"),
        Parameter("budget", "4", "how many sets may be chosen"),
        Parameter("planted", "no", "yes: budget of the sets cover the universe"),
    )

    def draw(self, given: Values, random: Random) -> SetSystem:
        """Draw sets uniformly.

        A planted system deals the universe to `budget` of the sets and fills them up with
        random elements to the given size.
        """
        universe, count = given.integer("universe"), given.integer("sets")
        size, budget = given.integer("size", 1), given.integer("budget")
        sets = draw_sets(self.name, universe, count, size, random)
        if given.choice("planted") and universe:
            cover = min(budget, count)
            if cover * size < universe:
                raise InputError(
                    f"{self.name}: {cover} sets of {size} cannot cover {universe} elements: "
                    "raise size, budget or sets, or lower universe"
                )
            for index, block in enumerate(partition(universe, cover, random)):
                kept = set(block)
                fill = [element for element in sets[index] if element not in kept]
                sets[index] = (block + fill)[:size]
            random.shuffle(sets)
        return SetSystem.of(universe, sets, budget)

    def random(self, random: Random) -> SetSystem:
        """Draw up to 6 elements and 6 sets, some of them empty or equal, with any budget."""
        universe = random.randint(0, 6)
        sets = _few_sets(universe, (0, 1, 2, 3, 3, 4, 5), random)
        if sets and random.random() < 0.2:
            sets.append(random.choice(sets))
        return SetSystem.of(universe, sets, random.choice((0, 1, 2, 2, 3, 3, universe + 1)))

    def every(self, universe: int, sets: int) -> Iterator[SetSystem]:
        """Yield all multisets of sets, with budgets from 0 to one above the number of sets."""
        return with_budgets(every_set_system(universe, sets), lambda source: len(source.sets))

    def check(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` with the first element that is not covered, or the excess."""
        require_chosen(witness, len(source.sets), "set", source.require_budget(self.name))
        covered = {element for index in witness for element in source.sets[index]}
        _require_all(covered, source.universe)

    def solve(self, source: SetSystem, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a SAT solver: one variable a set."""
        budget = source.require_budget(self.name)
        memberships = source.memberships()
        if len(memberships) < source.universe:
            return None
        clauses = [[index + 1 for index in indices] for indices in memberships.values()]
        return choose_at_most(len(source.sets), clauses, budget, deadline)


class HittingSet(Budgeted[SetSystem]):
    """The question whether at most `budget` elements meet every set.

    A witness is the increasing tuple of the chosen elements. An empty set makes a
    no-instance, no sets a yes-instance.
    """

    name = "hitting-set"
    title = "Hitting Set"
    question = "Do at most budget elements meet every set?"
    form = SET_SYSTEMS
    witnesses = CHOSEN_ELEMENTS
    parameters = (
        Parameter("universe", "10", "number of elements"),
        Parameter("sets", "12", "number of sets"),
        Parameter("size", "3", "elements in every set"),
        Parameter("budget", "4", "how many elements may be chosen"),
        Parameter("planted", "no", "yes: every set meets a hidden set of budget elements"),
    )

    def draw(self, given: Values, random: Random) -> SetSystem:
        """Draw sets uniformly.

        A planted system has a hidden set of elements, of the budget's size, and where a drawn
        set misses it, one of the set's elements is replaced by a hidden one.
        """
        universe, count = given.integer("universe"), given.integer("sets")
        size, budget = given.integer("size", 1), given.integer("budget")
        sets = draw_sets(self.name, universe, count, size, random)
        if given.choice("planted"):
            if count and not budget:
                raise InputError(f"{self.name}: planted sets need a budget of 1 or more")
            hidden = random.sample(range(universe), min(budget, universe))
            for members in sets:
                if set(hidden).isdisjoint(members):
                    members[random.randrange(size)] = random.choice(hidden)
        return SetSystem.of(universe, sets, budget)

    def random(self, random: Random) -> SetSystem:
        """Draw up to 6 elements and 6 sets, some of them empty or equal, with any budget."""
        universe = random.randint(0, 6)
        sets = []
        for _ in range(random.randint(0, 6)):
            size = 0 if random.random() < 0.02 else random.choice((1, 2, 2, 3, 4))
            sets.append(random.sample(range(universe), min(universe, size)))
        if sets and random.random() < 0.2:
            sets.append(random.choice(sets))
        return SetSystem.of(universe, sets, random.choice((0, 1, 1, 2, 2, 3, universe + 1)))

    def every(self, universe: int, sets: int) -> Iterator[SetSystem]:
        """Yield all multisets of sets, with budgets from 0 to one above that of elements."""
        return with_budgets(every_set_system(universe, sets), lambda source: source.universe)

    def check(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` with the first set that is not hit, or the excess."""
        require_chosen(witness, source.universe, "element", source.require_budget(self.name))
        chosen = set(witness)
        for index, members in enumerate(source.sets):
            if chosen.isdisjoint(members):
                raise InvalidWitness(f"set {index} contains no chosen element")

    def solve(self, source: SetSystem, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a SAT solver: one variable for every element that is in a set."""
        budget = source.require_budget(self.name)
        elements = list(source.memberships())
        variable = {element: index for index, element in enumerate(elements, start=1)}
        clauses = [[variable[element] for element in members] for members in source.sets]
        chosen = choose_at_most(len(elements), clauses, budget, deadline)
        return None if chosen is None else tuple(elements[index] for index in chosen)


def _few_sets(universe: int, sizes: Sequence[int], random: Random) -> list[list[int]]:
    """Draw up to 6 sets of some of the `sizes`."""
    return [
        random.sample(range(universe), min(universe, random.choice(sizes)))
        for _ in range(random.randint(0, 6))
    ]


def _require_all(covered: Collection[int], universe: int) -> None:
    if len(covered) < universe:
        missing = next(element for element in range(universe) if element not in covered)
        raise InvalidWitness(f"element {missing} is in no chosen set")
