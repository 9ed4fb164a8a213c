"""How much of a tree is open: which folds one level more or less switches. Pure."""

from collections.abc import Iterable
from typing import Literal

Fold = Literal["leaf", "open", "closed"]
LEVEL_TIPS = {1: "Open one level more of this", -1: "Open one level less of this"}


def level_of(rows: Iterable[tuple[int, Fold]], step: int) -> int | None:
    """Say at which depth folds are to be switched: the outermost closed, or innermost open ones."""
    rows = list(rows)
    if step > 0:
        return min((depth for depth, fold in rows if fold == "closed"), default=None)
    return max((depth for depth, fold in rows if fold == "open"), default=None)
