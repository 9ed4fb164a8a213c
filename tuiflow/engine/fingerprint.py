"""Tells whether a function does what it did: a hash of its code, and of what it uses beside it.

That is the functions and plain values of its own module that it names. What it imports is not
looked into: those files are part of the revision.
"""

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any, cast
from weakref import WeakKeyDictionary

_LENGTH = 12  # hex digits
_MOST_ITEMS = 1000  # of one collection
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_DEEPEST = 6  # collections in each other
_PLAIN = (str, bytes, int, float, complex, bool, type(None), type(...))
_COLLECTIONS = (tuple, list, set, frozenset, dict)
_known: WeakKeyDictionary[FunctionType, str] = WeakKeyDictionary()
"""What a function is, without what is bound to it."""
_said: WeakKeyDictionary[FunctionType, str] = WeakKeyDictionary()


def fingerprint(called: object) -> str:
    """Hash what is called; empty where it is not Python code. Comments and layout do not count."""
    if type(called) is not FunctionType:
        return _look_at(called)
    if called not in _said:
        _said[called] = _look_at(called)
    return _said[called]


def _look_at(called: object) -> str:
    try:
        function = _function_of(called)
        if function is None:
            return ""
        # Once: what a run does to its module's values is no change of the code.
        if function not in _known:
            _known[function] = _hash(_parts(function, set()))
        return f"{_PYTHON}:{_hash([_known[function], *_bound(called)])}"
    except Exception:  # noqa: BLE001 - an author's objects may answer questions with anything
        return ""


def has_changed(before: str, now: str) -> bool:
    """Compare two fingerprints; those of different Pythons say nothing about the code."""
    is_known = before and now and before.partition(":")[0] == now.partition(":")[0]
    return bool(is_known) and before != now


def _hash(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:_LENGTH]


def _function_of(called: object) -> FunctionType | None:
    while isinstance(called, partial):
        called = cast("partial[object]", called).func
    if isinstance(called, MethodType):
        called = called.__func__
    if not inspect.isroutine(called):
        called = getattr(type(called), "__call__", None)  # noqa: B004 - its code is asked for
    called = inspect.unwrap(cast("Callable[..., Any]", called)) if called else called
    return called if isinstance(called, FunctionType) else None


def _bound(called: object) -> Iterator[str]:
    while isinstance(called, partial):
        whole = cast("partial[object]", called)
        yield from map(_plain, (*whole.args, *whole.keywords.items()))
        called = whole.func


def _parts(function: FunctionType, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _code_parts(function.__code__)
    yield from map(_plain, (function.__defaults__, function.__kwdefaults__))
    values = dict(zip(function.__code__.co_freevars, _cells(function), strict=True))
    used, known = set(_names(function.__code__)), function.__globals__
    values |= {name: known[name] for name in used if name in known}
    for name in sorted(values):
        yield name
        yield from _value_parts(values[name], function, seen)


def _cells(function: FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            yield None  # not bound yet


def _value_parts(value: object, by: FunctionType, seen: set[int]) -> Iterator[str]:
    if isinstance(value, type) and value.__module__ == by.__module__:
        yield from _class_parts(value, by, seen)
        return
    inner: object = value
    if isinstance(value, staticmethod | classmethod):
        inner = cast("staticmethod[..., object]", value).__func__
    inner = _function_of(inner) if inspect.isroutine(inner) else inner
    if isinstance(inner, FunctionType) and inner.__module__ == by.__module__:
        yield from _parts(inner, seen)
    elif not inspect.ismodule(inner):
        yield _plain(inner)


def _class_parts(owner: type, by: FunctionType, seen: set[int]) -> Iterator[str]:
    if id(owner) in seen:
        return
    seen.add(id(owner))
    members = dict(vars(owner))
    annotate = members.pop("__annotate_func__", None)
    if isinstance(annotate, FunctionType):
        # Python 3.14 writes them when they are asked for. What it closes over is the class with
        # the number of its line.
        yield from _code_parts(annotate.__code__)
    for name in sorted(members):
        if inspect.isroutine(members[name]) or not name.startswith("_"):
            yield name
            yield from _value_parts(members[name], by, seen)
    annotations: dict[str, object] = members.get("__annotations__", {})
    yield from (f"{name}: {_type_name(kind)}" for name, kind in annotations.items())


def _type_name(kind: object) -> str:
    text = str(kind)
    return "" if " at 0x" in text else text


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _names(const)


def _code_parts(code: CodeType) -> Iterator[str]:
    taken = code.co_argcount + code.co_kwonlyargcount
    yield f"{code.co_code!r} {code.co_names} {code.co_varnames[:taken]} {code.co_flags}"
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _code_parts(const)
        else:
            yield _plain(const)


def _plain(value: object, depth: int = 0) -> str:
    """Write a value the same way in every process; of others only their type."""
    if type(value) in _PLAIN:
        return repr(value)
    if type(value) in _COLLECTIONS and depth < _DEEPEST:
        return _collection(value, depth + 1)
    return type(value).__qualname__


def _collection(value: Any, depth: int) -> str:
    name = type(value).__name__
    if len(value) > _MOST_ITEMS:
        return f"{name} of {len(value)}"
    is_dict = isinstance(value, dict)
    items: list[object] = list(cast("dict[object, object]", value).items() if is_dict else value)
    written = [_plain(item, depth) for item in items]
    has_order = not isinstance(value, set | frozenset)
    return f"{name}({', '.join(written if has_order else sorted(written))})"
