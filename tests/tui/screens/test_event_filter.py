from tuiflow.tui.screens.event_filter import parse_filter


def test_fields_and_free_words_are_told_apart():
    wanted = parse_filter('run:7f3a kind:StepError step:"load region" level:error no rate')

    assert wanted.run == "7f3a"
    assert wanted.kinds == {"StepError"}
    assert wanted.step == "load region"
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
