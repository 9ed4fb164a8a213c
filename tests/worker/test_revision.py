from pathlib import Path

import pytest

from tuiflow.model.revision import decode_source, encode_source, revision_of
from tuiflow.worker.revision import BIGGEST_STORED, Recorder


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    recorder = Recorder(tmp_path, tmp_path / "main.py")
    recorder.is_active = True
    return recorder


@pytest.mark.parametrize("raw", [b"", b"text\r\n", "grün".encode(), b"\xff\x00", b"base64:x"])
def test_a_source_comes_back_as_it_was(raw: bytes):
    assert decode_source(encode_source(raw)) == raw


def test_what_no_writer_has_written_as_a_source_is_the_text_it_is():
    assert decode_source("base64:!") == b"base64:!"


def test_the_revision_changes_with_a_path_or_a_hash_and_not_with_the_order():
    one = revision_of({"a": "1", "b": "2"})

    assert one == revision_of({"b": "2", "a": "1"})
    assert len({one, revision_of({"a": "1"}), revision_of({"a": "1", "b": "3"})}) == 3


@pytest.mark.parametrize(
    "name", [".venv/lib/x.py", ".tuiflow/tuiflow.db", "a/__pycache__/x.pyc", ".git/HEAD"]
)
def test_what_is_installed_or_cached_is_not_the_projects(recorder: Recorder, name: str):
    folder = recorder.project

    assert recorder.belongs(str(folder / ".env"))
    assert recorder.belongs(str(folder / "prompts/a.md"))
    assert not recorder.belongs(str(folder / name))
    assert not recorder.belongs("/etc/hosts")


def test_a_file_opened_for_reading_is_kept_and_one_for_writing_is_not(recorder: Recorder):
    folder = recorder.project
    (folder / "prompt.md").write_text("hello")
    (folder / "log.txt").write_text("")
    (folder / "model.bin").write_bytes(b"\0" * (BIGGEST_STORED + 1))

    recorder.note_open(str(folder / "prompt.md"), 0)
    recorder.note_open(str(folder / "log.txt"), 1)
    recorder.note_open(str(folder / "model.bin"), 0)
    recorder.note_open(str(folder / "nowhere"), 0)
    recorder.note_open(3, 0)

    assert recorder.sources == {str(folder / "prompt.md"): "hello"}
    assert set(recorder.hashes) == {str(folder / "prompt.md"), str(folder / "model.bin")}
