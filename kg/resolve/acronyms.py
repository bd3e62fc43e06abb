"""Whether a short form can stand for a long form.

`spells` is the strict test, for two names of which no paper says that they are one: each content
word gives its initial and nothing is left over. `may_abbreviate` is the loose one of Schwartz and
Hearst (2003, section 3: the letters of the short form occur in order, the first one begins the
long form), for two names that a paper itself puts together.
"""

from functools import lru_cache

from rapidfuzz import fuzz

from kg.resolve.guards import conflict
from kg.resolve.normalise import key_numbers, name_key, name_words, raw_words

__all__ = ["content_words", "is_short", "may_abbreviate", "same_wording", "spells"]

_STOP_WORDS = frozenset(
    (
        *("of", "and", "the", "for", "with", "to", "in", "on", "from", "a", "an", "via", "by"),
        *("as", "at", "or", "using"),
    )
)
_TRAILING = frozenset(
    ("model", "dataset", "benchmark", "suite", "corpus", "problem", "task", "framework")
)
_EMPTY_WORDS = _TRAILING | frozenset(
    ("network", "neural", "recurrent", "method", "algorithm", "approach", "architecture", "system")
)
_MAX_SHORT = 12
_MIN_ALIKE = 0.85


def is_short(name: str) -> bool:
    """Tell whether a name has the shape of an acronym: one word, at least two capitals.

    >>> [is_short(n) for n in ("RL", "CoT", "mAP", "ConvNets", "Orca", "PPO+", "big bench")]
    [True, True, True, True, False, True, False]
    """
    if not 2 <= len(name) <= _MAX_SHORT or any(c.isspace() for c in name):
        return False
    capitals = sum(c.isupper() for c in name)
    return capitals >= 2 or (capitals == 1 and len(name.rstrip("s")) <= 2 and name[-1].isdigit())


@lru_cache(maxsize=1 << 16)
def spells(short: str, long: str) -> bool:
    """Tell whether the initials of `long` are `short`, without anything left over.

    Words of no content may give a letter or not, and a last word such as "model" need not.

    >>> spells("CoT", "chain-of-thought"), spells("ACT", "Action Chunking with Transformers")
    (True, True)
    >>> spells("VLA", "vision-language-action model"), spells("RL", "deep reinforcement learning")
    (True, False)
    """
    letters = [c for c in name_key(short) if c != " "]
    words = _humps(long)
    if len(letters) < 2 or len(words) < 2:
        return False
    ends = {0}
    for index, word in enumerate(words):
        optional = word in _STOP_WORDS or (index == len(words) - 1 and _is_trailing(word))
        ends = {
            end
            for start in ends
            for end in ([start] if optional else []) + _match(word, letters, start)
        }
    return len(letters) in ends


def content_words(long: str) -> tuple[str, ...]:
    """Return what two wordings of one long form share: "chunking with transformers", "transformer".

    >>> content_words("Action Chunking with Transformers")
    ('action', 'chunking', 'transformer')
    """
    words = [word for word in name_words(long) if word not in _STOP_WORDS]
    if len(words) > 2 and words[-1] in _TRAILING:
        words.pop()
    return tuple(words)


def same_wording(a: str, b: str) -> bool:
    """Tell whether two long forms of one acronym are one thing in other words.

    Their content words are alike one by one, or one has only "network", "method" and the like more.

    >>> same_wording("random sample consensus", "Random Sampling Consensus")
    True
    >>> same_wording("one-shot imitation learning", "one-shot visual imitation learning")
    False
    """
    words_a, words_b = sorted((content_words(a), content_words(b)), key=len)
    if words_a == words_b[: len(words_a)] and set(words_b[len(words_a) :]) <= _EMPTY_WORDS:
        return bool(words_a)
    one, other = "".join(words_a), "".join(words_b)
    if len(words_a) != len(words_b) and one != other:
        return False
    return fuzz.ratio(one, other) / 100 >= _MIN_ALIKE and conflict(a, b) is None


def _is_trailing(word: str) -> bool:
    return name_key(word) in _TRAILING


def _match(word: str, letters: list[str], start: int) -> list[int]:
    """Return where the letters go on after `word` gave its initial, or all of a number."""
    if word.isdigit():
        return [start + len(word)] if "".join(letters[start:]).startswith(word) else []
    return [start + 1] if start < len(letters) and letters[start] == word[0] else []


def _humps(long: str) -> list[str]:
    """Return the words of a long form in lower case, "DeepMind" and "X2Y" as their parts."""
    parts: list[str] = []
    for word in raw_words(long):
        part = ""
        for before, c in zip(" " + word, word, strict=False):
            if part and ((c.isupper() and before.islower()) or c.isdigit() != before.isdigit()):
                parts.append(part)
                part = ""
            part += c
        parts.append(part)
    return [part.lower() for part in parts]


@lru_cache(maxsize=1 << 16)
def may_abbreviate(short: str, long: str) -> bool:
    """Tell whether a paper may mean `long` by `short`: letters in order, numbers the same.

    >>> may_abbreviate("ConvNets", "convolutional neural networks"), may_abbreviate("PPO", "GRPO")
    (True, False)
    """
    if len(short) > _MAX_SHORT + 4 or len(long) <= len(short) + 2 or short.count(" ") > 1:
        return False
    short_key, long_key = name_key(short), name_key(long)
    if short_key[:1] != long_key[:1] or long_key.startswith(short_key):
        return False
    if 2 * len(short_key) > len(long_key) + 1 and not spells(short, long):
        return False
    if len(raw_words(short)) > 2 or len(raw_words(long)) < 2:
        return False
    if not set(key_numbers(short_key)) <= set(key_numbers(long_key)) and not spells(short, long):
        return False
    letters = [c for c in short_key if c.isalnum()]
    rest = [c for c in long_key if c.isalnum()]
    return bool(letters) and _in_order(letters, rest) and _first_word_counts(letters, long)


def _in_order(letters: list[str], text: list[str]) -> bool:
    remaining = iter(text)
    return all(letter in remaining for letter in letters)


def _first_word_counts(letters: list[str], long: str) -> bool:
    """Refuse a short form that is written out in the long one: "BERT" is not "BERT base"."""
    words = [name_key(word) for word in raw_words(long)]
    return "".join(letters) not in words
