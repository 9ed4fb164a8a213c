"""What comes back as itself, or is known not to."""

import sys
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, HttpUrl, field_validator

from tests.model.test_content import Celsius, nested, through_json
from tuiflow.model.content import (
    NotRestorableError,
    decode_content,
    decode_value,
    encode_content,
)


class Chain(BaseModel):
    inner: "Chain | None" = None


def chain(length: int) -> Chain:
    made = Chain()
    for _ in range(length):
        made = Chain.model_construct(inner=made)
    return made


@pytest.mark.parametrize("value", [nested(400), chain(200)], ids=["list", "model"])
def test_what_is_nested_deeply_comes_back_where_little_of_the_stack_is_left(value: object):
    encoded = encode_content(value)

    def deeper(levels: int) -> object:
        if levels:
            return deeper(levels - 1)
        return encode_content(value), decode_content(encoded.stored, encoded.blob)

    assert deeper(sys.getrecursionlimit() // 2) == (encoded, value)


@pytest.mark.parametrize("length", [450, 1000, 10_000])
def test_what_is_nested_too_deeply_is_kept_as_one_sentence_that_is_not_given_back(length: int):
    stored = encode_content(chain(length)).stored

    assert (stored.preview, stored.restorable) == ("nested too deeply to be kept", False)
    with pytest.raises(NotRestorableError, match="only a preview of a"):
        decode_content(stored)


def test_a_module_is_never_asked_for_a_name_out_of_a_database(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    lazy = ModuleType("lazy")
    # As those of packages that import their parts when they are first named.
    lazy.__dict__["__getattr__"] = asked.append
    monkeypatch.setitem(sys.modules, "lazy", lazy)

    with pytest.raises(NotRestorableError, match="lazy:Part is not among what"):
        decode_value({"$type": "lazy:Part", "value": {}})

    assert asked == []


def test_what_holds_itself_is_kept_as_one_sentence():
    looped: list[object] = []
    looped.append(looped)

    assert encode_content(looped).stored.preview == "nested too deeply to be kept"


class Typed(BaseModel):
    """Reads back what only pydantic writes, where a field says what it is."""

    one: HttpUrl | int
    more: list[HttpUrl] = []
    temperature: float = 0


class Loose(BaseModel):
    one: Any = None
    text: HttpUrl | str = ""


class Temperature(float):
    """What arrays hold: a number of another type, that is equal to the plain one."""


URL = HttpUrl("https://p.example/a")


def test_a_model_comes_back_as_itself_or_not_at_all():
    typed = Typed(one=URL, more=[URL]).model_copy(update={"temperature": Temperature(1.5)})
    back = through_json([typed, Typed(one=1)])

    assert back == [typed, Typed(one=1)]
    for one in (URL, [URL], {URL}, {"a": [URL]}):
        assert not encode_content([Typed(one=1), Loose(one=one)]).stored.restorable
    for loose in (Loose(text=URL), Loose(one=Loose(text=URL))):
        assert not encode_content([Typed(one=1), loose]).stored.restorable


def test_a_model_whose_validator_takes_no_value_again_is_a_preview():
    class Once(BaseModel):
        at: Celsius

        @field_validator("at", mode="before")
        @classmethod
        def refuse(cls, value: object) -> object:
            if isinstance(value, Celsius):
                return value
            raise RuntimeError("only once")

    assert not encode_content(Once(at=Celsius(1.0))).stored.restorable
