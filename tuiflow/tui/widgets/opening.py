"""Lines with something behind them that can be folded away, as of indented JSON. Pure."""

from collections.abc import Sequence

from textual.content import Content

from tuiflow.tui.theme import MUTED


class Opening(Content):
    """A line with more behind it that belongs to it; the same line tells what it hides."""

    def __init__(self, line: Content, *, inside: int, folded: Content, key: str) -> None:
        super().__init__(line.plain, list(line.spans), strip_control_codes=False)
        self.inside = inside
        """How many of the lines behind it belong to it."""
        self.folded = folded
        """What stands there instead of all of them."""
        self.key = key
        """Names it as long as it stands at the same place of the same value."""

    @property
    def depth(self) -> int:
        """In how many others it stands."""
        return self.key.count("\n")


def with_openings(lines: Sequence[Content]) -> list[Content]:
    """Find what can be folded by how the lines end and begin; text that breaks off is fine."""
    found = list(lines)
    open_at: list[int] = []
    keys, counts = [""], [0]
    for at, line in enumerate(lines):
        text = line.plain.strip()
        if text[:1] in {"}", "]"} and open_at:
            _close(found, open_at.pop(), at, (keys.pop(), counts.pop()))
        else:
            counts[-1] += 1
        if text[-1:] in {"{", "["}:
            # The key of a list's item is its number, that of a field is what it is called.
            keys.append(f"{keys[-1]}\n{counts[-1]}{text[:100]}")
            open_at.append(at)
            counts.append(0)
    while open_at:
        _close(found, open_at.pop(), len(lines) - 1, (keys.pop(), counts.pop()))
    return found


def _close(lines: list[Content], first: int, last: int, known: tuple[str, int]) -> None:
    key, count = known
    if last <= first:
        return
    line, closing = lines[first], lines[last].plain.strip()
    is_whole = closing[:1] in {"}", "]"}
    one, many = ("key", "keys") if line.plain.endswith("{") else ("item", "items")
    words = (
        f"…{count:,}".replace(",", " ") + f"{'' if is_whole else '+'} {one if count == 1 else many}"
    )
    end = closing if is_whole else ""
    folded = Content.assemble(line, (words, MUTED), (end, MUTED))
    lines[first] = Opening(line, inside=last - first, folded=folded, key=key)
