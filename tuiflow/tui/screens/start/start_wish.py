"""What a start form is for: a new run, or one that begins again at a node of another."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from pydantic import JsonValue
from textual.content import Content

from tuiflow.model.control import Misfit
from tuiflow.model.ids import NodePath, RunId, display_path, short_id
from tuiflow.service import Reuse, RunInput, Service, WorkflowEntry, typed_media
from tuiflow.service.filling import LEFT_OUT, Filled, fill
from tuiflow.service.input_fields import FieldKind, FormField, InputForm, input_form
from tuiflow.service.run_command import rerun_command, run_command
from tuiflow.tui.format import clock
from tuiflow.tui.safe_text import safe_line, safe_text
from tuiflow.tui.theme import MUTED

Past = tuple[RunId, RunInput]
"""A run with what it was given."""
WHOLE_JSON = InputForm(
    (
        FormField(
            name="input",
            kind=FieldKind.JSON,
            hint="JSON",
            description="All of the input; null for none.",
        ),
    ),
    is_whole=True,
)


@dataclass(frozen=True)
class Source:
    """Where the values of a form come from at first."""

    name: str
    form: InputForm
    given: RunInput = field(default_factory=RunInput)
    is_run: bool = False

    def filled(self) -> tuple[Filled, ...]:
        """Give the fields with these values."""
        return fill(self.form, self.given.input if self.is_run else LEFT_OUT)

    def filled_over(self, typed: JsonValue) -> tuple[Filled, ...]:
        """Give them with what was typed in those of other code, as far as it has a place here."""
        given = self.given.input if self.is_run else {}
        if typed in (None, {}):
            return self.filled()
        if self.form.is_whole or not isinstance(typed, dict) or not isinstance(given, dict):
            return fill(self.form, typed)
        names = {field.name for field in self.form.fields}
        kept = {name: value for name, value in typed.items() if name in names}
        return fill(self.form, {**given, **kept})

    def filled_as_json(self, value: JsonValue) -> tuple[Filled, ...]:
        """Give the one field of JSON with a value in it."""
        return (Filled(self.form.fields[0], json.dumps(value, indent=2, ensure_ascii=False)),)


@dataclass(frozen=True)
class StartWish:
    """What the form says, begins with and does."""

    title: str
    verb: str
    head: Content
    entry: WorkflowEntry
    """What is started, as its file was read last."""
    sources: Sequence[Source]
    start: Callable[[RunInput], Awaitable[RunId]]
    command: Callable[[RunInput], str]
    check: Callable[[JsonValue], Awaitable[Sequence[Misfit]]]
    """Says what the author's own model has against an input."""
    renew: Callable[[WorkflowEntry], Awaitable["StartWish"]]
    """Makes the same wish of newer code; may raise TuiflowError."""
    service: Service
    has_more: bool = True
    """Whether it also asks for additional data, media, session and user."""

    @property
    def newer(self) -> WorkflowEntry | None:
        """What is started by now, where its file was read again since."""
        for entry in self.service.catalog.entries:
            if entry.key == self.entry.key and _code_of(entry) != _code_of(self.entry):
                return entry
        return None


def new_run(
    service: Service, entry: WorkflowEntry, past: Past | None, *, news: str = ""
) -> StartWish:
    """Wish for a run of a workflow, with the values of its last run at first.

    `news` says that its file was read again.
    """
    schema = entry.outline.input_schema

    async def start(given: RunInput) -> RunId:
        return await service.start(
            entry.key,
            input=given.input,
            additional_data=dict(given.data) or None,
            media=typed_media(given.media),
            whose=given.whose,
        )

    async def renew(newer: WorkflowEntry) -> StartWish:
        return new_run(service, newer, past, news=_news(service, entry, newer))

    return StartWish(
        title="Start a run",
        verb="Start",
        head=_head(entry, news),
        entry=entry,
        sources=_sources(input_form(schema), past),
        start=start,
        command=lambda given: run_command(entry.key, schema, given, service.command_options),
        check=partial(service.check_input, entry),
        renew=renew,
        service=service,
    )


async def run_from(
    service: Service, entry: WorkflowEntry, past: Past, path: NodePath | None, *, news: str = ""
) -> StartWish:
    """Wish for a run that takes over from another at a node, with its input at first.

    Raises TuiflowError where it cannot.
    """
    run_id, _ = past
    schema = entry.outline.input_schema
    place = display_path(path) if path else "its beginning"

    async def start(given: RunInput) -> RunId:
        return await service.rerun(run_id, from_path=path, input=given.input)

    async def renew(newer: WorkflowEntry) -> StartWish:
        return await run_from(service, newer, past, path, news=_news(service, entry, newer))

    reuse = Reuse() if path is None else await service.foresee(run_id, path)
    return StartWish(
        title=f"Run {short_id(run_id)} again from {place}",
        verb="Run again",
        head=Content.assemble(_head(entry, news), "\n", safe_text("\n".join(reuse.sentences))),
        entry=entry,
        sources=_sources(input_form(schema), past),
        start=start,
        command=lambda given: rerun_command(run_id, path, given.input, service.command_options),
        check=partial(service.check_input, entry),
        renew=renew,
        service=service,
        has_more=False,
    )


def _sources(form: InputForm, past: Past | None) -> Sequence[Source]:
    sources = [Source("nothing" if form.is_whole else "defaults", form)]
    if past is not None:
        run_id, given = past
        sources.insert(0, Source(f"run {short_id(run_id)}", form, given, is_run=True))
    return sources if form.is_whole else [*sources, Source("JSON", WHOLE_JSON)]


def _code_of(entry: WorkflowEntry) -> tuple[str, bool]:
    return entry.report.revision, entry.failure is None


def _news(service: Service, old: WorkflowEntry, newer: WorkflowEntry) -> str:
    is_same = old.outline.input_schema == newer.outline.input_schema
    return f"reloaded {clock(service.now())[:8]}{'' if is_same else ', with other fields'}"


def _head(entry: WorkflowEntry, news: str) -> Content:
    outline = entry.outline
    model = str((outline.input_schema or {}).get("title") or "")
    wants = f"   input: {safe_line(model, 40)}" if model else ""
    head = Content.assemble(
        (safe_line(outline.name, 60), "bold"),
        (f"{wants}   rev {entry.report.revision[:4]}", MUTED),
        (f", {news}" if news else "", "$primary"),
    )
    if entry.failure is not None:
        broken = "its file is broken now: this is the last good revision"
        head = Content.assemble(head, (f"   {broken}", "$warning"))
    described = safe_text(outline.description.strip())
    return Content.assemble(head, "\n", described) if described else head
