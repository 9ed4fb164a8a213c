"""Makes text from workflows harmless for a terminal: the one border between stored and shown."""

import re

LONGEST_SEQUENCE = 4096  # characters an unterminated string sequence may swallow
TAB = "    "

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Zero-width characters and separators that hide or move text; joiners stay, emoji need them.
_HIDDEN = "\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\u2028\u2029\u180e\u00ad"
_SUSPECT = re.compile(
    f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_BIDI}{_HIDDEN}\ud800-\udfff\U000e0000-\U000e007f]"
)
_STRING_BODY = f"[^\x07\x1b\x9c\x18\x1a]{{0,{LONGEST_SEQUENCE}}}"
_SEQUENCES = re.compile(
    # CSI: parameters, intermediates, one final byte; cut short, what is there of it.
    "(?:\x1b\\[|\x9b)[\x30-\x3f]{0,256}[\x20-\x2f]{0,64}[\x40-\x7e]?"
    # OSC, DCS, SOS, PM, APC: up to BEL or ST, or, unterminated, a bounded stretch.
    f"|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f]){_STRING_BODY}(?:\x07|\x1b\\\\|\x9c|\x18|\x1a)?"
    # Escapes of two or three characters: resets, character sets, keypad modes.
    "|\x1b[\x20-\x2f]{1,8}[\x30-\x7e]?|\x1b[\x30-\x4f\x51-\x57\x59\x5a\x5c\x60-\x7e]"
)
_PICTURES = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "␡",
    **dict.fromkeys(range(128, 160), "�"),
    ord("\t"): TAB,
    ord("\n"): "\n",
}


def safe_text(text: str) -> str:
    """Drop terminal sequences and show every other control; newlines stay, tabs become spaces."""
    if _SUSPECT.search(text) is None:
        return text
    text = text.replace("\r\n", "\n")
    if "\x1b" in text or _has_c1(text):
        text = _SEQUENCES.sub("", text)
    return _SUSPECT.sub(_picture, text)


def _has_c1(text: str) -> bool:
    return not text.isascii() and any(char in text for char in "\x9b\x9d\x90\x98\x9e\x9f")


def _picture(match: re.Match[str]) -> str:
    char = match[0]
    return _PICTURES.get(ord(char)) or f"‹{ord(char):04x}›"
