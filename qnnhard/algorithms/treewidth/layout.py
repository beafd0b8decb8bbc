"""The columns of tables: behaviours and partial sums."""

Column = tuple[int, int] | None
"""``None`` for a behaviour; for a sum the number of its state and the position of the column
with the behaviour of the same neuron, or -1."""

Layout = tuple[Column, ...]


def state_of(column: Column) -> int:
    """Return the number of the state of a sum's column."""
    assert column is not None
    return column[0]


def partner_of(column: Column) -> int:
    """Return the position of the behaviour that belongs to a sum's column, or -1."""
    assert column is not None
    return column[1]


def without(columns: list[Column], gone: list[int]) -> Layout:
    """Return the columns without some; partners keep pointing where they did."""

    def moved(place: int) -> int:
        return -1 if place < 0 or place in gone else place - sum(g < place for g in gone)

    return tuple(
        column if column is None else (column[0], moved(column[1]))
        for place, column in enumerate(columns)
        if place not in gone
    )
