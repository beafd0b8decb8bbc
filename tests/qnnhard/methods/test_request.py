"""Requests: what nobody would read is refused, whoever asks."""

import pytest

import qnnhard
from instances.errors import InputError
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.external import ExternalMethod
from qnnhard.methods.request import OptionsClash, Request
from qnnhard.methods.sat import SatMethod
from tests.qnnhard.methods.instances import easy_no, easy_yes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"certify": True}, "--certify needs --proof FILE"),
        ({"using": "treewidth", "certify": True, "proof": "p"}, "writes no proof"),
        ({"using": "auto", "minimize": True, "jobs": 2}, "--jobs is not for --minimize"),
        ({"using": "treewidth", "minimize": True, "seed": 0}, "--seed is not for --minimize"),
        ({"using": "sat", "minimize": True, "decomposition": "t"}, "--decomposition is not for"),
        ({"using": "enumerate", "minimize": True}, "does not minimize; use --backend auto or sat"),
        ({"using": "sat", "seed": 0}, "has no seed"),
        ({"using": "lazy", "decomposition": "t"}, "needs --backend treewidth"),
        ({"external": "s {cnf}", "using": "auto"}, "takes no --backend"),
        ({"external": "s {cnf}", "seed": 0, "jobs": 1}, "takes no --jobs and no --seed"),
    ],
)
def test_what_nobody_would_read_is_refused(options, words):
    with pytest.raises(InputError, match=words):
        Request(**options)
    with pytest.raises(InputError, match=words):
        qnnhard.solve(easy_yes(), **options)


def test_options_that_contradict_each_other_are_told_apart():
    for options in ({"certify": True}, {"external": "s {cnf}", "seed": 0}):
        with pytest.raises(OptionsClash):
            Request(**options)
    with pytest.raises(InputError) as lacking:
        Request("sat", seed=0)
    assert not isinstance(lacking.value, OptionsClash)


def test_a_request_makes_the_method_with_its_options():
    assert Request(certify=True, proof="p").method() == SatMethod("p", tables=False)
    assert Request("sat", minimize=True, seed=3).method() == SatMethod(seed=3)
    assert isinstance(Request("enumerate", memory=5).method(), EnumerationMethod)
    assert Request(external="s {cnf}").method() == ExternalMethod("s {cnf}")
    with pytest.raises(InputError, match="needs the instance"):
        Request("treewidth", decomposition="t.td").method()


def test_the_library_minimizes_as_the_command_line_does():
    answer = qnnhard.solve(easy_no(), minimize=True, seed=1)
    assert (answer.least, answer.lower) == (1, 1)
