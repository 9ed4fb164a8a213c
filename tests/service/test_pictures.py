import zlib
from io import BytesIO
from pathlib import Path
from struct import pack

import psutil
import pytest
from anyio import CancelScope
from PIL import Image

from tuiflow.service.pictures import shrink


def png(width: int, height: int, colour: tuple[int, ...], mode: str = "RGB") -> bytes:
    file = BytesIO()
    Image.new(mode, (width, height), colour).save(file, "PNG")
    return file.getvalue()


async def test_a_picture_is_made_to_fit_and_keeps_its_shape():
    picture = await shrink(png(400, 200, (255, 0, 0)), 40, 40)

    assert (picture.width, picture.height) == (40, 20)
    assert picture.pixels == bytes((255, 0, 0)) * 800


async def test_what_is_transparent_lies_on_paper():
    picture = await shrink(png(2, 2, (9, 9, 9, 0), "RGBA"), 4, 4)

    assert picture.pixels == bytes((255, 255, 255)) * 4


async def test_a_small_file_that_claims_a_huge_picture_is_not_decoded():
    def chunk(name: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000)))

    assert "too big to be drawn: 60000x60000" in (await shrink(bomb, 40, 40)).problem


@pytest.mark.parametrize(
    "raw",
    [b"", b"no picture \x1b]0;t\x07", png(300, 300, (1, 2, 3))[:200], b"%!PS-Adobe-3.0 EPSF-3.0\n"],
)
async def test_bytes_that_are_no_picture_are_a_sentence(raw: bytes):
    picture = await shrink(raw, 40, 40)

    assert picture.problem.startswith("it cannot be decoded: ")
    assert "BytesIO" not in picture.problem
    assert not picture.pixels


async def test_without_pillow_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "PIL.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    picture = await shrink(png(2, 2, (1, 2, 3)), 4, 4)

    assert picture.problem == "pictures need Pillow: pip install 'tuiflow[images]'"


async def test_a_picture_nobody_waits_for_any_more_leaves_no_process_behind():
    before = psutil.Process().children()
    with CancelScope() as scope:
        scope.cancel()
        await shrink(png(2, 2, (1, 2, 3)), 4, 4)

    assert scope.cancelled_caught
    assert psutil.Process().children() == before


async def test_a_picture_that_nothing_can_be_started_for_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOO_MUCH", "x" * 2_000_000)

    picture = await shrink(b"", 4, 4)

    assert picture.problem == "its decoder cannot be started: Argument list too long"
