import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tuiflow.worker import spool
from tuiflow.worker.spool import SpoolTail


@pytest.fixture
def file() -> Iterator[int]:
    with tempfile.TemporaryFile(mode="ab+") as opened:
        yield opened.fileno()


def test_only_what_is_written_from_now_on_is_said_and_a_last_line_without_an_end(file: int):
    os.write(file, b"at import\n")
    said: list[str] = []
    tail = SpoolTail(file, said.append)

    os.write(file, b"one\ntwo")
    tail.finish()
    tail.finish()

    assert said == ["one", "two"]


def test_bytes_that_are_no_text_are_replaced_and_split_characters_are_not(file: int):
    said: list[str] = []
    tail = SpoolTail(file, said.append)

    for raw in (b"gr\xc3", b"\xbcn\n", b"\xff!\n"):
        os.write(file, raw)
    tail.finish()

    assert said == ["grün", "\ufffd!"]


def test_a_flood_is_dropped_and_its_size_said(file: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "MOST_UNREAD", 1000)
    monkeypatch.setattr(spool, "LOOK_SECONDS", 3600)
    said: list[str] = []
    tail = SpoolTail(file, said.append)

    os.write(file, b"x" * 5000)
    tail.finish()

    assert said == ["… 5,000 bytes of output were dropped"]


def test_what_was_read_is_given_back_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "FREE_EVERY", 1)
    with (tmp_path / "spool").open("ab+") as opened:
        tail = SpoolTail(opened.fileno(), lambda _: None)
        os.write(opened.fileno(), b"line\n" * 100_000)
        os.fsync(opened.fileno())
        before = os.fstat(opened.fileno()).st_blocks

        tail.finish()

        assert os.fstat(opened.fileno()).st_size == 500_000
        assert os.fstat(opened.fileno()).st_blocks <= before
