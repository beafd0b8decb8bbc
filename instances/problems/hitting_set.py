"""Hitting set."""

from random import Random

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.budgeted import Budgeted
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.sampling import draw_sets
from instances.sources.sat_solver import choose_at_most
from instances.sources.set_system import CHOSEN_ELEMENTS, SET_SYSTEMS, SetSystem
from instances.text.parameters import Parameter, Values


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
