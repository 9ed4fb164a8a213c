"""`tuiflow run NAME`: start a workflow in a worker and follow it; Ctrl+C cancels, twice kills."""

from functools import partial

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.follow_to_end import follow_to_end
from tuiflow.cli.outcome import tell_if_broken
from tuiflow.cli.reading import read_stdin
from tuiflow.cli.serving import Interrupts, serve
from tuiflow.model.ids import SessionId
from tuiflow.model.media import MEDIA_FIELDS
from tuiflow.service import Service, Whose, typed_media
from tuiflow.service.typed_input import STDIN, read_data, read_input


def execute(arguments: Arguments) -> int:
    """Start a run and print its events until it is over; with `--detach` only its id."""
    interrupts = Interrupts()
    # Before the loop: a read that blocks it would keep a Ctrl+C waiting for the end of the input.
    is_piped = arguments.input == STDIN or list(arguments.words) == [STDIN]
    piped = read_stdin() if is_piped else ""
    return serve(partial(_run, interrupts=interrupts, piped=piped), arguments, interrupts)


async def _run(
    service: Service, arguments: Arguments, *, interrupts: Interrupts, piped: str
) -> int:
    await service.refresh(arguments.name)
    entry = service.find_workflow(arguments.name)
    given = read_input(arguments.words, arguments.input, entry.outline.input_schema, piped=piped)
    data = read_data(arguments.data)
    media = typed_media({name: getattr(arguments, name) for name in MEDIA_FIELDS})
    tell_if_broken(service, entry.name, str(entry.file))
    start = partial(
        service.start,
        entry.key,
        input=given,
        additional_data=data,
        media=media,
        whose=_whose(arguments),
    )
    return await follow_to_end(service, arguments, interrupts, start)


def _whose(arguments: Arguments) -> Whose:
    session_id = SessionId(arguments.session) if arguments.session else None
    return Whose(session_id, arguments.user)
