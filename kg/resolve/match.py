"""Typing errors: the one fuzzy rule, on words in blocks, and never against a guard.

A rare word is a typing error of a common one if a single letter differs inside it. Words, not
names, are compared, since there are far fewer; a block is what is left of a word when one letter
is gone, so two words meet only if they are that near (Garbe's symmetric deletion).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

__all__ = ["WordBlocks", "count_words", "typing_errors", "word_blocks"]

WordBlocks = Mapping[str, Sequence[str]]

_MIN_LENGTH = 8
_MAX_RARE = 3
_MIN_TIMES = 10
_SAME_END = 2
_VOWELS = frozenset("aeiouy")


def count_words(names: Iterable[tuple[tuple[str, ...], int]]) -> Counter[str]:
    """Count the words of names (words, occurrences) in which a typing error can be told."""
    counts: Counter[str] = Counter()
    for words, occurrences in names:
        if len(words) > 1:
            for word in words:
                if len(word) >= _MIN_LENGTH and word.isalpha():
                    counts[word] += occurrences
    return counts


def typing_errors(counts: Mapping[str, int], known: WordBlocks) -> dict[str, str]:
    """Return the rare words that are one letter off a common one, each with the latter.

    A word is common if it is `known`, or ten times as frequent as the rare one, which is not known.

    >>> counts = {"adversarial": 40, "adverserial": 1, "reinforcment": 1, "perceptron": 1}
    >>> typing_errors(counts, word_blocks(["perception", "reinforcement"]))
    {'adverserial': 'adversarial', 'reinforcment': 'reinforcement'}
    """
    frequent = word_blocks(word for word, count in counts.items() if count >= _MIN_TIMES)
    found: dict[str, str] = {}
    for word in sorted(counts):
        if counts[word] > _MAX_RARE or word in known.get(word, ()):
            continue
        known_words = _near(word, known)
        often = [o for o in _near(word, frequent) if counts[o] >= _MIN_TIMES * counts[word]]
        if known_words or often:
            found[word] = min(known_words or often, key=lambda o: (-counts.get(o, 0), o))
    return found


def word_blocks(words: Iterable[str]) -> WordBlocks:
    """Return the long words by what is left of each when one letter is gone."""
    blocks: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) >= _MIN_LENGTH and word.isalpha():
            for key in set(_keys(word)):
                blocks.setdefault(key, []).append(word)
    return blocks


def _near(word: str, blocks: WordBlocks) -> set[str]:
    """Return the words of the blocks that are one letter off, first and last letters the same."""
    near = {other for key in _keys(word) for other in blocks.get(key, ())}
    return {
        other
        for other in near
        if other[0] == word[0]
        and other[-_SAME_END:] == word[-_SAME_END:]
        and OSA.distance(word, other, score_cutoff=1) == 1
        and _is_slip(word, other)
    }


def _is_slip(word: str, other: str) -> bool:
    """Tell a slip from another word: "contractive" is not "contrastive".

    A letter too many, too few or in the wrong place is a slip; another letter only if both are
    vowels.
    """
    swapped = [(a, b) for a, b in zip(word, other, strict=False) if a != b]
    return len(word) != len(other) or len(swapped) != 1 or set(swapped[0]) <= _VOWELS


def _keys(word: str) -> Iterator[str]:
    yield word
    for index in range(1, len(word)):
        yield word[:index] + word[index + 1 :]
