"""What is said where there is no run: a workflow and how to start it, a broken file, no file."""

import os
from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from tuiflow.service import BrokenFile, CatalogState, WorkflowEntry
from tuiflow.service.input_fields import FormField, form_fields, needs_typing
from tuiflow.service.input_values import default_text
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.content_lines import failure_lines, text_lines

_SHORT_REVISION = 4  # characters


def workflow_lines(entry: WorkflowEntry, project: Path) -> list[Content]:
    """Say what a workflow does and how to start it."""
    outline = entry.outline
    place = f"{short_path(entry.file, project)}:{outline.line}"
    lines = [
        Content.assemble(
            (safe_line(outline.name), "bold"),
            (f"   {safe_line(place)}   rev {entry.report.revision[:_SHORT_REVISION]}", MUTED),
        )
    ]
    lines += text_lines(outline.description.strip()) if outline.description.strip() else []
    lines.append(Content())
    if entry.failure is not None:
        lines += [
            Content.styled("Its file is broken now; s starts the last good revision.", "$warning"),
            Content(),
            *failure_lines(entry.failure, folder=str(project)),
        ]
        return lines
    return [*lines, _how_to_start(entry), _key_line("enter", "shows its steps")]


def field_lines(entry: WorkflowEntry) -> list[Content]:
    """List what a workflow asks for."""
    schema = entry.outline.input_schema
    if schema is None:
        return [Content.styled("Takes a message, JSON, or nothing.", MUTED)]
    fields = form_fields(schema)
    if not fields:
        return [Content.styled("It needs no input.", MUTED)]
    return [_field_line(field) for field in fields]


def broken_lines(broken: BrokenFile, project: Path) -> list[Content]:
    """Show why a file offers nothing."""
    return [
        Content.assemble(
            ("! ", "bold $error"), (safe_line(short_path(broken.file, project)), "bold")
        ),
        Content.styled("It cannot be imported. Mend and save it: it comes back by itself.", MUTED),
        Content(),
        *failure_lines(broken.failure, folder=str(project)),
    ]


def first_minute_lines(catalog: CatalogState, project: Path) -> list[Content]:
    """Help somebody whose folder holds no workflow yet; nothing while it is still looked into."""
    if catalog.probing or not catalog.has_scanned:
        return []
    folder = safe_line(short_path(catalog.folder, project.parent))
    lines = [
        Content.styled("No workflows here yet.", "bold"),
        Content(),
        _key_line("n", "writes workflows/hello.py, a small example, and opens it in $EDITOR"),
        _key_line("", f"or save a file that imports tuiflow: watching {folder}"),
        _key_line(":demo", "opens the samples"),
    ]
    if catalog.not_imported:
        count = catalog.not_imported
        lines += [Content(), Content.styled(f"{count} Python files do not import tuiflow.", MUTED)]
    return lines


def short_path(path: Path, project: Path) -> str:
    """Write a path from the project on, or from home."""
    if path.is_relative_to(project):
        return str(path.relative_to(project))
    home = os.path.expanduser("~")
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _how_to_start(entry: WorkflowEntry) -> Content:
    fields: Sequence[FormField] = ()
    if entry.outline.input_schema is not None:
        fields = form_fields(entry.outline.input_schema)
    if needs_typing(fields):
        wanted = ", ".join(field.name for field in fields if field.is_required)
        return _key_line("s", f"opens the form; it needs {safe_line(wanted)}")
    return _key_line("s", "then enter starts it")


def _key_line(key: str, text: str) -> Content:
    return Content.assemble((f"{key:<7}", "bold $primary"), text)


def _field_line(field: FormField) -> Content:
    default = safe_line(default_text(field), 40)
    return Content.assemble(
        (safe_line(field.name), "bold"),
        (" *" if field.is_required else "", "$warning"),
        (f"  {safe_line(field.hint)}", MUTED),
        (f"  = {default}" if default else "", "$success"),
    )
