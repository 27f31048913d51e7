"""The small HTTP server: right answers, and messages for what it cannot take."""

import http.client
import threading

import pytest

from course_utils.serving import ClassifierHandler, ask, serving


def classify(texts):
    return [{"label": text.upper(), "score": 1.0} for text in texts]


@pytest.fixture
def port():
    with serving(ClassifierHandler, classify) as port:
        yield port


def test_answers_one_for_each_text(port, capfd):
    status, answers = ask(port, {"texts": ["a", "é"]})
    assert status == 200 and [answer["label"] for answer in answers] == ["A", "É"]
    assert ask(port, {"texts": []}) == (200, [])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"text": "a"}, "expected"),
        ({"texts": "a"}, "expected a list of str"),
        ({"texts": [1]}, "texts[0] is a int"),
        (["a"], "expected"),
        (b"{not json", "expected"),
        (b"\xff\xfe", "expected"),
        (b"", "expected"),
        (7, "expected"),
    ],
)
def test_what_is_not_as_expected_gets_a_message(port, content, said):
    status, answer = ask(port, content)
    assert status == 400 and said in answer["error"]
    assert ask(port, {"texts": ["still there"]})[0] == 200


def test_too_much_is_refused_unread(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "1000001")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_other_methods_are_not_served(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 501
    connection.close()


def test_many_ask_at_once_and_one_is_served_at_a_time():
    inside, most, lock = 0, 0, threading.Lock()

    def slow(texts):
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.02)
        with lock:
            inside -= 1
        return classify(texts)

    answers = []
    with serving(ClassifierHandler, slow) as port:
        askers = [
            threading.Thread(
                target=lambda n=n: answers.append(ask(port, {"texts": [n]}))
            )
            for n in "abcdef"
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
    assert most == 1
    assert sorted(answer[0]["label"] for _, answer in answers) == list("ABCDEF")


def test_nobody_listens_afterwards(port):
    with serving(ClassifierHandler, classify) as other:
        assert ask(other, {"texts": ["a"]})[0] == 200
    with pytest.raises(OSError):
        ask(other, {"texts": ["a"]})
    assert ask(port, {"texts": ["a"]})[0] == 200
