"""What comes back from the student's kernel is plain data, or only its type's name."""

import json
import math
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch

pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")
pytest.importorskip("nbgrader", reason="grading needs nbgrader")
from course_utils.checks.student_state import equal_data
from course_utils.grading.plain_data import NotPlain, Opaque, decode, encode
from course_utils.grading.remote import rebuilt

Pair = namedtuple("Pair", "a b")
VALUES = [
    None, True, 0, -7, 2**80, 1.5, "text\n", b"\x00", ..., 1 + 2j, range(1, 9, 3),
    [], [1, [2.0, ("a", None)]], (1,), {1, 2}, {"a": [1], 2: {"b": ()}},
    torch.tensor([[1.0, -math.inf], [math.nan, 2.0]]), torch.tensor(3),
    torch.zeros(0, 3), torch.ones(2, 2, dtype=torch.bfloat16), torch.eye(2).bool(),
    torch.arange(6).reshape(2, 3).T, torch.int32, np.arange(3), np.float32(1.5),
    np.array(["a", "bc"]), np.zeros((0, 2)), [torch.ones(2), np.ones(2)],
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
def test_values_come_back_as_they_were(value):
    again = decode(json.loads(json.dumps(encode(value))))
    assert equal_data(value, again), again


def test_some_kinds_come_back_as_their_plain_relatives():
    assert decode(encode(Pair(1, 2))) == (1, 2)
    assert decode(encode(OrderedDict(a=1))) == {"a": 1}
    assert decode(encode(float("inf"))) == math.inf
    assert decode(encode(torch.nn.Parameter(torch.ones(2)))).requires_grad
    endless = []
    endless.append(endless)
    assert isinstance(decode(encode(endless)), list)


class Treacherous:
    """Its pickle would run code."""

    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize("value", [Treacherous(), object(), print, torch.nn.ReLU()])
def test_anything_else_comes_back_as_the_name_of_its_type(value, capsys):
    again = decode(encode(value))
    assert isinstance(again, Opaque) and type(again).__name__ == type(value).__name__
    assert again.library == (type(value).__module__ != "builtins")
    assert capsys.readouterr().out == ""


FORGED = [
    {"a": 1}, [], [1], ["nothing"], ["list"], ["list", 3], ["int", "zz"],
    ["range", "a"],
    ["tensor", "float32", [10**9], "", False], ["tensor", "load", [1], "AA==", False],
    ["tensor", "float32", [-1], "", False], ["tensor", "uint8", [True], "AA==", False],
    ["tensor", "uint8", [1], "not base64!", False],
    ["array", "|O", [1], "AAAAAAAAAAA="],
    ["array", "<f4", [2], "AA=="], ["dict", [[["list", []], 1]]], ["dict", [1]],
    ["dtype", "load"], ["set", [["list", []]]], ["range", 0, 1, 0],
]  # fmt: skip


@pytest.mark.parametrize("sent", FORGED, ids=str)
def test_what_encode_does_not_write_is_refused(sent):
    with pytest.raises(NotPlain):
        decode(sent)


def test_errors_are_rebuilt_as_their_own_kind_or_as_a_namesake():
    error = rebuilt({"type": "KeyError", "text": "x", "lines": [[3, "d['x']"], 7]})
    assert isinstance(error, KeyError) and error.own_lines == [("3", "d['x']")]
    assert type(rebuilt({"type": "MyError", "text": "x"})).__name__ == "MyError"
    assert type(rebuilt({"type": "a b", "text": 1})).__name__ == "Exception"
    assert (
        type(rebuilt({"type": "UnicodeDecodeError"})).__name__ == "UnicodeDecodeError"
    )
    assert isinstance(rebuilt(None), Exception)
