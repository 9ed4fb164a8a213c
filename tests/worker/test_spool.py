import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tuiflow.worker import spool
from tuiflow.worker.spool import SpoolTail


def tail_of(file: int, say: Callable[[str], object], owner: str = "") -> SpoolTail[str]:
    return SpoolTail(file, lambda line, _: say(line), lambda: owner)


@pytest.fixture
def file() -> Iterator[int]:
    with tempfile.TemporaryFile(mode="ab+") as opened:
        yield opened.fileno()


def test_only_what_is_written_from_now_on_is_said_and_a_last_line_without_an_end(file: int):
    os.write(file, b"at import\n")
    said: list[str] = []
    tail = tail_of(file, said.append)

    os.write(file, b"one\ntwo")
    tail.finish()
    tail.finish()

    assert said == ["one", "two"]


def test_bytes_that_are_no_text_are_replaced_and_split_characters_are_not(file: int):
    said: list[str] = []
    tail = tail_of(file, said.append)

    for raw in (b"gr\xc3", b"\xbcn\n", b"\xff!\n"):
        os.write(file, raw)
    tail.finish()

    assert said == ["grün", "\ufffd!"]


def test_a_flood_is_dropped_and_its_size_said(file: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "MOST_UNREAD", 1000)
    monkeypatch.setattr(spool, "LOOK_SECONDS", 3600)
    said: list[str] = []
    tail = tail_of(file, said.append)

    os.write(file, b"x" * 5000)
    tail.finish()

    assert said == ["… 5,000 bytes of output were dropped"]


@pytest.mark.parametrize("at_once", [0, 1000])
def test_a_line_belongs_to_whom_it_was_written_by_however_late_it_is_read(
    file: int, monkeypatch: pytest.MonkeyPatch, at_once: int
):
    monkeypatch.setattr(spool, "AT_ONCE", at_once)
    monkeypatch.setattr(spool, "LOOK_SECONDS", 3600)
    owners, said = ["a"], list[tuple[str, str]]()
    tail = SpoolTail(file, lambda line, owner: said.append((owner, line)), lambda: owners[-1])

    for next_one in "bcd":
        os.write(file, f"of {owners[-1]}\n".encode())
        tail.catch_up()
        owners.append(next_one)
    assert len(said) == (3 if at_once else 0)
    tail.catch_up()
    os.write(file, b"of d")
    tail.finish()

    assert said == [(owner, f"of {owner}") for owner in "abcd"]


def test_output_that_never_ends_keeps_nobody_from_finishing(file: int):
    tail = tail_of(file, lambda line: os.write(file, f"{line}!\n".encode()))

    os.write(file, b"more\n")
    tail.finish()

    assert os.fstat(file).st_size > len(b"more\n")


def test_what_was_read_is_given_back_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "FREE_EVERY", 1)
    with (tmp_path / "spool").open("ab+") as opened:
        tail = tail_of(opened.fileno(), lambda _: None)
        os.write(opened.fileno(), b"line\n" * 100_000)
        os.fsync(opened.fileno())
        before = os.fstat(opened.fileno()).st_blocks

        tail.finish()

        assert os.fstat(opened.fileno()).st_size == 500_000
        assert os.fstat(opened.fileno()).st_blocks <= before
