"""Find the long forms of acronyms.

The method is that of Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text" (PSB 2003): a short form in parentheses whose letters occur, in
order, in the words before it. Added here: the inverted order, plurals, digits that stand for a
word, and a test that enough letters begin a word.
"""

import re
from collections.abc import Sequence

from kg.extract.state import Span

__all__ = ["find_abbreviations"]

_PARENTHESIS = re.compile(r"\s?[(\[]([^()\[\]]{2,90})[)\]]")
_SHORT = re.compile(r"[A-Za-z0-9][\w.+\-/&*^$'’]{0,13}(?: [A-Z][\w\-]{0,5})?")
_SPLIT = re.compile(r"[,;:=]|\b(?:e\.g|i\.e)\b")
_LAST_WORD = re.compile(r"(?<![\w-])([A-Za-z0-9][\w.+\-/]*)$")
_STARTS = re.compile(
    r"(?<![A-Za-z0-9])\w|[A-Z](?=[A-Za-z]*[a-z])|(?<=[a-z])[A-Z]|(?<=[A-Za-z])\d|(?<=\d)[A-Za-z]"
)
_OPENING = re.compile(
    r"[\"'“”‘’` ]*(?:(?:the|an?|short for|stands for|abbreviation (?:of|for))\s)?"
)
_STOP_WORD = re.compile(
    r"(?<!\w)(?:the|a|an|our|of|for|in|on|with|and|or|called|named|using|via|to|by|from)(?!\w)",
    re.IGNORECASE,
)


def find_abbreviations(text: str, sentences: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Return the (long form, short form) spans that the text defines, in order.

    >>> text = "Large language models (LLMs) fail on Big-Bench Hard (BBH) (see below)."
    >>> pairs = find_abbreviations(text, [(0, len(text))])
    >>> [(text[a:b], text[c:d]) for (a, b), (c, d) in pairs]
    [('Large language models', 'LLMs'), ('Big-Bench Hard', 'BBH')]
    """
    pairs = []
    for start, end in sentences:
        for found in _PARENTHESIS.finditer(text, start, end):
            pair = _straight(text, start, found) or _inverted(text, start, found)
            if pair is not None:
                pairs.append(pair)
    return pairs


def _straight(text: str, start: int, found: re.Match[str]) -> tuple[Span, Span] | None:
    head = _SPLIT.split(found.group(1))[0].strip().strip("\"'“”‘’`")
    if not _SHORT.fullmatch(head) or not _looks_short(head):
        return None
    at = text.index(head, found.start(1))
    long = _long_before(text, start, found.start(), head)
    return (long, (at, at + len(head))) if long else None


def _inverted(text: str, start: int, found: re.Match[str]) -> tuple[Span, Span] | None:
    inside = found.group(1)
    before = _LAST_WORD.search(text, start, found.start())
    if before is None or not _looks_short(before.group(1)):
        return None
    if " " not in inside.strip() and "-" not in inside:
        return None
    short = before.group(1)
    part = _SPLIT.split(inside)[0].rstrip()
    opening = _OPENING.match(part)
    skipped = opening.end() if opening else 0
    long = _align(part[skipped:], short, whole=True)
    if long is None:
        return None
    long += skipped
    begin = found.start(1)
    return (begin + long, begin + len(part)), before.span(1)


def _looks_short(short: str) -> bool:
    """Tell whether a string can be a short form: two capitals, or one and a digit or mixed case."""
    if not 2 <= len(short) <= 14 or short.isdigit():
        return False
    capitals = sum(c.isupper() for c in short)
    return (
        capitals >= 2
        or (capitals == 1 and any(c.isdigit() for c in short))
        or (capitals == 1 and short[0].islower())
    )


def _long_before(text: str, start: int, end: int, short: str) -> Span | None:
    n_words = min(len(short) + 5, 2 * len(short))
    words = list(re.finditer(r"\S+", text[start:end]))[-n_words:]
    if not words:
        return None
    begin = start + words[0].start()
    piece = text[begin:end].rstrip().rstrip("\"'“”‘’`")
    for form in _forms(short):
        at = _align(piece, form)
        if at is not None and len(piece) - at > len(short):
            return begin + at, begin + len(piece)
    return None


def _forms(short: str) -> list[str]:
    """Return what may have to match: as it is, without a plural s, without digits."""
    forms = [short]
    if short.endswith("s") and len(short) > 2:
        forms.append(short.removesuffix("s").rstrip("'’"))
    if any(c.isdigit() for c in short):
        forms += [re.sub(r"\d", "", form) for form in forms]
    return [form for form in forms if sum(c.isalpha() for c in form) >= 2]


def _align(long: str, short: str, *, whole: bool = False) -> int | None:
    """Return where the long form begins in `long`, if the letters of `short` occur in order.

    Letters are matched from the right, as in the paper, once only at beginnings of words, then,
    failing that, anywhere; at least half of them must begin a word. `whole`: it begins at once.
    """
    letters = [c.lower() for c in short if c.isalnum()]
    starts = {m.start() for m in _STARTS.finditer(long)}
    content = starts - {m.start() for m in _STOP_WORD.finditer(long)}
    for strict, allowed in ((True, content), (True, starts), (False, starts)):
        places = _match_back(long.lower(), letters, allowed, strict=strict)
        if not places:
            continue
        if whole and long[0].lower() == letters[0]:
            places[0] = 0
        if whole and places[0] != 0:
            continue
        first = places[0]
        if first > 0 and long[first - 1] not in " -–/\"'“‘`(":
            continue
        words = re.findall(r"[A-Za-z0-9]+", long[first:].lower())
        stop = _STOP_WORD.match(long, first)
        if (stop and long[stop.end() : stop.end() + 1] == " ") or len(words) > len(letters) + 4:
            continue
        if 2 * sum(p in starts for p in places) >= len(places):
            return first
    return None


def _match_back(long: str, letters: list[str], starts: set[int], *, strict: bool) -> list[int]:
    places: list[int] = []
    at = len(long) - 1
    for k in range(len(letters) - 1, -1, -1):
        need_start = strict or k == 0
        while at >= 0 and (long[at] != letters[k] or (need_start and at not in starts)):
            at -= 1
        if at < 0:
            return []
        places.append(at)
        at -= 1
    return places[::-1]
