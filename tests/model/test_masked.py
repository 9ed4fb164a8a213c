from dataclasses import dataclass

import pytest
from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from tuiflow.model.content import NotRestorableError, decode_content, encode_content, encode_value


class Login(BaseModel):
    name: str
    password: SecretStr


@dataclass
class Account:
    login: Login


SECRET = "hunter22"
LOGIN = Login(name="ann", password=SecretStr(SECRET))


@pytest.mark.parametrize(
    "value",
    [
        SecretStr(SECRET),
        SecretBytes(SECRET.encode()),
        Secret[str](SECRET),
        LOGIN,
        [{"deep": (LOGIN,)}],
        Account(LOGIN),
    ],
)
def test_a_value_with_a_secret_is_stored_masked_and_cannot_be_read_back(value: object):
    encoded = encode_content(value)

    assert SECRET not in encoded.stored.model_dump_json()
    assert encoded.blob is None
    assert "*****" in encoded.stored.preview
    with pytest.raises(NotRestorableError, match="only a preview"):
        decode_content(encoded.stored)
    with pytest.raises(TypeError):
        encode_value(value)


def test_stars_that_are_no_secret_are_kept_as_they_are():
    stored = encode_content(["**********"]).stored

    assert decode_content(stored) == ["**********"]
