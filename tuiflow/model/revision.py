"""A revision: the sources a run's code came from, as a report carries them."""

import base64
import hashlib
from collections.abc import Mapping
from contextlib import suppress

from tuiflow.model.ids import Revision

_BASE64_MARK = "base64:"


def revision_of(hashes: Mapping[str, str]) -> Revision:
    """Name a set of sources by one hash over their paths and hashes."""
    lines = (f"{path}\0{digest}\n" for path, digest in sorted(hashes.items()))
    return Revision(hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest())


def encode_source(raw: bytes) -> str:
    """Write a file's bytes as text a report can carry."""
    with suppress(UnicodeDecodeError):
        text = raw.decode()
        if not text.startswith(_BASE64_MARK):
            return text
    return _BASE64_MARK + base64.b64encode(raw).decode()


def decode_source(text: str) -> bytes:
    """Give a file's bytes back; what `encode_source` has not written is taken as the text it is."""
    if text.startswith(_BASE64_MARK):
        with suppress(ValueError):
            return base64.b64decode(text.removeprefix(_BASE64_MARK), validate=True)
    return text.encode()
