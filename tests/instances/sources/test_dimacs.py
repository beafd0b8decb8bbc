"""DIMACS formulas: the array type, the reader and the writer."""

import time
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import instances
from instances.errors import InputError
from instances.sources import dimacs
from instances.sources.cnf import Cnf
from instances.sources.dimacs import parse_dimacs, write_dimacs

DATA = Path(instances.__file__).parent / "data"


def test_layout_is_free():
    text = "c hi\n\np cnf 4 4\r\n1 -2\n 0 3 0\t0 c\n"
    with pytest.raises(InputError, match="line 5: literal 'c' is not an integer"):
        parse_dimacs(text)
    source = parse_dimacs(text.replace(" c\n", "\nc between 7 % x\n  c é\n4\n-4 4 0"))
    assert source.clauses == ((1, -2), (3,), (), (4, -4, 4))
    assert source.variables == 4
    assert source.number_of_clauses == 4
    assert source.lengths.tolist() == [2, 1, 0, 3]


@pytest.mark.parametrize("text", ["p cnf 0 0", "p cnf 0 0\n", "c\n p  cnf 0 0 \nc x\n%\n0\n"])
def test_empty_formula(text):
    assert parse_dimacs(text) == Cnf.of(0, [])


def test_empty_clauses_without_variables():
    assert parse_dimacs("p cnf 0 2\n0 0").clauses == ((), ())


@pytest.mark.parametrize(
    ("name", "variables", "clauses"),
    [("uf20-01.cnf", 20, 91), ("uf50-01.cnf", 50, 218), ("uuf50-01.cnf", 50, 218)],
)
def test_satlib_files(name, variables, clauses):
    source = parse_dimacs((DATA / name).read_text())
    assert (source.variables, source.number_of_clauses) == (variables, clauses)
    assert set(source.lengths) == {3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the file is empty"),
        ("c a\nc b\n", "line 2: no header in the file; expected a header like 'p cnf 20 91'"),
        ("1 2 0\n", "line 1: found '1'; expected a header"),
        ("p cnf 2 1\n1 0\np cnf 2 1\n", "line 3: a second header"),
        ("p cnf 2\n", "line 1: malformed header 'p cnf 2'"),
        ("p sat 2 1\n", "line 1: malformed header 'p sat 2 1'"),
        ("p cnf x 1\n", "line 1: number of variables 'x' is not an integer"),
        ("p cnf -2 1\n", "line 1: number of variables -2 must be at least 0"),
        ("c\np cnf 2 -1\n", "line 2: number of clauses -1 must be at least 0"),
        ("p cnf 2147483648 0\n", "line 1: number of variables '2147483648' is too large"),
        ("p cnf 2 2\n1 0\n", "line 1: the header announces 2 clauses, the file has 1"),
        ("p cnf 2 0\n1 0\n", "line 1: the header announces 0 clauses, the file has 1"),
        ("p cnf 2 1\n1 0\n%\n2 0\n1 0\np", None),
        ("p cnf 2 1\n\n1 3 0\n", "line 3: literal 3 is beyond the header's 2 variables"),
        ("p cnf 2 1\n1 -3 0\n", "line 2: literal -3 is beyond the header's 2 variables"),
        ("p cnf 2 1\n99999999999999999999 0\n", "line 2: literal '99999999999999999999' is too"),
        ("p cnf 2 1\n-9223372036854775808 0\n", "line 2: literal '-9223372036854775808' is too"),
        ("p cnf 2 1\n" + "7" * 9000 + " 0\n", "line 2: literal '777777777777777777777777...' is"),
        ("p cnf 2 1\n1 x 0\n", "line 2: literal 'x' is not an integer"),
        ("p cnf 2 1\n1-2 0\n", "line 2: literal '1-2' is not an integer"),
        ("p cnf 2 1\n1 - 2 0\n", "line 2: literal '-' is not an integer"),
        ("p cnf 2 1\n1 --2 0\n", "line 2: literal '--2' is not an integer"),
        ("p cnf 2 1\n1 2 -", "line 2: literal '-' is not an integer"),
        ("p cnf 2 1\n-", "line 2: literal '-' is not an integer"),
        ("p cnf 2 1\n1 +2 0\n", r"line 2: literal '\+2' is not an integer"),
        ("p cnf 2 1\n1 2.0 0\n", "line 2: literal '2.0' is not an integer"),
        ("p cnf 20 1\n1_0 0\n", "line 2: literal '1_0' is not an integer"),
        ("p cnf 20 1\n٣ 0\n", r"line 2: literal '\\u0663' is not an integer"),
        ("p cnf 2 1\n1 % 2 0\n", "line 2: literal '%' is not an integer"),
        ("p cnf 2 2\n1 0\n2\nc end\n\n", "line 3: clause not terminated by 0"),
        ("p cnf 2 2\n1 0\n2\n%\n0\n", "line 3: clause not terminated by 0"),
    ],
)
def test_errors_name_the_line(text, message):
    if message is None:
        assert parse_dimacs(text).clauses == ((1,),)
        return
    with pytest.raises(InputError, match=message) as caught:
        parse_dimacs(text)
    assert str(caught.value).isprintable()


formulas = st.integers(0, 9).flatmap(
    lambda n: st.builds(
        Cnf.of,
        st.just(n),
        st.lists(
            st.lists(
                st.integers(-n, n).filter(bool) if n else st.nothing(), max_size=5 if n else 0
            ),
            max_size=8,
        ),
    )
)


@given(formulas)
def test_round_trip(source):
    assert parse_dimacs(write_dimacs(source)) == source


@given(st.text(alphabet="012-9 \n\tc%p+x\x0c", max_size=30))
def test_both_readers_agree(body):
    def read():
        try:
            return parse_dimacs("p cnf 9 1\n" + body)
        except InputError as error:
            return str(error)

    fast = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dimacs, "_convert", lambda body: None)
        assert read() == fast


def test_large_file_is_read_quickly():
    random = Random(5)
    literals = [random.choice((1, -1)) * random.randint(1, 100_000) for _ in range(1_200_000)]
    source = Cnf(100_000, np.array(literals), np.arange(0, 1_200_001, 3))
    text = "c made\n" + write_dimacs(source).replace("\n", "\nc comment\n", 1) + "%\n0\n"
    began = time.process_time()
    assert parse_dimacs(text) == source
    assert time.process_time() - began < 2


def test_formula_is_immutable_and_compares_by_content():
    literals, starts = np.array([1, -2, 2]), np.array([0, 2, 3])
    source = Cnf(2, literals, starts)
    literals[0] = 2
    assert source == Cnf.of(2, [(1, -2), (2,)])
    assert hash(source) == hash(Cnf.of(2, [(1, -2), (2,)]))
    assert source != Cnf.of(2, [(1,), (-2, 2)])
    assert source != Cnf.of(3, [(1, -2), (2,)])
    assert source != "formula"
    with pytest.raises(ValueError, match="read-only"):
        source.literals[0] = 2
    with pytest.raises(ValueError, match="read-only"):
        source.starts[0] = 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, [], [0]), "-1 variables"),
        ((2, [1], [0]), "clause starts must run from 0"),
        ((2, [1], []), "clause starts must run from 0"),
        ((2, [1, 2], [0, 2, 1, 2]), "clause starts must not decrease"),
        ((2, [1, 0], [0, 1, 2]), "clause 2: literal 0 is not over 2 variables"),
        ((2, [-(2**31)], [0, 0, 1]), "clause 2: literal -2147483648 is not over"),
    ],
)
def test_wrong_arrays(arguments, message):
    variables, literals, starts = arguments
    with pytest.raises(InputError, match=message):
        Cnf(variables, np.array(literals, dtype=np.int32), np.array(starts, dtype=np.int64))


def test_wrong_clauses():
    with pytest.raises(InputError, match="clause 2: literal 3 is not over 2 variables"):
        Cnf.of(2, [(1,), (3,)])
