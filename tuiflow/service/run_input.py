"""What a run is given by a person, and what an earlier one was given, to begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from tuiflow.errors import InputError
from tuiflow.model.ids import RunId, SessionId
from tuiflow.model.media import MEDIA_FIELDS
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.service.contents import read_value
from tuiflow.service.starting import Whose
from tuiflow.store import Store

_MOST_BYTES = 16 * 1024 * 1024  # of an input that is shown in a form


@dataclass(frozen=True)
class RunInput:
    """Input, additional data, media as paths and URLs, session and user."""

    input: JsonValue = None
    data: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    media: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """By the names of MEDIA_FIELDS."""
    session_id: str = ""
    user_id: str = ""

    @property
    def whose(self) -> Whose:
        """The session and user, where they are named."""
        session_id = SessionId(self.session_id) if self.session_id else None
        return Whose(session_id, self.user_id or None)


async def read_run_input(store: Store, run_id: RunId) -> RunInput:
    """Read what a run was given; raises InputError where of its input only a preview is kept."""
    run = await store.get_run(run_id)
    if not run.input.restorable or run.input.size > _MOST_BYTES:
        raise InputError(f"of the input of run {run_id} only a preview can be shown")
    media = ((name, _places(run.media, made.kind)) for name, made in MEDIA_FIELDS.items())
    return RunInput(
        input=await read_value(store, run.input, limit=_MOST_BYTES),
        data=dict(run.additional_data or {}),
        media={name: places for name, places in media if places},
        session_id=run.session_id or "",
        user_id=run.user_id or "",
    )


def _places(media: Sequence[StoredMedium], kind: str) -> list[str]:
    places = [medium.url or medium.filepath for medium in media if medium.kind == kind]
    return [place for place in places if place is not None]
