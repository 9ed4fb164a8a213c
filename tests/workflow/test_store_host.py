"""How what steps give is written, where one object goes through many of them."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from tuiflow import Step, StepInput, Workflow
from tuiflow.model.content import EncodedContent, encode_content

TEXT = "x" * 100_000


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    values: list[object] = []

    def encode(value: object) -> EncodedContent:
        values.append(value)
        return encode_content(value)

    monkeypatch.setattr("tuiflow.workflow.store_host.encode_content", encode)
    return values


def hand_on(step_input: StepInput) -> object:
    return step_input.previous_step_content


def test_a_big_text_that_is_handed_through_many_steps_is_encoded_once(
    tmp_path: Path, encoded: list[object]
):
    steps = [Step(name="make", executor=lambda _: TEXT), *[hand_on] * 20]

    output = Workflow(name="w", steps=steps, db=tmp_path / "x.db").run()

    assert output.content is TEXT
    assert encoded.count(TEXT) == 1


class Page(BaseModel):
    rows: list[tuple[int, str]]


@pytest.mark.parametrize("value", [["row"] * 20_000, Page(rows=[(1, TEXT)])], ids=["list", "model"])
def test_a_big_value_that_stays_as_it_is_is_not_encoded_at_every_step(
    tmp_path: Path, encoded: list[object], value: object
):
    steps = [Step(name="make", executor=lambda _: value), *[hand_on] * 20]
    workflow = Workflow(name="w", steps=steps, db=tmp_path / "x.db")

    output = workflow.run()

    assert output.content is value
    # Twice: that it may be handed on is known when it is seen again.
    assert sum(each is value for each in encoded) == 2
    kept = workflow.get_run(output.run_id)
    assert kept is not None
    assert all(each.content == value for each in kept.step_results)


@dataclass
class Book:
    pages: list[Page]


ROWS = [(number, "row") for number in range(10_000)]


@pytest.mark.parametrize(
    ("value", "is_big"),
    [
        ("x" * 2_000_000, True),
        ({"page": Page(rows=ROWS)}, True),
        (Book([Page(rows=ROWS[:300])] * 50), True),
        (set(range(20_000)), True),
        (None, False),
        ("x" * 1000, False),
        ({"page": Page(rows=ROWS[:100])}, False),
    ],
    ids=["text", "model", "dataclass", "set", "nothing", "short text", "small model"],
)
def test_only_what_is_big_inside_is_encoded_beside_the_loop(
    tmp_path: Path, value: object, is_big: bool, monkeypatch: pytest.MonkeyPatch
):
    threads: set[threading.Thread] = set()

    def encode(given: object) -> EncodedContent:
        if given is value:
            threads.add(threading.current_thread())
        return encode_content(given)

    async def give(step_input: StepInput) -> object:
        threads.add(threading.current_thread())
        return value

    monkeypatch.setattr("tuiflow.workflow.store_host.encode_content", encode)
    Workflow(name="w", steps=[give], db=tmp_path / "x.db").run()

    assert len(threads) == 1 + is_big


def test_a_list_that_a_step_has_changed_in_place_is_kept_as_each_step_gave_it(tmp_path: Path):
    def add(step_input: StepInput) -> list[str]:
        texts: list[str] = step_input.previous_step_content
        texts.append("more")
        return texts

    steps = [lambda _: [TEXT], hand_on, add, hand_on, hand_on, add, hand_on]
    workflow = Workflow(name="w", steps=steps, db=tmp_path / "x.db")
    run_id = workflow.run().run_id

    kept = workflow.get_run(run_id)
    assert kept is not None
    assert [len(output.content) for output in kept.step_results] == [1, 1, 2, 2, 2, 3, 3]
