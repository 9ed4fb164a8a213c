import pytest

from tuiflow.model.content import StoredContent
from tuiflow.model.events import (
    ParallelExecutionCompletedEvent,
    StepCompletedEvent,
    StepContentEvent,
    StepErrorEvent,
    StepLogEvent,
)
from tuiflow.model.failure import Failure, describe_exception
from tuiflow.model.ids import NodePath
from tuiflow.model.redaction import MASK, Redactor

AT = NodePath("w/s")
KEYS = [
    "sk-ant-api03-" + "a1" * 20,
    "sk_live_" + "a1" * 12,
    "ghp_" + "a1" * 18,
    "github_pat_" + "a1" * 15,
    "glpat-" + "a1" * 10,
    "hf_" + "a1" * 17,
    "AKIA" + "A1" * 8,
    "AIza" + "a1b2c" * 7,
    "xoxb-" + "1234567890-abc",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghij",
    "Bearer " + "a1" * 10,
    "//ann:hunter22@",
    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("key", KEYS)
def test_the_usual_key_forms_are_masked_wherever_they_stand(key: str):
    assert Redactor(environ={}).text(f"before {key} after") == f"before {MASK} after"


@pytest.mark.parametrize(
    "text",
    [
        "task-12 of disk-3 took 0.5 s",
        "mail bob@example.org about https://example.org/a_b",
        "a plain line",
        "Bearer of bad news",
        "ghp_short and sk-short",
    ],
)
def test_what_is_no_secret_stays_the_same_object(text: str):
    assert Redactor(environ={}).text(text) is text


def test_values_of_variables_named_like_secrets_are_masked_and_short_ones_are_not():
    environ = {
        "DB_PASSWORD": "correct horse",
        "API_KEY": "correct horse battery",
        "my_token": "t0psecret",
        "ONE_KEY": "1",
        "HOME": "/home/me-and-you",
    }
    redactor = Redactor(environ=environ)

    told = redactor.text("correct horse battery, correct horse, t0psecret, 1, /home/me-and-you")

    assert told == f"{MASK}, {MASK}, {MASK}, 1, /home/me-and-you"


def test_a_projects_own_patterns_come_on_top():
    redactor = Redactor((r"(?i)order-\d+",), environ={})

    assert redactor.text(f"Order-12 {KEYS[0]}") == f"{MASK} {MASK}"


def test_logs_errors_and_previews_are_masked_and_values_are_not():
    redactor = Redactor(environ={})
    key = KEYS[0]
    failure = describe_exception(ExceptionGroup("two", [ValueError(key), KeyError(key)]))
    kept = StoredContent(value=key)

    log = redactor.event(StepLogEvent(node_path=AT, text=f"using {key}"))
    error = redactor.event(StepErrorEvent(node_path=AT, failure=failure))
    blob = redactor.event(
        StepCompletedEvent(node_path=AT, content=StoredContent(blob="ab", preview=f'"{key}"'))
    )
    value = redactor.event(StepCompletedEvent(node_path=AT, content=kept, error=key))
    part = StepContentEvent(node_path=AT, text=key)
    joined = redactor.event(
        ParallelExecutionCompletedEvent(
            node_path=AT, outcome="error", failure=Failure(type="E", message="m", notes=(key,))
        )
    )

    assert log.text == f"using {MASK}"
    assert key not in error.model_dump_json()
    assert error.failure.members[0].type == "ValueError"
    assert blob.content.preview == f'"{MASK}"'
    assert value.content is kept
    assert value.error == MASK
    assert redactor.event(part) is part
    assert key not in joined.model_dump_json()
