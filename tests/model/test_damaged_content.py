from hashlib import sha256
from typing import Any

import pytest

from tuiflow.model.content import (
    NotRestorableError,
    StoredContent,
    decode_content,
    encode_content,
)


def test_a_blob_that_holds_something_else_is_not_taken_for_the_value():
    encoded = encode_content(["x" * 10_000])
    assert encoded.blob is not None

    for blob in (encoded.blob.replace(b"x", b"y"), b"", b"\xff", encoded.blob[:-1]):
        with pytest.raises(NotRestorableError, match="holds something else"):
            decode_content(encoded.stored, blob)


def test_what_no_writer_of_ours_has_nested_so_deeply_is_refused():
    deep = ("[" * 20_000 + "]" * 20_000).encode()
    tagged: Any = 1
    for _ in range(5000):
        tagged = [tagged]

    with pytest.raises(NotRestorableError, match="nested too deeply"):
        decode_content(StoredContent(blob=sha256(deep).hexdigest()), deep)
    with pytest.raises(NotRestorableError, match="nested too deeply"):
        decode_content(StoredContent(value=tagged))


def test_a_blob_that_is_no_json_says_so():
    blob = b"{"

    with pytest.raises(NotRestorableError, match="is no value"):
        decode_content(StoredContent(blob=sha256(blob).hexdigest()), blob)
