from dataclasses import dataclass

import pytest
from pydantic import ValidationError, field_validator

from tuiflow.model.custom_events import restore_events
from tuiflow.model.events import CustomEvent, StepLogEvent
from tuiflow.model.ids import NodePath

PATH = NodePath("w/a")


class Sold(CustomEvent):
    amount: int
    to: str = "nobody"


def make_twin() -> tuple[type[CustomEvent], type[CustomEvent]]:
    class Twin(CustomEvent):
        pass

    first = Twin

    class Twin(CustomEvent):
        pass

    return first, Twin


def stored(name: str, **data: object) -> CustomEvent:
    return CustomEvent(node_path=PATH, seq=3, name=name, data=data)


def test_an_authors_event_is_its_class_again():
    (event,) = restore_events([stored("Sold", amount=3)])

    assert isinstance(event, Sold)
    assert (event.amount, event.to, event.seq, event.node_path) == (3, "nobody", 3, PATH)


@dataclass
class Bought(Sold):
    of: str = ""


def test_a_class_marked_as_a_dataclass_is_an_event_like_others():
    made = Bought(amount=3, of="tea")

    assert (made.amount, made.to, made.of, made.event) == (3, "nobody", "tea", "CustomEvent")
    (event,) = restore_events([stored("Bought", amount=3, of="tea")])
    assert isinstance(event, Bought)
    assert event.of == "tea"
    with pytest.raises(ValidationError):
        Bought(of="tea")


def test_what_does_not_fit_its_class_or_has_none_stays_as_it_was_stored():
    told = [stored("Sold", amount="many"), stored("Unknown"), StepLogEvent(node_path=PATH, text="")]

    assert restore_events(told) == told
    assert [type(event) for event in restore_events(told)] == [type(event) for event in told]


class Strict(CustomEvent):
    amount: int

    @field_validator("amount")
    @classmethod
    def check(cls, given: int) -> int:
        raise KeyError(given)


def test_one_whose_class_has_a_validator_that_breaks_stays_as_it_was_stored():
    assert restore_events([stored("Strict", amount=3)]) == [stored("Strict", amount=3)]


def test_of_two_classes_of_one_name_neither_is_taken():
    twins = make_twin()

    (event,) = restore_events([stored("Twin")])

    assert type(event) is CustomEvent
    assert len(twins) == 2
