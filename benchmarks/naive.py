"""The baseline CNF: Tseitin products and one sequential counter for every neuron and point."""

from pseudo_boolean import Model, Terms


def clauses(model: Model) -> list[list[int]]:
    """Return a CNF of the model; further variables follow those of the model."""
    found = list(model.clauses)
    for product, left, right in model.products:
        found += [[-product, left], [-product, right], [product, -left, -right]]
    counters: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for literal, terms, bound in model.thresholds:
        units, shift = _units(terms)
        key = tuple(terms)
        if key not in counters:
            counters[key] = _counter(model, units, found)
        need = bound + shift
        count = counters[key]
        if need <= 0:
            found.append([literal])
        elif need > len(count):
            found.append([-literal])
        else:
            found += [[-literal, count[need - 1]], [literal, -count[need - 1]]]
    for literals, bound in model.at_most:
        count = _counter(model, literals, found)
        if bound < len(count):
            found.append([-count[bound]])
    return found


def _units(terms: Terms) -> tuple[list[int], int]:
    """Return literals, one a unit, whose number is the sum of `terms` plus the shift."""
    units: list[int] = []
    shift = 0
    for factor, literal in terms:
        units += [literal if factor > 0 else -literal] * abs(factor)
        shift += max(0, -factor)
    return units, shift


def _counter(model: Model, literals: list[int], found: list[list[int]]) -> list[int]:
    """Return literals: the i-th says that more than i of `literals` are true."""
    count: list[int] = []
    for literal in literals:
        above = model.fresh(len(count) + 1)
        for place, register in enumerate(above):
            same = count[place] if place < len(count) else None
            below = count[place - 1] if place else None
            # register <-> same or (literal and below)
            carry = [-literal] if below is None else [-literal, -below]
            found.append([register, *carry])
            if same is not None:
                found.append([register, -same])
            rest = [] if same is None else [same]
            found.append([-register, literal, *rest])
            if below is not None:
                found.append([-register, below, *rest])
        count = above
    return count
