"""The 2-SAT algorithm against enumeration and SAT, and the lemma that it rests on."""

import random
from collections import Counter
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance, layered
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.linear import tables
from qnnhard.methods.linear.pairwise import PairwiseMethod
from qnnhard.methods.linear.refutation import PairwiseRefutation
from qnnhard.methods.linear.two_sat import Cycle, solve
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import make_instance, make_network
from tests.qnnhard.methods.linear.islands import pairwise_instance, tight_instance

BITS = (0, 1)
FUNCTIONS = {
    "0": lambda y, z: 0,
    "y": lambda y, z: y,
    "z": lambda y, z: z,
    "or": lambda y, z: y | z,
    "and": lambda y, z: y & z,
}


def sets_of_functions() -> dict[tuple[tuple[int, ...], ...], set[str]]:
    """Per domains of both weights and the bias what a neuron can compute."""
    truths = {tuple(f(y, z) for y in BITS for z in BITS): name for name, f in FUNCTIONS.items()}
    domains = [(0,), (1,), (0, 1)]
    return {
        choice: {
            truths[tuple(int(v * y + w * z - b >= 1) for y in BITS for z in BITS)]
            for v, w, b in product(*choice)
        }
        for choice in product(domains, repeat=3)
    }


def majority(p: int, q: int, r: int) -> int:
    return int(p + q + r >= 2)


def test_the_behaviours_of_hidden_neurons_are_closed_under_majority_but_for_one_case():
    """As functions of the predecessors' values, which sees every set of data points."""
    for domains, names in sets_of_functions().items():
        closed = all(
            any(
                all(
                    FUNCTIONS[name](y, z) == majority(*(FUNCTIONS[g](y, z) for g in triple))
                    for y, z in product(BITS, repeat=2)
                )
                for name in names
            )
            for triple in product(names, repeat=3)
        )
        assert closed == (domains != ((0, 1), (0, 1), (0,)))


def test_a_relation_is_closed_where_it_holds_the_majority_of_any_three():
    for number in range(1 << 8):
        relation = [code for code in range(8) if number >> code & 1]
        wanted = all(
            sum(majority(*(code >> bit & 1 for code in triple)) << bit for bit in range(3))
            in relation
            for triple in product(relation, repeat=3)
        )
        assert tables.majority_closed(relation) == wanted, relation


def test_the_constraints_of_outputs_are_closed_under_majority():
    """Three ways to have a target, and a function that gives it to the majority of the three.

    On a data point the target and the six values seen are any that the three functions allow;
    one function must do for all points of one triple.
    """
    for names in sets_of_functions().values():
        for triple in combinations_with_replacement(sorted(names), 3):
            points = [
                (target, [majority(*side) for side in zip(*seen, strict=True)])
                for target in BITS
                for seen in product(product(BITS, repeat=2), repeat=3)
                if all(FUNCTIONS[g](*at) == target for g, at in zip(triple, seen, strict=True))
            ]
            assert any(
                all(FUNCTIONS[name](y, z) == target for target, (y, z) in points) for name in names
            ), (names, triple)


def test_the_tables_are_what_neurons_compute():
    masks = {(0,): 0b01, (1,): 0b10, (0, 1): 0b11}
    order = list(FUNCTIONS)
    for domains, names in sets_of_functions().items():
        first, second, bias = (masks[domain] for domain in domains)
        kind = 16 * first + 4 * second + bias
        found = {name for b, name in enumerate(order) if tables.ALLOWED[kind] >> b & 1}
        assert found == names
        for name in names:
            v, w, b = tables.PARAMETERS[kind, order.index(name)].tolist()
            assert (v in domains[0], w in domains[1], b in domains[2]) == (True, True, True)
            for y, z in product(BITS, repeat=2):
                assert int(v * y + w * z - b >= 1) == FUNCTIONS[name](y, z)


def campaign(make, seeds) -> Counter[str]:
    """Compare with enumeration and with SAT; every YES is evaluated, every NO checked."""
    found: Counter[str] = Counter()
    for seed in seeds:
        instance = make(random.Random(seed))
        try:
            answer = PairwiseMethod().solve(instance, Deadline())
        except Unsupported as error:
            found[str(error)[-21:]] += 1
            continue
        expected = first_solution(instance, Deadline())
        assert (answer.verdict is Verdict.YES) == (expected is not None), seed
        assert answer.verdict is SatMethod().solve(instance, Deadline()).verdict, seed
        if answer.parameters is not None:
            assert evaluate(instance, answer.parameters).loss == 0
        else:
            assert answer.how is How.PROOF_CHECKED
        found["cycle" if "cycle" in answer.detail else str(answer.verdict)] += 1
    assert set(found) <= {"yes", "no", "cycle", "closed under majority"}
    return found


def test_the_answers_are_those_of_enumeration_and_sat():
    assert campaign(pairwise_instance, range(60))["no"] > 10
    assert campaign(tight_instance, range(60))["cycle"] > 5


@pytest.mark.long
@pytest.mark.parametrize("make", [pairwise_instance, tight_instance])
def test_the_answers_are_those_of_enumeration_and_sat_on_1000_instances_each(make):
    found = campaign(make, range(1000, 2000))
    assert found["no"] + found["cycle"] > 300


def two_layers(data, **more) -> TrainingInstance:
    """Inputs 0 and 1, hidden neurons 2 and 3 that see both, output 4 that sees both of these."""
    edges = [(0, 2), (1, 2), (0, 3), (1, 3), (2, 4), (3, 4)]
    return make_instance(make_network(5, [0, 1], [4], edges), data, **more)


FREE = {2: (0, 1), 3: (0, 1), 4: (0, 1)}
XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
AND = [([0, 0], [0]), ([0, 1], [0]), ([1, 0], [0]), ([1, 1], [1])]


def test_xor_is_no_and_the_data_points_are_named():
    answer = PairwiseMethod().solve(two_layers(XOR, biases=FREE), Deadline())
    assert answer.verdict is Verdict.NO
    assert "'n5'" in answer.detail
    assert "points 1 to 4" in answer.detail


def test_and_is_yes():
    assert PairwiseMethod().solve(two_layers(AND, biases=FREE), Deadline()).verdict is Verdict.YES


def test_a_bias_frozen_at_0_is_refused_exactly_where_the_proof_breaks():
    frozen = {**FREE, 2: (0,)}
    with pytest.raises(Unsupported, match="'n3' has two free weights and a bias frozen at 0"):
        PairwiseMethod().solve(two_layers(AND, biases=frozen), Deadline())
    answer = PairwiseMethod().solve(two_layers(AND[:3], biases=frozen), Deadline())
    assert answer.verdict is Verdict.YES


@pytest.mark.parametrize(
    ("instance", "words"),
    [
        (lambda: two_layers(AND, biases=FREE, bound=1), "bound is 1"),
        (lambda: two_layers([([2, 0], [0])], biases=FREE), "some input"),
        (lambda: two_layers([([1, 0], [2])], biases=FREE), "some target"),
        (lambda: two_layers(AND, biases=FREE, weights=(-1, 1)), "beyond"),
        (lambda: two_layers(AND, biases={**FREE, 3: (0, 2)}), "'n4' has a parameter beyond"),
        (lambda: layered([3, 1], 2, ([[0, 0, 0]], [[0]])), "'y1' has 3 predecessors"),
        (lambda: layered([3, 2, 1], 2, ([[0, 0, 0]], [[0]])), "'h1_1' has 3 predecessors"),
        (lambda: layered([2, 2, 2, 1], 2, ([[0, 0]], [[0]])), "'h1_1' feeds hidden"),
        (lambda: layered([2, 2, 1], 3, ([[0, 0]], [[0]])), "beyond"),
        (
            lambda: make_instance(
                make_network(2, [0], [1], [(0, 1)], Activation("identity")), [([0], [0])]
            ),
            "activation identity",
        ),
    ],
)
def test_what_the_proof_does_not_cover_is_refused_in_one_line(instance, words):
    with pytest.raises(Unsupported, match=words) as caught:
        PairwiseMethod().solve(instance(), Deadline())
    assert str(caught.value).startswith("pairwise: ")
    assert "\n" not in str(caught.value)


def test_a_negative_bound_is_no_and_no_data_or_no_outputs_are_yes():
    assert PairwiseMethod().solve(two_layers(AND, biases=FREE, bound=-1), Deadline()).how is (
        How.ENUMERATED
    )
    assert PairwiseMethod().solve(two_layers([], biases=FREE), Deadline()).verdict is Verdict.YES
    alone = make_instance(make_network(2, [0], [], [(0, 1)]), [([1], [])])
    assert PairwiseMethod().solve(alone, Deadline()).verdict is Verdict.YES


def test_hidden_neurons_that_feed_no_output_do_not_matter():
    edges = [(0, 3), (1, 3), (2, 3), (0, 4)]
    instance = make_instance(
        make_network(5, [0, 1, 2], [4], edges), [([1, 1, 1], [1])], biases={3: (5,), 4: (0, 1)}
    )
    assert PairwiseMethod().solve(instance, Deadline()).verdict is Verdict.YES


def test_a_passed_deadline_is_unknown():
    answer = PairwiseMethod().solve(two_layers(XOR, biases=FREE), Deadline(0))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    with pytest.raises(LimitReached):
        PairwiseMethod().decide(two_layers(XOR, biases=FREE), Deadline(0))


def cycle_instance() -> tuple[TrainingInstance, PairwiseRefutation]:
    for seed in range(1000):
        instance = tight_instance(random.Random(seed))
        found = PairwiseMethod().decide(instance, Deadline())
        if isinstance(found, PairwiseRefutation) and found.steps:
            return instance, found
    raise AssertionError


def test_the_checker_refuses_what_proves_nothing():
    instance, refutation = cycle_instance()
    refutation.check(instance, Deadline())
    steps = refutation.steps
    premise, conclusion, because = steps[0]
    denied = (*conclusion[:2], 1 - conclusion[2])
    wrong = [
        PairwiseRefutation(None),
        PairwiseRefutation(None, steps[1:]),
        PairwiseRefutation(None, ((premise, premise, because),)),
        PairwiseRefutation(None, ((premise, denied, because), (denied, premise, because))),
        PairwiseRefutation(None, ((premise, denied, because + 1), (denied, premise, because))),
        PairwiseRefutation(int(instance.network.outputs[0])),
    ]
    for made_up in wrong:
        with pytest.raises(QnnhardError, match="wrong refutation"):
            made_up.check(instance, Deadline())
    satisfiable = make_instance(
        instance.network, [], biases=dict.fromkeys(range(instance.network.size), (0, 1))
    )
    with pytest.raises(QnnhardError, match="does not hold"):
        refutation.check(satisfiable, Deadline())


def test_two_sat_agrees_with_all_assignments():
    r = random.Random(5)
    seen: Counter[bool] = Counter()
    for _ in range(400):
        variables = r.randint(1, 6)
        clauses = [
            (r.randrange(2 * variables), r.randrange(2 * variables))
            for _ in range(r.randint(1, 3 * variables))
        ]
        sources = np.array([node ^ 1 for a, b in clauses for node in (a, b)])
        targets = np.array([node for a, b in clauses for node in (b, a)])
        found = solve(variables, sources, targets)
        models = [
            values
            for values in product(BITS, repeat=variables)
            if all(values[a >> 1] == a & 1 or values[b >> 1] == b & 1 for a, b in clauses)
        ]
        seen[bool(models)] += 1
        if isinstance(found, Cycle):
            assert not models
            nodes = found.nodes.tolist()
            implications = set(zip(sources.tolist(), targets.tolist(), strict=True))
            assert set(zip(nodes, nodes[1:] + nodes[:1], strict=True)) <= implications
            assert any(node ^ 1 in nodes for node in nodes)
        else:
            assert tuple(found.tolist()) in models
    assert min(seen.values()) > 50
