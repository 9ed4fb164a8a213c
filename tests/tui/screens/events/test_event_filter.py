from tuiflow.tui.screens.events.event_filter import complete_word, parse_filter, without_last_word


def test_fields_and_free_words_are_told_apart():
    wanted = parse_filter('run:7f3a kind:StepError step:"load region" level:error no rate')

    assert wanted.run == "7f3a"
    assert wanted.kinds == {"StepError"}
    assert wanted.steps == ("load region",)
    assert wanted.levels == {"error", "critical"}
    assert wanted.text == "no rate"
    assert wanted.problems == ()


def test_a_kind_may_be_a_pattern_in_any_case():
    kinds = parse_filter("kind:loop*").kinds

    assert kinds is not None
    assert {"LoopExecutionStarted", "LoopIterationCompleted"} <= kinds


def test_a_bad_word_names_the_nearest_good_one_and_the_rest_holds():
    wanted = parse_filter("kin:StepLog run:7f3a level:eror")

    assert wanted.run == "7f3a"
    assert wanted.problems == (
        "no field 'kin': did you mean kind?",
        "nothing is called 'eror': did you mean error?",
    )


def test_half_a_word_and_an_open_quote_are_no_error():
    assert parse_filter("run:").problems == ()
    assert parse_filter('text:"no ra').text == "no ra"


def test_all_shows_the_kinds_that_are_skipped_too():
    wanted = parse_filter("kind:StepError :all")

    assert wanted.is_all
    assert wanted.kinds == {"StepError"}
    assert (wanted.text, wanted.problems) == ("", ())
    assert not parse_filter("kind:StepError").is_all


NOW = 1_787_500_931 * 1_000_000


def test_a_minus_leaves_out():
    wanted = parse_filter("kind:Step* -kind:StepLog -step:geo -text~EUR")

    assert wanted.kinds is not None
    assert "StepStarted" in wanted.kinds
    assert "StepLog" not in wanted.kinds
    assert (wanted.not_steps, wanted.not_texts) == (("geo",), ("EUR",))
    assert wanted.problems == ()


def test_a_tilde_matches_a_part():
    wanted = parse_filter("step~region text~'no rate'")

    assert wanted.steps == ("*region*",)
    assert wanted.text == "no rate"


def test_times_are_ago_of_today_or_a_date():
    assert parse_filter("since:10m", NOW).since == NOW - 600 * 1_000_000
    assert parse_filter("until:1.5h", NOW).until == NOW - 5400 * 1_000_000
    today, dated = parse_filter("since:0:00 until:2026-08-01", NOW), NOW - 30 * 86_400_000_000
    assert today.since is not None
    assert NOW - 86_400_000_000 <= today.since <= NOW
    assert today.until is not None
    assert today.until > dated


def test_a_time_before_all_time_is_its_beginning_and_one_in_no_calendar_is_none():
    assert parse_filter(f"since:{'9' * 400}d", NOW).since == 0
    assert "is no time" in parse_filter("since:0001-01-01", NOW).problems[0]


def test_a_time_that_is_none_is_said_and_underlined():
    wanted = parse_filter("since:soon kin:x", NOW)

    assert wanted.since is None
    assert "since: 'soon' is no time: 10m, 2h, 14:02 or 2026-08-23" in wanted.problems
    assert set(wanted.bad_words) == {"soon", "kin:x"}


def test_a_status_stands_for_its_kinds_and_failed_is_understood():
    assert parse_filter("status:failed").kinds == parse_filter("status:error").kinds
    assert "StepError" in (parse_filter("status:error").kinds or ())
    assert parse_filter("status:error kind:Step*").kinds == {"StepError"}


def test_what_cannot_be_left_out_is_said():
    assert parse_filter("-run:7f3a").problems == ("run cannot be left out with -",)


def test_the_last_word_is_taken_away_whole():
    assert without_last_word('run:7f3a text:"two words"') == "run:7f3a "


def test_a_word_that_has_begun_is_completed():
    assert complete_word("run:7f3a ki") == "run:7f3a kind:"
    assert complete_word("-kind:steplo") == "-kind:StepLog"
    assert complete_word("run:") is None


def test_a_worker_is_named_by_its_process_or_its_machine():
    asked = parse_filter("worker:8812 worker:build-*")

    assert asked.workers == ("8812", "build-*")
    assert parse_filter("worker~box").workers == ("*box*",)
    assert "cannot be left out" in parse_filter("-worker:1").problems[0]
