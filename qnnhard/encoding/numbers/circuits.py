"""Binary arithmetic on linear forms: sums of integer multiples of literals.

Where a sum takes too many values for order literals, it is added up in binary by a balanced
tree of ripple-carry adders. No sign bit is needed: a form is shifted by its least value, so
that only nonnegative numbers are added.
"""

from collections.abc import Iterable
from itertools import pairwise

from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.forms import TRUE, Form, Word
from qnnhard.encoding.numbers.nodes import Leaf


class Circuits:
    """Gates, adders and comparators whose clauses go to a builder; equal gates are shared."""

    def __init__(self, builder: Builder, owner: str) -> None:
        self.builder = builder
        self.owner = owner
        self._gates: dict[tuple[str, tuple[int, ...]], int] = {}

    def both(self, *literals: int) -> int:
        """Return a literal equivalent to the conjunction."""
        inputs = {literal for literal in literals if literal != TRUE}
        if -TRUE in inputs or any(-literal in inputs for literal in inputs):
            return -TRUE
        if len(inputs) <= 1:
            return inputs.pop() if inputs else TRUE
        key = ("and", tuple(sorted(inputs)))
        if key not in self._gates:
            gate = self._gates[key] = self._variable("and")
            for literal in key[1]:
                self.builder.add(-gate, literal)
            self.builder.add(gate, *(-literal for literal in key[1]))
        return self._gates[key]

    def either(self, *literals: int) -> int:
        """Return a literal equivalent to the disjunction."""
        return -self.both(*(-literal for literal in literals))

    def add_bits(self, a: int, b: int, c: int) -> tuple[int, int]:
        """Return sum and carry of three bits."""
        inputs = sorted((a, b, c), key=abs)
        for i, j, k in ((0, 1, 2), (1, 2, 0)):
            if inputs[i] == -inputs[j]:
                # One of the two is true: their sum is 1.
                return -inputs[k], inputs[k]
            if inputs[i] == inputs[j]:
                return inputs[k], inputs[i]
        if inputs[2] in (TRUE, -TRUE):
            first, second = inputs[:2]
            if inputs[2] == TRUE:
                return -self._xor(first, second), self.either(first, second)
            return self._xor(first, second), self.both(first, second)
        return self._xor(*inputs), self._majority(inputs)

    def _xor(self, *literals: int) -> int:
        """Return a literal equivalent to the parity of two or three literals."""
        sign = 1
        for literal in literals:
            sign = -sign if literal < 0 else sign
        variables = tuple(sorted(abs(literal) for literal in literals))
        key = ("xor", variables)
        if key not in self._gates:
            gate = self._gates[key] = self._variable("xor")
            for mask in range(1 << len(variables)):
                signed = [-v if mask >> i & 1 else v for i, v in enumerate(variables)]
                # The clause is broken where variable i is true iff bit i of the mask is set.
                self.builder.add(gate if mask.bit_count() % 2 else -gate, *signed)
        return sign * self._gates[key]

    def _majority(self, literals: list[int]) -> int:
        a, b, c = literals
        key = ("majority", (a, b, c))
        if key not in self._gates:
            gate = self._gates[key] = self._variable("majority")
            for first, second in ((a, b), (a, c), (b, c)):
                self.builder.add(gate, -first, -second)
                self.builder.add(-gate, first, second)
        return self._gates[key]

    def _variable(self, kind: str) -> int:
        return self.builder.variable(f"{kind}[{self.owner}:{len(self._gates) + 1}]")

    def word(self, form: Form) -> Word:
        """Return the form as a word."""
        low, high = form.low, form.high
        addends = []
        for variable, coefficient in form.terms.items():
            literal = variable if coefficient > 0 else -variable
            size = abs(coefficient)
            addends.append([literal if size >> k & 1 else -TRUE for k in range(size.bit_length())])
        width = (high - low).bit_length()
        bits = self._total(addends)[:width]
        return Word(low, high, tuple(bits))

    def _total(self, addends: list[list[int]]) -> list[int]:
        if len(addends) <= 1:
            return addends[0] if addends else []
        middle = len(addends) // 2
        return self._sum(self._total(addends[:middle]), self._total(addends[middle:]))

    def _sum(self, a: list[int], b: list[int]) -> list[int]:
        carry = -TRUE
        result = []
        for place in range(max(len(a), len(b))):
            x = a[place] if place < len(a) else -TRUE
            y = b[place] if place < len(b) else -TRUE
            bit, carry = self.add_bits(x, y, carry)
            result.append(bit)
        return [*result, carry] if carry != -TRUE else result

    def word_of_leaf(self, leaf: Leaf) -> Word:
        """Return an order-encoded integer as a word."""
        low, high = leaf.values[0], leaf.values[-1]
        reached = (TRUE, *leaf.literals, -TRUE)
        bits = []
        for place in range((high - low).bit_length()):
            column = [(value - low) >> place & 1 for value in leaf.values]
            turns = [i for i in range(1, len(column)) if column[i] != column[i - 1]]
            bits.append(self._alternation([reached[i] for i in turns]))
        return Word(low, high, tuple(bits))

    def _alternation(self, literals: list[int]) -> int:
        """Return a literal that holds iff an odd number does; each is implied by the next."""
        if not literals:
            return -TRUE
        if len(literals) == 1:
            return literals[0]
        key = ("steps", tuple(literals))
        if key not in self._gates:
            gate = self._gates[key] = self._variable("steps")
            stairs = (TRUE, *literals, -TRUE)
            for number, (reached, beyond) in enumerate(pairwise(stairs)):
                self.builder.add(-reached, beyond, gate if number % 2 else -gate)
        return self._gates[key]

    def add_words(self, words: Iterable[Word]) -> Word:
        """Return the sum of words."""
        given = list(words)
        low, high = sum(word.low for word in given), sum(word.high for word in given)
        bits = self._total(sorted((list(word.bits) for word in given), key=len))
        return Word(low, high, tuple(bits[: (high - low).bit_length()]))

    def at_least(self, word: Word, threshold: int) -> int:
        """Return a literal equivalent to ``word >= threshold``."""
        if threshold <= word.low:
            return TRUE
        if threshold > word.high:
            return -TRUE
        goal = threshold - word.low
        if goal >> len(word.bits):
            # `high` is a bound: where parts exclude each other, fewer bits are needed.
            return -TRUE
        reached = TRUE
        for place, bit in enumerate(word.bits):
            gate = self.both if goal >> place & 1 else self.either
            reached = gate(bit, reached)
        return reached

    def require_equal(self, word: Word, value: int, unless: int) -> None:
        """Require that the word has the value, except where the literal `unless` holds."""
        if not word.low <= value <= word.high or (value - word.low) >> len(word.bits):
            self.builder.add(unless)
            return
        for place, bit in enumerate(word.bits):
            self.builder.add(bit if (value - word.low) >> place & 1 else -bit, unless)

    def positive_part(self, word: Word) -> Word:
        """Return max(word, 0)."""
        if word.low >= 0:
            return word
        if word.high <= 0:
            return Word(0, 0, ())
        keep = self.at_least(word, 0)
        width = max(word.high, -word.low).bit_length() + 1
        shift = word.low % (1 << width)
        constant = [TRUE if shift >> k & 1 else -TRUE for k in range(width)]
        # Modulo 2^width the sum is the value itself wherever the value is not negative.
        shifted = self._sum(list(word.bits), constant)[: word.high.bit_length()]
        return Word(0, word.high, tuple(self.both(keep, bit) for bit in shifted))

    def magnitude(self, word: Word) -> Word:
        """Return the absolute value."""
        negated = Form()
        negated.add_form(-1, word.form())
        parts = Form()
        parts.add_form(1, self.positive_part(word).form())
        parts.add_form(1, self.positive_part(self.word(negated)).form())
        # At most one of the two parts is not 0, which the form's own bound does not know.
        total = self.word(parts)
        high = max(abs(word.low), abs(word.high))
        return Word(total.low, high, total.bits[: (high - total.low).bit_length()])

    def square(self, word: Word) -> Word:
        """Return the square."""
        size = self.magnitude(word)
        bits = size.form()
        result = Form(bits.constant**2)
        items = list(bits.terms.items())
        for position, (literal, coefficient) in enumerate(items):
            result.add(coefficient**2 + 2 * bits.constant * coefficient, literal)
            for other, factor in items[:position]:
                result.add(2 * coefficient * factor, self.both(literal, other))
        total = self.word(result)
        high = size.high**2
        return Word(total.low, high, total.bits[: (high - total.low).bit_length()])

    def minimum(self, word: Word, ceiling: int) -> Word:
        """Return min(word, ceiling)."""
        if word.high <= ceiling:
            return word
        if word.low >= ceiling:
            return Word(ceiling, ceiling, ())
        above = self.at_least(word, ceiling)
        goal = ceiling - word.low
        bits = [
            self.either(bit, above) if goal >> place & 1 else self.both(bit, -above)
            for place, bit in enumerate(word.bits)
        ]
        return Word(word.low, ceiling, tuple(bits[: goal.bit_length()]))
