"""What a step's author allows it: tries, seconds, and the text it lets out as it goes."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeGuard, cast

from tuiflow.errors import DefinitionError, StepTimeoutError

Errors = tuple[type[BaseException], ...]


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a step is tried in all, and how long it waits between two attempts.

    The wait is `delay` seconds, `backoff` times longer after each attempt, at most `max_delay`;
    `jitter` is the share by which it is made longer or shorter by chance.
    """

    attempts: int
    delay: float = 0.0
    backoff: float = 2.0
    max_delay: float = 60.0
    jitter: float = 0.1
    on: type[BaseException] | Sequence[type[BaseException]] = Exception
    """What is tried again; anything else fails at once. A timeout counts as a TimeoutError."""
    _errors: Errors = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_number("attempts", self.attempts, least=1, whole=True)
        _check_number("delay", self.delay, least=0)
        _check_number("backoff", self.backoff, least=1)
        _check_number("max_delay", self.max_delay, least=0)
        _check_number("jitter", self.jitter, least=0, most=1)
        object.__setattr__(self, "_errors", _error_types(self.on))

    def wait_after(self, attempt: int, error: BaseException) -> float | None:
        """Say how many seconds to wait before the next attempt; None where there is none."""
        if attempt >= self.attempts or not self.covers(error):
            return None
        try:
            seconds = self.delay * self.backoff ** (attempt - 1)
        except OverflowError:
            seconds = self.max_delay if self.delay else 0.0
        # Chance keeps branches that failed together from coming back together.
        share = 1 + random.uniform(-self.jitter, self.jitter)
        return min(min(seconds, self.max_delay) * share, self.max_delay)

    def covers(self, error: BaseException) -> bool:
        """Say whether such an error is tried again; a group is when all in it are."""
        if isinstance(error, BaseExceptionGroup):
            group = cast("BaseExceptionGroup[BaseException]", error)
            return all(self.covers(member) for member in group.exceptions)
        if isinstance(error, StepTimeoutError):
            return issubclass(TimeoutError, self._errors) or isinstance(error, self._errors)
        return isinstance(error, self._errors)


@dataclass(frozen=True, slots=True)
class Policy:
    """How one node is tried, timed and named, besides what its kind does."""

    retry: Retry | None = None
    timeout: float | None = None
    """Seconds for one attempt, from the moment its own code begins."""
    step_id: str | None = None
    is_live: bool = True
    """Whether text a generator yields is shown as it comes, or only once it is all there."""
    adds_history: bool | None = None
    """Whether it is given the runs before this one; None leaves it to the workflow."""
    history_runs: int | None = None


PLAIN = Policy()


def read_policy(  # noqa: PLR0913 - a step's options, all of them by keyword
    owner: str,
    *,
    retry: object,
    max_retries: object,
    timeout: float | None,
    step_id: str | None,
    live: bool,
    adds_history: bool | None,
    history_runs: int | None,
) -> Policy:
    """Check a step's options; raises DefinitionError with what to write instead."""
    if step_id is not None and not isinstance(cast("object", step_id), str):
        raise DefinitionError(owner, f"step_id= takes text, not {type(step_id).__name__}")
    return Policy(
        _read_retry(owner, retry, max_retries),
        _read_seconds(owner, timeout),
        step_id,
        live,
        adds_history,
        None if history_runs is None else check_history_runs(owner, history_runs),
    )


def check_history_runs(owner: str, number: object) -> int:
    """Refuse a number of runs that is none."""
    if isinstance(number, int) and not isinstance(number, bool) and number >= 1:
        return number
    raise DefinitionError(owner, f"num_history_runs={number!r}: it is a whole number from 1 up")


def _read_retry(owner: str, retry: object, max_retries: object) -> Retry | None:
    if retry is not None:
        if max_retries:
            raise DefinitionError(owner, "has both retry= and max_retries=: keep one")
        if not isinstance(retry, Retry):
            problem = f"retry= takes Retry(attempts=3), not {type(retry).__name__}"
            raise DefinitionError(owner, problem)
        return retry
    if not isinstance(max_retries, int) or isinstance(max_retries, bool) or max_retries < 0:
        raise DefinitionError(owner, f"max_retries={max_retries!r}: it is a number from 0 up")
    return Retry(attempts=max_retries + 1) if max_retries else None


def _read_seconds(owner: str, timeout: object) -> float | None:
    if timeout is None:
        return None
    if not _is_number(timeout) or not 0 < timeout < math.inf:
        problem = f"timeout={timeout!r}: it is a number of seconds above 0, or left out for none"
        raise DefinitionError(owner, problem)
    return float(timeout)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_number(
    name: str, value: object, *, least: float, most: float = math.inf, whole: bool = False
) -> None:
    is_fit = _is_number(value) and least <= value <= most and math.isfinite(value)
    if is_fit and (not whole or isinstance(value, int)):
        return
    kind = "a whole number" if whole else "a number"
    bounds = f"from {least} to {most}" if most < math.inf else f"from {least} up"
    raise DefinitionError("Retry", f"{name}={value!r}: it is {kind} {bounds}")


def _error_types(on: object) -> Errors:
    listed = tuple(cast("Sequence[object]", on)) if isinstance(on, list | tuple) else (on,)
    if listed and all(
        isinstance(each, type) and issubclass(each, BaseException) for each in listed
    ):
        return cast("Errors", listed)
    raise DefinitionError("Retry", f"on={on!r}: it is an exception class or several of them")
