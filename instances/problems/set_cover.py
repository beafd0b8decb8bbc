"""Set cover."""

from random import Random

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.budgeted import Budgeted
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.sampling import draw_sets, partition
from instances.sources.sat_solver import choose_at_most
from instances.sources.set_system import CHOSEN_SETS, SET_SYSTEMS, SetSystem
from instances.text.parameters import Parameter, Values


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
        sets = [
            random.sample(range(universe), min(universe, random.choice((0, 1, 2, 3, 3, 4, 5))))
            for _ in range(random.randint(0, 6))
        ]
        if sets and random.random() < 0.2:
            sets.append(random.choice(sets))
        return SetSystem.of(universe, sets, random.choice((0, 1, 2, 2, 3, 3, universe + 1)))

    def check(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` with the first element that is not covered, or the excess."""
        require_chosen(witness, len(source.sets), "set", source.require_budget(self.name))
        covered = {element for index in witness for element in source.sets[index]}
        if len(covered) < source.universe:
            missing = next(e for e in range(source.universe) if e not in covered)
            raise InvalidWitness(f"element {missing} is in no chosen set")

    def solve(self, source: SetSystem, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a SAT solver: one variable a set."""
        budget = source.require_budget(self.name)
        memberships = source.memberships()
        if len(memberships) < source.universe:
            return None
        clauses = [[index + 1 for index in indices] for indices in memberships.values()]
        return choose_at_most(len(source.sets), clauses, budget, deadline)
