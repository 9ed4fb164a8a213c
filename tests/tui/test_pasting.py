from textual.events import Key, Paste

from tuiflow.tui.pasting import PastingParser

HOSTILE = "a\x1b[31mred\x1b[0m\x1b]52;c;eA==\x07\x19\x0e\x1b\r\x1b[A\x1b[200~\x1bOS\n\x1b[20"
SENT = f"j\x1b[200~{HOSTILE}\x1b[201~k\x1b[A\x1b[200~\x1b[201~"


def read(*parts: str) -> list[tuple[str, str]]:
    parser = PastingParser()
    said: list[tuple[str, str]] = []
    for part in parts:
        for event in parser.feed(part):
            assert isinstance(event, Key | Paste)
            said.append(("key", event.key) if isinstance(event, Key) else ("paste", event.text))
    return said


def test_a_paste_is_one_text_whatever_stands_in_it_and_in_however_many_parts_it_comes():
    said = [("key", "j"), ("paste", HOSTILE), ("key", "k"), ("key", "up"), ("paste", "")]

    assert read(SENT) == said
    for cut in range(1, len(SENT)):
        assert read(SENT[:cut], SENT[cut:]) == said
    assert read(*SENT) == said
