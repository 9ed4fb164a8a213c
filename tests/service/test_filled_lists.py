"""Lists in a filled form: rows where they are few, else a text; both are read back."""

import json

import pytest
from pydantic import BaseModel, Field, JsonValue

from tuiflow.service.filling import (
    MOST_BOXES,
    Filled,
    FilledFieldError,
    fill,
    fill_list,
    list_lines,
    new_row,
    read_as_typed,
    read_filled,
    read_input_of,
    with_lines,
)
from tuiflow.service.input_fields import FieldKind, FormField, input_form


class Shop(BaseModel):
    name: str
    counters: int = 1


class Asked(BaseModel):
    shops: list[Shop]
    counts: list[int] = []
    words: list[str] = Field(default=["a"], max_length=3)


FORM = input_form(Asked.model_json_schema())
FIELDS = {field.name: field for field in FORM.fields}


def filled_with(**given: JsonValue) -> dict[str, Filled]:
    return {each.field.name: each for each in fill(FORM, {"shops": [], **given})}


def rows_of(field: FormField, *texts: str) -> Filled:
    return fill_list(field, "\n".join(texts))


def test_values_and_models_of_a_list_stand_in_rows():
    filled = filled_with(shops=[{"name": "Gent"}, {"name": "Lille", "counters": 3}], counts=[1, 2])

    assert [row.text for row in filled["counts"].parts] == ["1", "2"]
    assert [[part.text for part in row.parts] for row in filled["shops"].parts] == [
        ["Gent", "1"],
        ["Lille", "3"],
    ]
    assert new_row(FIELDS["shops"]).parts[1].text == "1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("counts", list(range(MOST_BOXES + 1))),
        ("shops", [{"name": "x", "counters": n} for n in range(MOST_BOXES)]),
        ("words", ["a", ""]),
        ("counts", [1, 2.5]),
    ],
)
def test_what_is_long_or_fits_no_row_is_a_text_that_says_the_same(name: str, value: JsonValue):
    filled = filled_with(**{name: value})

    assert filled[name].parts == ()
    assert read_filled([filled[name]]) == {name: value}


def test_a_row_with_nothing_in_it_is_not_there_and_none_is_an_empty_list():
    blank = new_row(FIELDS["counts"])
    counts = Filled(FIELDS["counts"], parts=(blank, Filled(blank.field, "7"), blank))

    assert read_filled([counts]) == {"counts": [7]}
    assert read_filled([Filled(FIELDS["shops"])]) == {"shops": []}
    assert read_filled([Filled(FIELDS["words"])]) == {"words": []}  # its default is cleared


def test_what_does_not_fit_names_the_row_as_a_person_counts():
    shops = Filled(FIELDS["shops"], parts=(new_row(FIELDS["shops"]),) * 2)
    name, counters = shops.parts[1].parts
    wrong = Filled(FIELDS["shops"].item or name.field, parts=(name, Filled(counters.field, "x")))

    with pytest.raises(FilledFieldError, match=r"^shops › 2 › counters: expected") as refused:
        read_input_of(FORM, [Filled(FIELDS["shops"], parts=(shops.parts[0], wrong))])
    assert refused.value.path == ("shops", "1", "counters")

    with pytest.raises(FilledFieldError, match=r"^words: at most 3 items$"):
        read_filled([rows_of(FIELDS["words"], *"abcd")])


def test_on_the_way_to_an_editor_what_does_not_fit_goes_as_it_was_typed():
    counts = rows_of(FIELDS["counts"], "1", "x")

    as_typed = read_as_typed(FORM, [Filled(FIELDS["shops"]), counts])

    assert as_typed == {"shops": [], "counts": [1, "x"]}


@pytest.mark.parametrize(
    "texts", [["a"], ["a", "b"], ["a, b"], ["a, b", "c"], ["[x"], ["two\nlines", "c"], []]
)
def test_rows_written_as_a_text_are_the_same_rows_again(texts: list[str]):
    item = new_row(FIELDS["words"]).field
    rows = [Filled(item, text) for text in texts]

    again = fill_list(FIELDS["words"], list_lines(rows))

    assert [row.text for row in again.parts] == texts


def test_lines_become_rows_between_others_and_many_of_them_a_text():
    words = rows_of(FIELDS["words"], "a", "b")

    more = with_lines(words, 1, "x, y\r\nz\n\n")
    many = with_lines(words, 2, "\n".join(map(str, range(MOST_BOXES))))

    assert [row.text for row in more.parts] == ["a", "x, y", "z", "b"]
    assert (many.parts, many.text.splitlines()[:3]) == ((), ["a", "b", "0"])


def test_a_text_that_is_no_list_stands_there_as_it_is():
    broken = fill_list(FIELDS["shops"], '[{"name": 1')

    assert (broken.parts, broken.text) == ((), '[{"name": 1')
    assert FIELDS["shops"].kind is FieldKind.LIST
    with pytest.raises(FilledFieldError, match="shops: not JSON at line 1"):
        read_filled([broken])
    as_json = fill_list(FIELDS["shops"], json.dumps([{"name": "Gent"}]))
    assert read_filled([as_json]) == {"shops": [{"name": "Gent", "counters": 1}]}
