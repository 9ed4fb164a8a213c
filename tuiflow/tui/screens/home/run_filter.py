"""Keeps the rows of the list that hold a text, under their workflows. Pure."""

from collections.abc import Sequence

from tuiflow.model.status import Status
from tuiflow.tui.widgets.finding import wanted_pattern
from tuiflow.tui.widgets.run_list import ListRow

_ALSO = {Status.ERROR: "failed", Status.COMPLETED: "done"}


def filtered(rows: Sequence[ListRow], text: str) -> tuple[list[ListRow], list[str]]:
    """Give the rows to show and the ids of the hits; `!` before the text asks for the others."""
    is_inverse = len(text) > 1 and text.startswith("!")
    pattern = wanted_pattern(text[is_inverse:])
    if pattern is None:
        return list(rows), []
    kept: list[ListRow] = []
    hits: list[str] = []
    for group in _groups(rows):
        found = [
            row
            for row in group
            if row.kind != "note" and (pattern.search(_words(row)) is None) is is_inverse
        ]
        hits += [row.id for row in found]
        if group[0] in found and not is_inverse:
            kept += group
        elif found:
            kept += [group[0], *(row for row in found if row is not group[0])]
    return kept, hits


def _groups(rows: Sequence[ListRow]) -> list[list[ListRow]]:
    groups: list[list[ListRow]] = []
    for row in rows:
        if row.indent and groups:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _words(row: ListRow) -> str:
    if row.kind != "run" or row.status is None:
        return row.text
    also = _ALSO.get(row.status, "")
    return f"{row.text} {row.note} {row.detail} {row.status.value} {also}"
