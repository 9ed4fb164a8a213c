import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tuiflow.model.content import INLINE_BYTES, StoredContent, encode_content
from tuiflow.model.ids import new_run_id
from tuiflow.service.contents import guess_language, read_content, read_value, render_value
from tuiflow.store import NewRun, SqliteDb, Store, open_store


@dataclass
class Order:
    id: int
    amount: Decimal
    day: date


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(SqliteDb(tmp_path / "tuiflow.db")) as store:
        yield store


async def put(store: Store, value: object) -> StoredContent:
    encoded = encode_content(value)
    blobs = (encoded.blob,) if encoded.blob else ()
    run = NewRun(
        run_id=new_run_id(), workflow_name="w", input=encoded.stored, created_at=1, blobs=blobs
    )
    await store.create_run(run)
    return encoded.stored


async def test_a_string_is_shown_as_itself(store: Store):
    shown = await read_content(store, await put(store, 'say "hi"\nthere'))

    assert shown.text == 'say "hi"\nthere'
    assert (shown.language, shown.size, shown.shown, shown.is_whole) == ("text", 14, 14, True)


async def test_a_value_is_named_by_its_class_and_what_json_has_itself_is_not(store: Store):
    order = Order(7, Decimal("4.50"), date(2026, 1, 2))

    assert (await read_content(store, await put(store, order))).type == "Order"
    assert (await read_content(store, await put(store, {"id": 7}))).type == ""
    handle = await read_content(store, await put(store, object()))
    assert (handle.type, handle.is_restorable) == ("object", False)


async def test_a_typed_value_is_indented_json_without_tags(store: Store):
    order = Order(7, Decimal("4.50"), date(2026, 1, 2))

    shown = await read_content(store, await put(store, {"orders": [order], "at": Path("/x")}))

    assert shown.language == "json"
    assert json.loads(shown.text) == {
        "orders": [{"id": 7, "amount": "4.50", "day": "2026-01-02"}],
        "at": "/x",
    }
    assert '\n  "orders"' in shown.text


async def test_a_big_value_is_read_from_its_blob_and_cut_where_asked(store: Store):
    content = await put(store, ["é" * 10] * 60_000)
    assert content.blob is not None

    shown = await read_content(store, content, limit=1000)

    assert shown.text.startswith('[\n  "éééééééééé",')
    assert (shown.shown, len(shown.text), shown.is_whole) == (1000, 1000, False)
    assert shown.size == 960_002


async def test_a_huge_value_is_shown_as_it_is_stored(store: Store):
    content = await put(store, "é" * 9_000_000)

    shown = await read_content(store, content, limit=100)

    assert shown.text == '"' + "é" * 99
    assert not shown.is_whole


async def test_of_what_has_no_stored_form_the_preview_is_shown(store: Store):
    shown = await read_content(store, await put(store, object()))

    assert shown.text.startswith("<object object at")
    assert (shown.language, shown.is_whole) == ("text", False)


async def test_a_blob_that_is_gone_leaves_its_preview(store: Store):
    content = StoredContent(blob="0" * 64, size=INLINE_BYTES + 1, preview='["a",')

    shown = await read_content(store, content)

    assert (shown.text, shown.is_whole) == ('["a",', False)


async def test_as_a_part_of_something_else_a_big_value_is_only_begun(store: Store):
    content = await put(store, "x" * 20_000)

    assert await read_value(store, content, limit=100_000) == "x" * 20_000
    assert await read_value(store, content, limit=10_000) == '"' + "x" * 199 + " …"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("# Title\n\ntext", "markdown"),
        ("intro\n```python\nx\n```", "markdown"),
        ("- one\n- two\n", "markdown"),
        ("1. one\n2. two\n", "markdown"),
        ("- only one dash", "text"),
        ("#hashtag and -flag", "text"),
        ('  {"a": 1}', "json"),
        ("[not json]", "text"),
        ("[" * 100_000, "text"),
        ("", "text"),
    ],
)
def test_a_texts_language_is_told_by_its_first_look(text: str, language: str):
    assert guess_language(text) == language


def test_json_that_a_step_gave_as_one_line_of_text_is_indented():
    shown = render_value('{"a": [1, 2]}')

    assert (shown.language, shown.text) == ("json", '{\n  "a": [\n    1,\n    2\n  ]\n}')
    assert render_value('{\n"a": 1}').text == '{\n"a": 1}'
