"""The command line that does what a form does, quoted for a shell."""

import shlex
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tuiflow.model.ids import NodePath, RunId
from tuiflow.service.input_fields import Schema
from tuiflow.service.run_input import RunInput
from tuiflow.service.typed_input import data_words, harmless_json, input_words

_MOST_WORDS = 100_000  # characters; Linux takes 128 KiB in one word
_MEDIA = {"images": "--image", "videos": "--video", "audio": "--audio", "files": "--file"}


def run_command(
    key: str, schema: Schema | None, given: RunInput, options: Sequence[str] = ()
) -> str:
    """Write the `tuiflow run` that starts the same run; a very long input goes through stdin."""
    more = [*options, *_more(given)]
    return _command(["run", key], input_words(given.input, schema), given.input, more)


def rerun_command(
    run_id: RunId, path: NodePath | None, given: JsonValue, options: Sequence[str] = ()
) -> str:
    """Write the `tuiflow rerun` that starts the same run."""
    start = [f"--from={path}"] if path else []
    begun = ["rerun", run_id, *start]
    return _command(begun, [f"--input={harmless_json(given)}"], given, options)


def _command(
    begun: Sequence[str], words: Sequence[str], given: JsonValue, more: Sequence[str]
) -> str:
    if max(map(len, words), default=0) < _MOST_WORDS:
        return shlex.join(["tuiflow", *begun, *words, *more])
    line = shlex.join(["tuiflow", *begun, "--input=-", *more])
    return f"{line} <<'END'\n{harmless_json(given)}\nEND"


def _more(given: RunInput) -> list[str]:
    session = [f"--session={given.session_id}"] if given.session_id else []
    user = [f"--user={given.user_id}"] if given.user_id else []
    media = [f"{_MEDIA[name]}={place}" for name, some in _texts(given.media) for place in some]
    # Behind the pairs, since it takes all the words that follow.
    data = data_words(given.data)
    return [*session, *user, *media, *(["--data", *data] if data else [])]


def _texts(media: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
    return [(name, [text for text in some if text]) for name, some in media.items()]
