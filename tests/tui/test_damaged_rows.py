"""The screen over a database whose rows somebody has damaged: it shows them, and stays."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from tests.opened import open_scene
from tests.scenes import SCENES

DEEP = "[" * 20_000
TEXTS = ["", "oops", "null", "[]", "9" * 5000, DEEP, '{"content":' * 5000, '{"a":"\\ud800"}']
VALUES: list[Any] = [None, True, -1, 10**400, 1e308, "", "x" * 5000, [], {}, [[[[[]]]]]]
TAGS = [{"$type": "os:system", "value": "true"}, {"$type": "datetime", "value": 7}]
COLUMNS = ["input", "content", "failure", "outline", "metadata", "media"]


@pytest.mark.parametrize("seed", range(2))
async def test_every_pane_of_a_run_with_damaged_rows_can_be_opened(seed: int):
    chance = Random(seed)
    async with open_scene(SCENES["failed"], spoil=lambda path: damage(path, chance)) as opened:
        for _ in range(4):
            await opened.press("1", "j", "2")
            for pane in ("g", "j", "i", "p", "o", "a", "L", "e"):
                await opened.press(pane)
        await opened.press("E")
        assert "unreadable" in await opened.wait_for("unreadable")
        await opened.press("j", "j", "escape")
        await opened.wait_for("1 Workflows and runs")


def damage(path: Path, chance: Random) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for number, body in database.execute("SELECT id, body FROM events").fetchall():
            if chance.random() < 0.4:
                changed = (
                    "UPDATE events SET body = ? WHERE id = ?",
                    (mutated(body, chance), number),
                )
                database.execute(*changed)
        for number, *row in database.execute(
            f"SELECT number, {', '.join(COLUMNS)} FROM runs"
        ).fetchall():
            for column, text in zip(COLUMNS, row, strict=True):
                if chance.random() < 0.5:
                    database.execute(
                        f"UPDATE runs SET {column} = ? WHERE number = ?",
                        (mutated(text or "{}", chance), number),
                    )


def mutated(text: str, chance: Random) -> str:
    """Give it cut off, replaced, or with one of its values being another."""
    way = chance.random()
    if way < 0.2:
        return text[: chance.randrange(len(text) + 1)]
    if way < 0.4:
        return chance.choice(TEXTS)
    value = json.loads(text)
    if isinstance(value, dict):
        spoil_one(cast("dict[str, Any]", value), chance)
    return json.dumps(value)


def spoil_one(fields: dict[str, Any], chance: Random) -> None:
    if not fields:
        return
    key = chance.choice(sorted(fields))
    if isinstance(fields[key], dict) and chance.random() < 0.7:
        spoil_one(fields[key], chance)
    else:
        fields[key] = chance.choice([*VALUES, *TAGS])
