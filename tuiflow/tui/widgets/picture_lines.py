"""Draws a small picture in half blocks: two pixels a cell, one above the other. Pure."""

from textual.content import Content, Span

from tuiflow.service import Picture

_UPPER = "▀"


class Drawn(Content):
    """A line that is no text: it is seen and not copied."""


def picture_lines(picture: Picture) -> list[Content]:
    """Draw a picture, two rows of pixels a line."""
    return [_line(picture, top) for top in range(0, picture.height, 2)]


def _line(picture: Picture, top: int) -> Content:
    spans: list[Span] = []
    for column in range(picture.width):
        style = _colour(picture, column, top)
        if top + 1 < picture.height:
            style += f" on {_colour(picture, column, top + 1)}"
        if spans and spans[-1].style == style:
            spans[-1] = Span(spans[-1].start, column + 1, style)
        else:
            spans.append(Span(column, column + 1, style))
    return Drawn(_UPPER * picture.width, spans)


def _colour(picture: Picture, column: int, row: int) -> str:
    at = (row * picture.width + column) * 3
    return f"#{picture.pixels[at : at + 3].hex()}"
