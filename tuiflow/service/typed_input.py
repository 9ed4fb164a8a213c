"""What a run is given, from what was typed: checked and typed by the workflow's JSON Schema.

What is missing or does not fit is for the service and the worker's real model to say.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from tuiflow.errors import InputError
from tuiflow.model.safe_text import safe_text
from tuiflow.service.input_fields import FormField, form_fields, has_fields, input_form
from tuiflow.service.input_values import (
    FieldError,
    json_or_text,
    read_field,
    reads_as,
    value_text,
)

Schema = Mapping[str, JsonValue]

STDIN = "-"
_PAIR = re.compile(r"([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)
_NULL = frozenset({"null", "none"})


def read_input(
    words: Sequence[str], given: str | None, schema: Schema | None, *, piped: str = ""
) -> JsonValue:
    """Make the input of MESSAGE, key=value pairs or `--input`; InputError names the field.

    `piped` is what stands for `-`.
    """
    if words and given is not None:
        raise InputError("a run has one input: give --input, or text and key=value, not both")
    if given is not None:
        return _read_json(given, piped)
    pairs = [match for word in words if (match := _PAIR.fullmatch(word))]
    if len(pairs) == len(words):
        return _from_pairs([(pair[1], pair[2]) for pair in pairs], schema)
    if len(words) > 1:
        stray = next(word for word in words if not _PAIR.fullmatch(word))
        raise InputError(f"{stray!r} is not key=value, and a text with spaces needs quotes")
    return _from_message(words[0], schema, piped)


def read_data(words: Sequence[str]) -> dict[str, JsonValue] | None:
    """Make the additional data of key=value pairs, JSON where it reads as JSON, and of objects."""
    data: dict[str, JsonValue] = {}
    for word in words:
        pair = _PAIR.fullmatch(word)
        if pair is not None:
            data[pair[1]] = json_or_text(pair[2])
        elif isinstance(some := json_or_text(word), dict):
            data |= some
        else:
            raise InputError(f"--data {word!r} is not key=value")
    return data or None


def data_words(data: Mapping[str, JsonValue]) -> list[str]:
    """Write additional data as the words that `read_data` reads as the same."""
    return [_data_word(name, value) for name, value in data.items()]


def _data_word(name: str, value: JsonValue) -> str:
    as_json = json.dumps(value)
    for written in (value, as_json):
        word = f"{name}={written}"
        if isinstance(written, str) and _is_plain(word) and _reads_as(word, name, as_json):
            return word
    return json.dumps({name: value})


def _reads_as(word: str, name: str, as_json: str) -> bool:
    pair = _PAIR.fullmatch(word)
    return bool(pair and pair[1] == name and json.dumps(json_or_text(pair[2])) == as_json)


def input_words(given: JsonValue, schema: Schema | None) -> list[str]:
    """Write an input as the words of `tuiflow run` that are read as the same."""
    as_json = json.dumps(given)
    for words in _ways(given, schema):
        try:
            is_same = json.dumps(read_input(words, None, schema)) == as_json
        except InputError:
            continue
        # What a terminal would not take as it is goes as JSON, which can spell it.
        if is_same and STDIN not in words and all(_is_plain(word) for word in words):
            return words
    return [f"--input={harmless_json(given)}"]


def harmless_json(value: object) -> str:
    """Write JSON in one line, with nothing in it that a terminal would not take as it is."""
    text = json.dumps(value, ensure_ascii=False)
    return text if safe_text(text) == text else json.dumps(value)


def _ways(given: JsonValue, schema: Schema | None) -> Iterator[list[str]]:
    if given is None:
        yield []
    elif isinstance(given, dict):
        fields = {field.name: field for field in form_fields(schema)} if schema else {}
        yield [f"{name}={_word(fields.get(name), value)}" for name, value in given.items()]
    else:
        field = None if schema is None else input_form(schema).fields[0]
        yield [_word(field, given)]


def _word(field: FormField | None, value: JsonValue) -> str:
    if field is None:
        text = value if isinstance(value, str) else json.dumps(value)
        return text if json.dumps(json_or_text(text)) == json.dumps(value) else json.dumps(value)
    if value is None:
        return "null"
    text = value_text(field, value)
    return text if reads_as(field, text, value) else json.dumps(value)


def _is_plain(word: str) -> bool:
    return safe_text(word) == word and not word.startswith("-")


def _from_pairs(pairs: Sequence[tuple[str, str]], schema: Schema | None) -> JsonValue:
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{twice} is given twice")
    if schema is None:
        return {name: json_or_text(text) for name, text in pairs} or None
    if has_fields(schema):
        return {name: _typed(name, text, schema) for name, text in pairs}
    if pairs:
        raise InputError("this workflow's input has no fields: give one text, or --input JSON")
    return None


def _from_message(message: str, schema: Schema | None, piped: str) -> JsonValue:
    if schema is not None and has_fields(schema):
        fields = " ".join(f"{field.name}=…" for field in form_fields(schema))
        raise InputError(f"this workflow's input has fields: give {fields} instead of one text")
    text = piped if message == STDIN else message
    if schema is None:
        return text
    return _read(input_form(schema).fields[0], text)


def _typed(name: str, text: str, schema: Schema) -> JsonValue:
    fields = {field.name: field for field in form_fields(schema)}
    if name not in fields and schema.get("additionalProperties"):
        return json_or_text(text)
    if name not in fields:
        known = ", ".join(fields) or "none"
        raise InputError(f"the input has no field {name!r}; its fields: {known}")
    field = fields[name]
    if field.is_nullable and text.lower() in _NULL:
        return None
    return _read(field, text)


def _read(field: FormField, text: str) -> JsonValue:
    try:
        return read_field(field, text)
    except FieldError as error:
        raise InputError(f"{field.name}: {error}, not {text!r}") from error


def _read_json(given: str, piped: str) -> JsonValue:
    source, text = "--input", given
    if given == STDIN:
        source, text = "stdin", piped
    elif given.startswith("@"):
        source, text = given[1:], _read_file(given[1:])
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{source} is not JSON: {error.msg} at {where}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is not JSON: {error}") from error


def _refuse_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is not a JSON value")


def _read_file(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"--input @{name}: this is not UTF-8 text") from error
    except OSError as error:
        raise InputError(f"--input @{name}: {error.strerror}") from error
