"""Lines with something behind them that can be folded away, as of indented JSON. Pure."""

from collections.abc import Sequence

from textual.content import Content

from tuiflow.tui.theme import MUTED

_PREVIEW = 40  # characters of what a folded line tells of what is in it
_COMMA = Content(", ")


class Opening(Content):
    """A line with more behind it that belongs to it; the same line tells what it hides."""

    def __init__(
        self, line: Content, *, inside: int, folded: Content, key: str, is_aside: bool = False
    ) -> None:
        super().__init__(line.plain, list(line.spans), strip_control_codes=False)
        self.inside = inside
        """How many of the lines behind it belong to it."""
        self.folded = folded
        """What stands there instead of all of them."""
        self.key = key
        """Names it as long as it stands at the same place of the same value."""
        self.is_aside = is_aside
        """What is behind it is for who asks: it is folded at first."""

    @property
    def depth(self) -> int:
        """In how many others it stands."""
        return self.key.count("\n")


def with_openings(lines: Sequence[Content]) -> list[Content]:
    """Find what can be folded by how the lines end and begin; text that breaks off is fine."""
    found = list(lines)
    open_now = [_Open(-1, "")]
    for at, line in enumerate(lines):
        text = line.plain.strip()
        if text[:1] in {"}", "]"} and len(open_now) > 1:
            _close(found, open_now.pop(), at)
        else:
            open_now[-1].take(line)
        if text[-1:] in {"{", "["}:
            # The key of a list's item is its number, that of a field is what it is called.
            outer = open_now[-1]
            open_now.append(_Open(at, f"{outer.key}\n{outer.count}{text[:100]}"))
    while len(open_now) > 1:
        _close(found, open_now.pop(), len(lines) - 1)
    return found


class _Open:
    """What was opened and is not closed yet: how much stands in it, and how it begins."""

    def __init__(self, at: int, key: str) -> None:
        self.at = at
        self.key = key
        self.count = 0
        self.first: list[Content] = []
        """The plain members it begins with, as many as a folded line has room for."""
        self._room = _PREVIEW

    def take(self, line: Content) -> None:
        self.count += 1
        text = line.plain.rstrip().removesuffix(",")
        member = line[len(text) - len(text.lstrip()) : len(text)]
        self._room -= len(member) + len(_COMMA)
        if text[-1:] in {"{", "["}:
            self._room = 0
        if self._room > 0:
            self.first.append(member)


def _close(lines: list[Content], opened: _Open, last: int) -> None:
    if last <= opened.at:
        return
    line, closing = lines[opened.at], lines[last].plain.strip()
    is_whole = closing[:1] in {"}", "]"}
    told = list(opened.first)
    if rest := _rest(opened, line, is_whole=is_whole):
        told.append(Content.styled(rest, MUTED))
    end = (closing if is_whole else "", MUTED)
    folded = Content.assemble(line, _COMMA.join(told), end)
    lines[opened.at] = Opening(line, inside=last - opened.at, folded=folded, key=opened.key)


def _rest(opened: _Open, line: Content, *, is_whole: bool) -> str:
    left = opened.count - len(opened.first)
    if is_whole and not left:
        return ""
    number = f"…{left:,}".replace(",", " ") + ("" if is_whole else "+")
    if opened.first:
        return f"{number} more"
    one, many = ("key", "keys") if line.plain.endswith("{") else ("item", "items")
    return f"{number} {one if opened.count == 1 else many}"
