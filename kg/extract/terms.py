"""Find the field's terms: noun phrases whose head noun and modifiers a lexicon knows.

The lexicon (`data/terms.json`, learnt by `scripts/learn_rules.py`) holds ordinary words of the
field, no names: which nouns end a term ("learning", "detection"), of which type, which words may
stand before them inside it, and what a given pair of last words is ("neural network" is a Model).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kg.extract.state import Mention

__all__ = ["Lexicon", "candidates", "find_terms", "fold_word", "load_lexicon", "words_of"]

MAX_WORDS = 5
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'’./+][A-Za-z0-9]+)*")
_PLAIN = re.compile(r"[A-Za-z][a-z]+(?:-[A-Za-z]?[a-z]+)*")
_PLURAL_KEPT = ("ss", "us", "is", "ics", "ous", "series", "bias", "atlas", "lens", "loss")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of ordinary words.

    `heads` maps a key to (type, precision); keys are the last words of a term, singular: one word
    ("1 learning" alone, "+ learning" with unknown modifiers), two ("neural network") or the whole.
    """

    heads: Mapping[str, tuple[str, float]]
    modifiers: frozenset[str]


@cache
def load_lexicon() -> Lexicon:
    """Read the lexicon of the package."""
    data = json.loads((files("kg.extract") / "data" / "terms.json").read_text(encoding="utf-8"))
    heads = {key: (kind, precision) for key, (kind, precision) in data["heads"].items()}
    return Lexicon(heads, frozenset(data["modifiers"]))


def words_of(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, lower-case form) of every word."""
    return [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(text)]


def fold_word(word: str) -> str:
    """Take the plural s off a lower-case word."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(_PLURAL_KEPT):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def candidates(text: str, modifiers: frozenset[str]) -> Iterator[list[tuple[int, int, str]]]:
    """Yield the phrases that may be terms: an ordinary word and the modifiers before it."""
    words = words_of(text)
    for k, word in enumerate(words):
        if not _PLAIN.fullmatch(text, word[0], word[1]):
            continue
        first = k
        while first > 0 and k - first < MAX_WORDS - 1:
            before = words[first - 1]
            gap = text[before[1] : words[first][0]]
            if gap not in {" ", "\n"} or before[2] not in modifiers:
                break
            first -= 1
        yield words[first : k + 1]


def find_terms(text: str, lexicon: Lexicon, minimum: float) -> list[Mention]:
    """Return the terms whose key is known with at least the precision `minimum`."""
    found = []
    for phrase in candidates(text, lexicon.modifiers):
        for k in range(len(phrase)):
            known = _look_up(phrase[k:], lexicon, whole=k == 0)
            if known is not None and known[1] >= minimum:
                kind, precision = known
                span = phrase[k][0], phrase[-1][1]
                found.append(
                    Mention(
                        start=span[0], end=span[1], type=kind, source="term", confidence=precision
                    )
                )
                break
    return found


def _look_up(
    phrase: list[tuple[int, int, str]], lexicon: Lexicon, *, whole: bool
) -> tuple[str, float] | None:
    for key in keys_of([word for _, _, word in phrase], whole=whole):
        if key in lexicon.heads:
            return lexicon.heads[key]
    return None


def keys_of(words: list[str], *, whole: bool = True) -> list[str]:
    """Return the keys under which a term may be known, the most telling first.

    Only the whole phrase (not a part of a longer one) may be known by its last words alone.
    """
    last = fold_word(words[-1])
    keys = ["= " + " ".join([*words[:-1], last])]
    if whole and len(words) > 1:
        keys += [f"{words[-2]} {last}", f"+ {last}"]
    return keys
