from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from tuiflow.model.content import decode_content, encode_content

BERLIN = ZoneInfo("Europe/Berlin")


class Sku(str):
    def __str__(self) -> str:
        return f"SKU {self.upper()}"


class Metres(float):
    def __repr__(self) -> str:
        return f"{float(self)} m"


class Halved(float):
    def __new__(cls, value: float) -> "Halved":
        return super().__new__(cls, value / 2)


class Noted(int):
    note = ""


class Token(bytes):
    pass


class Delay(timedelta):
    pass


class Moment(datetime):
    pass


def noted() -> Noted:
    number = Noted(3)
    number.note = "three"
    return number


@pytest.mark.parametrize(
    "value", [Sku("a-1"), Metres(2.5), Metres("nan"), Noted(3), Fraction(1, 2)], ids=repr
)
def test_text_and_numbers_of_a_class_of_their_own_come_back_as_that(value: object):
    encoded = encode_content([value, {"again": value}])

    (back, again) = decode_content(encoded.stored)  # type: ignore[misc]

    assert type(back) is type(again["again"]) is type(value)
    assert repr(back) == repr(again["again"]) == repr(value)


@pytest.mark.parametrize(
    "value",
    [Halved(4), noted(), Token(b"a"), Delay(1), Moment(2026, 1, 2), Fraction(1, 3)],
    ids=lambda value: type(value).__name__,
)
def test_a_class_that_its_plain_value_does_not_make_again_is_kept_as_a_preview(value: object):
    assert not encode_content(value).stored.restorable


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_in_a_zone_comes_back_in_that_zone_also_in_the_hour_that_comes_twice(fold: int):
    value = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN)

    back = decode_content(encode_content(value).stored)

    assert repr(back) == repr(value)
    assert back.astimezone(UTC) == value.astimezone(UTC)  # type: ignore[attr-defined]
