"""What a person typed for a run's media, made media: a URL where it looks like one, else a path."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tuiflow.model.media import MEDIA_FIELDS, Medium

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|data:")


def typed_media(typed: Mapping[str, Iterable[str]]) -> list[Medium]:
    """Make them of what stands under `images`, `videos`, `audio`, `files`; raises MediaError.

    Paths are taken from where the command or the screen was started; `~` is the home folder.
    """
    return [
        _medium(kind, text.strip())
        for name, kind in MEDIA_FIELDS.items()
        for text in typed.get(name, ())
        if text.strip()
    ]


def _medium(kind: type[Medium], text: str) -> Medium:
    if _URL.match(text):
        return kind(url=text)
    is_home = text == "~" or text.startswith("~/")
    return kind(filepath=Path(os.path.expanduser(text) if is_home else text).absolute())
