"""Shrinks one picture, as a program of its own: what is hostile in its bytes meets nothing else.

Reads the picture from stdin; writes `width height` and a line end, then three bytes a pixel.
"""

import io
import sys
from contextlib import suppress

MOST_PIXELS = 64_000_000  # of the whole picture; more are not decoded
_MEMORY = 1 << 30  # bytes of address space
_SECONDS = 10  # of a processor
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_PAPER = (255, 255, 255)  # behind what is transparent


def main() -> None:
    """Shrink what comes in to fit the columns and rows of pixels that are asked for."""
    _limit()
    try:
        # An extra, said in words when missing.
        from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415
    except ImportError:
        sys.exit("pictures need Pillow: pip install 'tuiflow[images]'")
    Image.MAX_IMAGE_PIXELS = None  # it would raise before there are words of ours
    room = (int(sys.argv[1]), int(sys.argv[2]))
    try:
        opened = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=_FORMATS)
    except UnidentifiedImageError:
        sys.exit(f"it cannot be decoded: none of {', '.join(_FORMATS)}, or cut off")
    with opened as picture:
        if picture.width * picture.height > MOST_PIXELS:
            sys.exit(f"too big to be drawn: {picture.width}x{picture.height}")
        # JPEG can be decoded at a part of its size.
        picture.draft("RGB", (room[0] * 2, room[1] * 2))
        small = ImageOps.exif_transpose(picture).convert("RGBA")
        small.thumbnail(room)
        paper = Image.new("RGBA", small.size, (*_PAPER, 255))
        shown = Image.alpha_composite(paper, small).convert("RGB")
    sys.stdout.buffer.write(f"{shown.width} {shown.height}\n".encode() + shown.tobytes())


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has each of them
        import resource  # noqa: PLC0415 - as above

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    main()
