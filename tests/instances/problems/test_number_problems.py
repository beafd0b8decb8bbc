"""subset-sum, partition, three-partition and bin-packing: files, bounds, large numbers."""

from random import Random

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, LimitReached
from instances.problems.packing import BinPacking, ThreePartition
from instances.problems.subset_sums import NumberList, Partition, SubsetSum, SumInstance
from instances.sources import sums
from instances.sources.packing import Packing
from instances.text.values import MOST_DIGITS

HUGE = 10**MOST_DIGITS - 1


@pytest.mark.parametrize(
    ("problem", "text", "source"),
    [
        (SubsetSum(), '{"numbers": [3, 0, "5"], "target": 8}', SumInstance((3, 0, 5), 8)),
        (SubsetSum(), "# c\n\ntarget 8\r\n3\n 0\n\n05 \n", SumInstance((3, 0, 5), 8)),
        (SubsetSum(), "target 0", SumInstance((), 0)),
        (SubsetSum(), f'{{"numbers": [{HUGE}], "target": {HUGE}}}', SumInstance((HUGE,), HUGE)),
        (SubsetSum(), f"target {HUGE}\n{HUGE}\n", SumInstance((HUGE,), HUGE)),
        (Partition(), "partition\n3\n3\n", NumberList((3, 3))),
        (Partition(), '{"numbers": []}', NumberList(())),
        (BinPacking(), "bins 2 capacity 3\n1\n3\n2\n", Packing((1, 3, 2), 2, 3)),
        (BinPacking(), '{"numbers": [], "bins": 0, "capacity": 3}', Packing((), 0, 3)),
        (ThreePartition(), "bins 1 capacity 10\n3\n3\n4\n", Packing((3, 3, 4), 1, 10)),
    ],
)
def test_good_files(problem, text, source):
    assert problem.parse(text) == source
    assert problem.parse(problem.write(source)) == source


@pytest.mark.parametrize(
    ("problem", "text", "message"),
    [
        (SubsetSum(), "3\n4\n", "line 1: expected a first line 'target N', or a JSON object"),
        (SubsetSum(), "target 3 4\n", "expected a first line"),
        (SubsetSum(), "target -3\n", "line 1: target '-3' is negative: numbers must be at least 0"),
        (SubsetSum(), "target 3\n-1\n", "line 2: number '-1' is negative"),
        (SubsetSum(), "target 3\n1.5\n", "line 2: number '1.5' is not an integer"),
        (SubsetSum(), "target 3\n٣\n", "line 2: number .* is not an integer"),
        (SubsetSum(), "target 3\n1 2\n", "line 2: expected one number, found 2"),
        (SubsetSum(), f"target 3\n1{HUGE}\n", "line 2: number .* is too large: at most 4000"),
        (SubsetSum(), '{"numbers": [1]}', "the key 'target' is missing"),
        (SubsetSum(), '{"numbers": 1, "target": 1}', "numbers must be a list"),
        (SubsetSum(), '{"numbers": [1, -1], "target": 1}', "JSON: number 1 is negative"),
        (SubsetSum(), '{"numbers": [1.0], "target": 1}', "JSON: number 0 must be an integer"),
        (SubsetSum(), '{"numbers": [true], "target": 1}', "number 0 must be an integer"),
        (SubsetSum(), f'{{"numbers": [], "target": {10 * HUGE}}}', "target is too large"),
        (
            SubsetSum(),
            '{"numbers": [], "target": ' + "9" * 5000 + "}",
            "number is too large: at most 4000",
        ),
        (Partition(), "1\n1\n", "line 1: expected a first line 'partition'"),
        (Partition(), "partition 2\n1\n", "line 1: expected a first line 'partition'"),
        (Partition(), '{"numbers": [1], "target": 1}', "unknown key 'target'"),
        (BinPacking(), "bins 2\n1\n", "expected a first line 'bins N capacity N'"),
        (BinPacking(), "bins 2 capacity 3\n5\n", "add up to 1 less than the bins hold"),
        (BinPacking(), "bins 2 capacity 3\n5\n2\n", "add up to 1 more than the bins hold"),
        (BinPacking(), f"bins 1 capacity 3\n{HUGE}\n", r"add up to about 10\^3999 more than"),
        (BinPacking(), f"bins 999999999 capacity {HUGE}\n0\n", r"to about 10\^4008 less than"),
        (BinPacking(), "bins 0 capacity 3\n0\n", "there are numbers but no bins"),
        (BinPacking(), "bins 9999999999 capacity 0\n", "number of bins must be from 0"),
        (ThreePartition(), "bins 1 capacity 10\n5\n5\n", "2 numbers for 1 bins, 3 a bin"),
        (ThreePartition(), "bins 1 capacity 10\n2\n4\n4\n", "number 0 is not strictly between"),
        (ThreePartition(), "bins 1 capacity 8\n2\n3\n3\n", "number 0 is not strictly between"),
        (ThreePartition(), "bins 1 capacity 10\n3\n5\n2\n", "number 1 is not strictly between"),
    ],
)
def test_errors(problem, text, message):
    with pytest.raises(InputError, match=message) as caught:
        problem.parse(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("problem", "values", "message"),
    [
        (SubsetSum(), {"bits": "13001"}, "numbers of 13001 bits: at most 13000"),
        (SubsetSum(), {"digits": "4000"}, "numbers of 4000 digits: at most 3990"),
        (SubsetSum(), {"density": "0"}, "density must be more than 0"),
        (SubsetSum(), {"density": "1", "digits": "3"}, "give digits or density, not both"),
        (SubsetSum(), {"density": "0.0001"}, "numbers of 160000 bits"),
        (Partition(), {"bits": "13001"}, "at most 13000"),
        (BinPacking(), {"size": "121"}, "121 positive numbers cannot add up to 120"),
        (BinPacking(), {"size": "0"}, "0 positive numbers cannot add up to 120"),
        (BinPacking(), {"size": "2", "planted": "yes"}, "3 planted bins need size=3"),
        (ThreePartition(), {"capacity": "4"}, "give another capacity"),
        (ThreePartition(), {"capacity": "0"}, "give another capacity"),
    ],
)
def test_impossible_parameters(problem, values, message):
    with pytest.raises(InputError, match=message):
        problem.generate(values, 0)


def test_generated_magnitudes():
    assert max(SubsetSum().generate({"digits": "60"}, 1).numbers) >= 10**58
    dense = SubsetSum().generate({"size": "40", "density": "4"}, 1)
    assert 2**9 <= max(dense.numbers) < 2**10
    assert SubsetSum().generate({"size": "0"}, 1) == SumInstance((), 0)
    assert len(BinPacking().generate({"size": "120", "planted": "yes"}, 1).numbers) == 120
    assert BinPacking().generate({"bins": "0", "size": "0"}, 1) == Packing((), 0, 40)
    assert BinPacking().generate({"capacity": "0", "size": "0"}, 1) == Packing((), 3, 0)
    for seed in range(50):
        made = ThreePartition().generate({"bins": "7", "capacity": "83"}, seed)
        assert ThreePartition().parse(ThreePartition().write(made)) == made


def test_forty_numbers_of_sixty_digits():
    source = SubsetSum().generate({"size": "40", "digits": "60", "planted": "yes"}, 3)
    witness = SubsetSum().solve(source, Deadline(120))
    SubsetSum().check(source, witness)


def test_both_ways_of_finding_a_sum_agree(monkeypatch):
    random = Random(5)
    for _ in range(400):
        numbers = [random.randint(0, 40) for _ in range(random.randint(0, 9))]
        target = random.randint(0, 150)
        with monkeypatch.context() as patch:
            patch.setattr(sums, "_by_reachable_sums", sums._by_halves)
            by_halves = sums.find_sum(numbers, target, Deadline())
        with monkeypatch.context() as patch:
            patch.setattr(sums, "_by_halves", sums._by_reachable_sums)
            by_table = sums.find_sum(numbers, target, Deadline())
        assert (by_table is None) == (by_halves is None)
        for found in (by_table, by_halves):
            assert found is None or sum(numbers[i] for i in found) == target


def test_too_many_sums_end_in_a_message(monkeypatch):
    monkeypatch.setattr(sums, "MOST_SUMS", 1000)
    source = SubsetSum().generate({"size": "30", "digits": "40"}, 0)
    with pytest.raises(LimitReached, match="more than 1000 sums a half"):
        SubsetSum().solve(source, Deadline())


def test_a_thousand_small_numbers():
    source = SubsetSum().generate({"size": "1000", "bits": "9", "planted": "yes"}, 0)
    SubsetSum().check(source, SubsetSum().solve(source, Deadline(20)))
    odd = SumInstance(tuple(2 * number for number in source.numbers), source.target | 1)
    assert SubsetSum().solve(odd, Deadline(20)) is None


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (SumInstance((), 0), ()),
        (SumInstance((), 1), None),
        (SumInstance((0, 0), 0), ()),
        (SumInstance((5,), 0), ()),
        (SumInstance((5, 0), 5), (0,)),
        (SumInstance((5, 5, 5), 16), None),
        (SumInstance((HUGE, 1), HUGE), (0,)),
    ],
)
def test_degenerate_sums(source, answer):
    assert SubsetSum().solve(source, Deadline()) == answer


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (Packing((), 0, 9), ()),
        (Packing((), 10**9, 0), ()),
        (Packing((0, 0), 3, 0), (0, 0)),
        (Packing((6,), 2, 3), None),
        (Packing((3, 0, 3), 2, 3), (0, 0, 1)),
    ],
)
def test_degenerate_packings(source, answer):
    found = BinPacking().solve(source, Deadline())
    assert (found is None) == (answer is None)
    for witness in (found, answer):
        if witness is not None:
            BinPacking().check(source, witness)


def test_checks():
    source = SumInstance((3, 5, 8), 8)
    for witness in ((0, 1), (2,)):
        SubsetSum().check(source, witness)
    for witness, message in [
        ((0,), "5 below the target"),
        ((1, 2), "5 above the target"),
        ((1, 0), "in increasing order"),
        ((3,), "number 3 does not exist: there are 3"),
    ]:
        with pytest.raises(InvalidWitness, match=message):
            SubsetSum().check(source, witness)
    with pytest.raises(InvalidWitness, match="differ by 10"):
        Partition().check(NumberList((3, 5, 8)), (0,))
    packing = Packing((1, 2, 3), 2, 3)
    BinPacking().check(packing, (1, 1, 0))
    for witness, message in [
        ((0, 0), "2 bins are given for 3 numbers"),
        ((0, 0, 2), "number 2 is in bin 2, which does not exist"),
        ((0, 0, True), "is not an integer"),
        ((0, 1, 1), "load of bin 0 is 2 below"),
        ((0, 0, 0), "load of bin 0 is 3 above"),
    ]:
        with pytest.raises(InvalidWitness, match=message):
            BinPacking().check(packing, witness)
    with pytest.raises(InputError, match="three-partition: 3 numbers for 2 bins"):
        ThreePartition().check(packing, (1, 1, 0))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"bins": [0]}', "1 bins are given for 2 numbers"),
        ('{"bins": [0, 2]}', "bin 2 does not exist: there are 2"),
        ('{"bins": [0, -1]}', "bin -1 must be at least 0"),
        ('{"chosen": [0, 1]}', "unknown key 'chosen'"),
    ],
)
def test_wrong_packing_witness_files(text, message):
    with pytest.raises(InputError, match=message):
        BinPacking().parse_witness(Packing((1, 1), 2, 1), text)


def test_packing_of_thirty_numbers():
    values = {"size": "30", "bins": "6", "capacity": "200", "planted": "yes"}
    for seed in range(10):
        source = BinPacking().generate(values, seed)
        BinPacking().check(source, BinPacking().solve(source, Deadline(30)))
    values = {"bins": "8", "capacity": "1000", "planted": "yes"}
    for seed in range(10):
        source = ThreePartition().generate(values, seed)
        ThreePartition().check(source, ThreePartition().solve(source, Deadline(30)))
