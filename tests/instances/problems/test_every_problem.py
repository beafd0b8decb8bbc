"""What must hold for every built-in problem."""

from random import Random

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, LimitReached
from instances.problems.registry import PROBLEMS
from tests.instances.problems.brute_force import DECIDE

DECIDED = {name: problem for name, problem in PROBLEMS.all().items() if name in DECIDE}
every_problem = pytest.mark.parametrize("problem", DECIDED.values(), ids=DECIDED)


@every_problem
def test_solver_agrees_with_brute_force(problem):
    random = Random(1)
    answers = []
    for _ in range(500):
        source = problem.random(random)
        witness = problem.solve(source, Deadline())
        answers.append(witness is not None)
        assert answers[-1] == DECIDE[problem.name](source), source
        if witness is not None:
            problem.check(source, witness)
            text = problem.write_witness(source, witness)
            assert problem.parse_witness(source, text) == witness
    assert 100 < sum(answers) < 400


@every_problem
def test_random_sources_survive_writing(problem):
    random = Random(2)
    for _ in range(200):
        source = problem.random(random)
        again = problem.parse(problem.write(source))
        assert again == source
        assert hash(again) == hash(source)
        assert "\n" not in problem.form.describe(source)


@every_problem
@pytest.mark.parametrize("planted", ["yes", "no"])
def test_generators_are_seeded(problem, planted):
    values = {"planted": planted}
    texts = [problem.write(problem.generate(values, seed)) for seed in (0, 1, 2, 0)]
    assert texts[0] == texts[3]
    assert len(set(texts)) == 3


@every_problem
def test_planted_sources_are_yes_instances(problem):
    for seed in range(60):
        source = problem.generate({"planted": "yes"}, seed)
        witness = problem.solve(source, Deadline())
        assert witness is not None
        problem.check(source, witness)


@every_problem
def test_defaults_generate(problem):
    source = problem.generate({}, 7)
    assert problem.parse(problem.write(source)) == source


@every_problem
def test_unknown_parameters_are_refused(problem):
    with pytest.raises(InputError, match=r"no parameter 'vertixes'; .*choose from: .*planted"):
        problem.generate({"vertixes": "3"}, 0)
    with pytest.raises(InputError, match=r"planted 'perhaps' must be yes or no"):
        problem.generate({"planted": "perhaps"}, 0)


@every_problem
def test_integer_parameters_are_checked(problem):
    name = problem.parameters[0].name
    for text, message in [
        ("-1", "must be at least 0"),
        ("3.5", "is not an integer"),
        ("", "is not an integer"),
        ("1_0", "is not an integer"),
        ("9" * 5000, "is too large"),
        ("1000000001", "is too large"),
    ]:
        with pytest.raises(InputError, match=message) as caught:
            problem.generate({name: text}, 0)
        assert len(str(caught.value)) < 200


@every_problem
def test_expired_deadline(problem):
    source = problem.generate({"planted": "yes"}, 0)
    with pytest.raises(LimitReached):
        problem.solve(source, Deadline(0))


@every_problem
def test_unknown_fields_cannot_be_overridden(problem):
    source = problem.generate({}, 0)
    with pytest.raises(InputError, match="colour"):
        problem.override(source, {"colour": "3"})
    assert problem.override(source, {}) == source


MALFORMED = [
    "",
    "\n\n",
    "{",
    "[" * 100_000,
    "[]",
    "{}",
    '{"sets": 3}',
    "1",
    "\ud800",
    '{"\ud800": 1}',
    "\x00\x1b[31m",
    "p",
    "p cnf",
    "p edge",
    "p dag",
    "9" * 10_000,
    "p cnf " + "9" * 10_000 + " 1",
    "p dag 3 1\ne 1 " + "9" * 10_000,
    "p col 3 1\ne 1 ١",
    '{"universe": ' + "9" * 10_000 + ', "sets": []}',
    '{"universe": 1e3, "sets": []}',
    '{"vertices": true, "edges": [], "pairs": []}',
]


@every_problem
@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_text_is_one_line(problem, text):
    with pytest.raises(InputError) as caught:
        problem.parse(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250
    source = problem.generate({"planted": "yes"}, 0)
    with pytest.raises(InputError) as caught:
        problem.parse_witness(source, text)
    assert str(caught.value).isprintable()


def _complaint(use):
    """Return the message of the error that `use` may raise; no other error may pass."""
    try:
        use()
    except (InputError, InvalidWitness) as error:
        return str(error)
    return ""


@every_problem
def test_damaged_files_never_crash(problem):
    random = Random(3)
    alphabet = '0123456789 -\n\r\t{}[]",:pcnfedgest%v.#_\u2028\u0663\x1f+'
    for _ in range(1500):
        source = problem.random(random)
        text = list(problem.write(source))
        for _ in range(random.randint(1, 4)):
            at = random.randint(0, len(text))
            text[at : at + random.randint(0, 2)] = random.choice(alphabet)
        damaged = "".join(text)
        for read in (problem.parse, lambda text: problem.parse_witness(source, text)):  # noqa: B023
            assert _complaint(lambda: read(damaged)).isprintable()  # noqa: B023


@every_problem
def test_damaged_witnesses_are_rejected_or_read(problem):
    random = Random(4)
    for seed in range(200):
        source = problem.generate({"planted": "yes"}, seed)
        text = list(problem.write_witness(source, problem.solve(source, Deadline())))
        text[random.randrange(len(text))] = random.choice('0123456789-,[]{}"x')
        damaged = "".join(text)
        use = lambda: problem.check(source, problem.parse_witness(source, damaged))  # noqa: B023, E731
        assert _complaint(use).isprintable()
