import pytest

from tuiflow.tui.format import ago, clock, duration, gap, local, size

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (0, "0 ms"),
        (213_400, "213 ms"),
        (42 * SECOND, "00:42"),
        (3730 * SECOND, "1:02:10"),
        (-5, "0 ms"),
    ],
)
def test_durations_are_short(us: int, words: str):
    assert duration(us) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1200, "1.2 KB"),
        (214_000_000, "214 MB"),
        (3 * 10**15, "3000 TB"),
    ],
)
def test_sizes_have_a_unit(count: int, words: str):
    assert size(count) == words


def test_times_of_day_have_milliseconds():
    assert clock(1_764_000_000_123_456).endswith(".123")


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (502_000, "+0.502"),
        (999_999_000, "+999.999"),
        (1_062 * SECOND, "+17:42"),
        (-36_000 * SECOND, "-10:00:00"),
        (100 * 86_400 * SECOND, "+100 days"),
    ],
)
def test_a_gap_fits_its_column_however_long_it_is(us: int, words: str):
    assert gap(us) == words
    assert len(words) <= 9


def test_moments_far_back_have_their_date():
    now = 1_764_000_000 * SECOND

    assert ago(now, now) == local(now).strftime("%H:%M")
    assert ago(now - 86_400 * SECOND, now).startswith("yesterday ")
    assert ago(now - 40 * 86_400 * SECOND, now).startswith(
        local(now - 40 * 86_400 * SECOND).strftime("%d %b")
    )
    assert ago(now - 400 * 86_400 * SECOND, now).endswith("2024")
