"""Keys that occur twice in a JSON object: found wherever they are, and nowhere else."""

import json
import random

import pytest

from instances.errors import InputError
from instances.unique_keys import require_unique_keys


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 1}', "the key 'a' occurs twice"),
        ('{"a": 1, "\\u0061": 2}', "the key 'a' occurs twice"),
        (' {"b": {"c": [1, {"d": 1, "e": 2, "d": 3}]}}', "'d' occurs twice in b.c[1]"),
        ('[{"x": 1}, {"x": 1, "x": 1}]', "'x' occurs twice in [1]"),
        ('[[{"x": {}, "x": {}}]]', "'x' occurs twice in [0][0]"),
        ('{"a:b": 1, "\\u003a": 2, "c": 3, "c": 4}', "'c' occurs twice"),
        ('{"\\u003a": 1, "c": 3, "c": "::"}', "'c' occurs twice"),
        ('{"": 1, "": 2}', "'' occurs twice"),
        ('{"a": {"b": 1}, "a": {}}', "'a' occurs twice"),
        ('{"a\\n": 1, "a\\n": 2}', r"'a\n' occurs twice"),
        ('{"\\"": 1, "\\"": 2}', "occurs twice"),
    ],
)
def test_a_repeated_key_is_refused_with_its_place(text, words):
    with pytest.raises(InputError) as caught:
        require_unique_keys(text.encode())
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "1", '":"', '{"a": ":", "b": ["x:y", "::"]}', '{":": 1, "::": 2, "\\u003a:x": {}}',
     '[{"a": 1}, {"a": 1}]', '{"a": {"a": {"a": 1}}}', '{"A": 1, "a": 2}', "", "{", '{"a": 1, "a"'],
)  # fmt: skip
def test_what_has_no_repeated_key_is_let_pass(text):
    require_unique_keys(text.encode())


def test_it_agrees_with_a_count_of_pairs_on_random_documents():
    r = random.Random(7000)

    def document(depth: int) -> str:
        kind = r.choice("nsol") if depth else r.choice("ns")
        if kind == "n":
            return r.choice(("1", "-2", "null", "true", "1e3"))
        if kind == "s":
            return r.choice(('":"', '"a"', r'"\":{"', '"[{,"'))
        inner = [document(depth - 1) for _ in range(r.randint(0, 4))]
        if kind == "l":
            return "[" + ", ".join(inner) + "]"
        keys = (r.choice(('"a"', '"b"', r'"\u0061"', '":"', r'"\u003a"', '"c:"')) for _ in inner)
        return "{" + ",".join(f"{key} :{item}" for key, item in zip(keys, inner, strict=True)) + "}"

    def repeats(text: str) -> bool:
        found = []
        json.loads(text, object_pairs_hook=lambda p: found.append(len(dict(p)) < len(p)))
        return any(found)

    seen = {False: 0, True: 0}
    for _ in range(2000):
        text = document(4)
        expected = repeats(text)
        seen[expected] += 1
        try:
            require_unique_keys(text.encode())
        except InputError:
            assert expected, text
        else:
            assert not expected, text
    assert min(seen.values()) > 100
