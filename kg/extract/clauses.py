"""A masked sentence, and what it asserts: `masking.py` makes it from the text.

"We show that Orca (ours) beats Vicuna-13B on Big-Bench Hard (BBH)." becomes
``P show that e0M beats e1M on e2B`` when the three names are entities 0 to 2 of types Model (M) and
Benchmark (B). Patterns over that line need not care how long a name is.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.state import Span

__all__ = ["Clause", "Token"]

_FUTURE = re.compile(
    r"\bfuture (?:work|research|studies|directions?|extensions?)\b|\bin (?:the )?future\b"
    r"|\bP (?:also |then |next )?(?:plan|intend|hope|leave|wish|expect)\b"
    r"|\bleft (?:for|to)\b|\bremains? to be\b|\bit (?:is|remains) (?:unclear|unknown|open"
    r"|an open)\b"
    r"|\bopen question\b|\b(?:unclear|unknown) (?:whether|if|how)\b|\bnext step\b"
    r"|\bask(?:ed)? whether\b"
    r"|\bone (?:could|might|may|can)\b|\bwould have\b|\bif (?:it|we|they|one) (?:were|had)\b"
)
_NEGATION = frozenset(
    [
        "not",
        "never",
        "no",
        "neither",
        "nor",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "won't",
        "hardly",
        "barely",
        "nobody",
        "none",
        "nothing",
    ]
)
_MODAL = frozenset(["could", "might", "would", "should", "may", "ought"])
_UNSURE = re.compile(
    r"\b(?:can|will) (?:also |easily |readily |be )+(?:extended|transferred|generali[sz]ed)\b"
    r"|\bcan (?:be )?(?:potentially|in principle)\b|\bwill (?:be )?(?:\w+ )?(?:evaluat|test|train"
    r"|us|appl|extend)\w*"
    r"|\b(?:to be|yet to be) (?:evaluated|tested|trained|applied|seen)\b|\bhopes? to\b"
    r"|\bif\b(?! only)|\bwhether\b"
    r"|\bhypothetical(?:ly)?\b|\bpotentially\b|\bin principle\b|\bpromis\w+ (?:to|for)\b"
    r"|\bfails? to\b|\bfailed to\b"
    r"|\bunable to\b|\black of\b|\bwithout (?:being )?\w+ing\b"
)
_EXCLUDED = re.compile(
    r"\b(?:without|instead of|rather than|no|not|as opposed to|except(?: for)?|excluding|unlike"
    r"|need for|needs? no|free of|neither|nor|independent of|in place of|avoid(?:s|ing)?)"
    r"(?: (?:the|a|an|any|use of|using|standard|such|relying on|requiring|needing|explicit)){0,3} $"
)
_BOUNDARY = frozenset(
    [
        ";",
        ":",
        "(",
        ")",
        "—",
        "–",
        "but",
        "while",
        "whereas",
        "although",
        "though",
        "however",
        "because",
        "since",
        "which",
        "who",
        "where",
        "so",
    ]
)
_STOP_SUBJECT = frozenset(
    [
        "on",
        "in",
        "by",
        "for",
        "with",
        "and",
        "or",
        "to",
        "that",
        "which",
        "who",
        "as",
        "of",
        "from",
        "using",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a punctuation mark, an entity (`entity` is its index) or the paper ("P")."""

    start: int
    end: int
    text: str
    entity: int | None = None


class Clause:
    """A masked sentence: `tokens`, their `line`, and the sentence's `span` in the text."""

    def __init__(self, span: Span, tokens: Sequence[Token]) -> None:
        self.span = span
        self.tokens = tuple(tokens)
        self._offsets: list[int] = []
        length = 0
        for token in self.tokens:
            self._offsets.append(length)
            length += len(token.text) + 1
        self.line = " ".join(token.text for token in self.tokens) + " "
        self.is_future = _FUTURE.search(self.line) is not None

    def index(self, offset: int) -> int:
        """Return the token that holds an offset of `line`."""
        return bisect_right(self._offsets, offset) - 1

    def offset(self, index: int) -> int:
        """Return where a token begins in `line`."""
        return self._offsets[index]

    def start_of(self, index: int) -> int:
        """Return the token where the clause of token `index` begins.

        A comma is a boundary where it does not stand in a list of names.
        """
        for k in range(index - 1, -1, -1):
            token = self.tokens[k]
            if token.text in _BOUNDARY or (token.text == "," and not self._in_list(k)):
                return k + 1
        return 0

    def _in_list(self, comma: int) -> bool:
        left = self.tokens[comma - 1] if comma else None
        after = self.tokens[comma + 1 : comma + 3]
        return (left is not None and left.entity is not None) and any(
            token.entity is not None for token in after
        )

    def is_negated(self, index: int) -> bool:
        """Tell whether what stands at token `index` is denied in its clause."""
        words = [token.text for token in self.tokens[self.start_of(index) : index]]
        return any(
            word in _NEGATION and words[k + 1 : k + 2] not in (["only"], ["just"], ["longer"])
            for k, word in enumerate(words)
        )

    def is_unsure(self, index: int) -> bool:
        """Tell whether what stands at token `index` is only supposed, planned or possible."""
        if self.is_future:
            return True
        first = self.start_of(index)
        words = [token.text for token in self.tokens[first:index]]
        if any(word in _MODAL for word in words):
            return True
        return _UNSURE.search(self.line[self._offsets[first] : self._offsets[index]]) is not None

    def is_excluded(self, index: int) -> bool:
        """Tell whether the name at token `index` is what is left out ("without X")."""
        first = self.list_start(index)
        return (
            _EXCLUDED.search(self.line[max(0, self._offsets[first] - 48) : self._offsets[first]])
            is not None
        )

    def list_start(self, index: int) -> int:
        """Return the first token of the list of names that token `index` belongs to."""
        k = index
        while k > 1 and self.tokens[k - 1].text in {",", "and", "or", "/", "&"}:
            back = k - 1
            while back > 0 and self.tokens[back].text in {",", "and", "or", "/", "&"}:
                back -= 1
            before = self.tokens[back]
            if before.entity is None or not _alike(before.text[-1], self.tokens[index].text[-1]):
                break
            k = back
        return k

    def is_denied_after(self, index: int) -> bool:
        """Tell whether the name at token `index` is the subject of what is denied or supposed."""
        for token in self.tokens[index + 1 : index + 4]:
            if token.text in _NEGATION or token.text in _MODAL:
                return True
            if token.entity is not None or not token.text.isalpha() or token.text in _STOP_SUBJECT:
                return False
        return False

    def asserts(self, index: int) -> bool:
        """Tell whether the text states something about the name at token `index` here."""
        return not (
            self.is_negated(index)
            or self.is_unsure(index)
            or self.is_excluded(index)
            or self.is_denied_after(index)
        )


def _alike(one: str, other: str) -> bool:
    """Tell whether two types may stand in one list."""
    return one == other or {one, other} in ({"M", "H"}, {"B", "D"})
