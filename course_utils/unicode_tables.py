"""Character categories as BERT's fast tokenizer knows them.

The library's Rust code takes its categories from a table of about Unicode 8 (2015);
Python brings Unicode 13 (3.10) to 15.1 (3.13). The ranges below hold every mark,
format character and punctuation character that came later, up to Unicode 17, and none
that the library knows. They were found by asking the library about every code point;
`tests/test_wordpiece.py` asks again.
"""

import unicodedata
from bisect import bisect_right
from functools import lru_cache

UNKNOWN_TO_THE_LIBRARY = """
    5C8-5C9 61D 7FD 890-8E2 9FD-9FE A76 AFA-AFF B53-B55 C04-C3C C77 C84 D00 D3B-D3C D81
    EBA ECE 180F-1886 1ABF-1AF0 1B4E-1B4F 1B7D-1B7F 1DF6-1DFB 2E43-2E63 A82C A8C5 A8FF
    A9BD 10D24-10F89 11070-11074 110C2-110CD 111CF 1123E-11241 1133B 113BB-1145E
    11660-1166C 116B9 1182F-11FFF 12FF1-1612F 16D6D-16F4F 16FE2-16FE4 1CF00-1D128
    1D25B-1D25C 1E000-1E6F5 1E944-1E95F
"""
CHANGED_SINCE = {0x166D: "Po", 0x1734: "Mn", 0x1171E: "Mn", 0x111C9: "Po"}

_RANGES = [
    (int(first, 16), int(last or first, 16))
    for first, _, last in (r.partition("-") for r in UNKNOWN_TO_THE_LIBRARY.split())
]
_STARTS = [first for first, _ in _RANGES]


@lru_cache(maxsize=2**14)
def library_category(character):
    """Return the category of one character, such as "Lu" or "Mn", as of Unicode 8.

    "Cn" (not assigned) for the marks, format characters and punctuation that came
    later. For letters, digits and symbols it is Python's, which matters to no-one here.
    Raises TypeError for anything but one character.
    """
    if not isinstance(character, str) or len(character) != 1:
        raise TypeError(
            f"character is {character!r}, expected one character (str of length 1): "
            "for a text call it for each, [library_category(c) for c in text]"
        )
    code = ord(character)
    if code in CHANGED_SINCE:
        return CHANGED_SINCE[code]
    at = bisect_right(_STARTS, code) - 1
    if at >= 0 and code <= _RANGES[at][1]:
        return "Cn"
    return unicodedata.category(character)
