"""Counts what a field says of its terms: the knowledge table that the model's features look up.

From unlabelled abstracts: how many contain a term, whether one defines it as an acronym or as the
long form of one, and which nouns and prepositions stand beside it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.tables import COLUMNS, MAX_TERM, STOPWORDS, term_hash
from kg.extract.neural.words import Words, fold, split_words

__all__ = ["MIN_COUNTS", "count_terms"]

MIN_COUNTS = (6, 8, 8, 8, 8)
"""In how many abstracts a term of one, two, … words must stand to be kept."""
_NEXT: Mapping[str, str] = {
    "model": "model models network networks llm llms net nets backbone detector classifier",
    "method": "method methods algorithm algorithms framework approach approaches technique"
    " techniques architecture architectures loss strategy mechanism module layer layers"
    " regularization optimizer policy",
    "resource": "dataset datasets benchmark benchmarks corpus suite environment environments"
    " simulator challenge leaderboard data",
    "task": "task tasks problem problems",
    "metric": "score scores metric metrics distance error rate rates",
    "robot": "robot robots arm arms hand gripper manipulator manipulators platform quadruped"
    " humanoid vehicle drone",
}
"""Nouns after a term that tell what it is."""
_BEFORE: Mapping[str, str] = {"on": "on", "using": "using via with use by through"}
_SHORT = re.compile(r"\(([A-Za-z][\w-]{1,9})\)")
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Corpus:
    """All units of all texts, one element each, and lookups by word id."""

    names: list[str]
    word: Ints
    folded: Ints
    chain: Ints
    doc: Ints
    capital: Ints
    """1 or 0 where a case means something, -1 at the start of a sentence."""
    title: Bools
    long_forms: set[tuple[int, int]]
    """(first unit, number of units) of each long form."""
    acronyms: Counter[str]

    @property
    def n_docs(self) -> int:
        """How many abstracts."""
        return int(self.doc[-1]) + 1


def count_terms(
    texts: Iterable[tuple[str, str]], *, min_counts: Sequence[int] = MIN_COUNTS
) -> dict[str, NDArray[np.integer]]:
    """Count the terms of (title, abstract) pairs: sorted `hashes`, and `values` by `COLUMNS`.

    Holds the whole corpus in memory, about 100 bytes a word.
    """
    corpus = _read(texts)
    rows: dict[int, NDArray[np.uint8]] = {}
    for n in range(1, MAX_TERM + 1):
        rows |= _count_n(corpus, n, min_counts[n - 1])
    acronym = COLUMNS.index("acronym")
    for short, count in corpus.acronyms.items():
        row = rows.get(term_hash([short]))
        if row is not None:
            row[acronym] = min(255, 40 * np.log2(1 + count))
    hashes = np.array(sorted(rows), np.uint32)
    values = np.array([rows[int(h)] for h in hashes], np.uint8).reshape(-1, len(COLUMNS))
    return {"hashes": hashes, "values": values}


def _read(texts: Iterable[tuple[str, str]]) -> _Corpus:
    ids: dict[str, int] = {}
    columns: list[list[int]] = [[] for _ in range(6)]
    word, folded, chain, doc, capital, title = columns
    long_forms: set[tuple[int, int]] = set()
    acronyms: Counter[str] = Counter()
    offset = 0
    for number, (head, body) in enumerate(texts):
        text = f"{head}\n\n{body}"
        words = split_words(text)
        for short, k, n in _definitions(text, words):
            acronyms[short] += 1
            long_forms.add((len(word) + k, n))
        for unit, lower in zip(words.units, words.folded, strict=True):
            start = words.starts[unit]
            word.append(ids.setdefault(lower, len(ids)))
            folded.append(ids.setdefault(fold(lower), len(ids)))
            inner = start > len(head) + 2 and text[start - 2 : start] not in {". ", "\n\n"}
            capital.append(int(words.texts[unit][0].isupper()) if inner else -1)
            title.append(start < len(head))
        chain += [offset + c for c in words.chain]
        doc += [number] * len(words.units)
        offset += (words.chain[-1] if words.chain else 0) + 1
    a, b, c, d, e, f = (np.array(column, np.int64) for column in columns)
    return _Corpus(list(ids), a, b, c, d, e, f.astype(bool), long_forms, acronyms)


def _definitions(text: str, words: Words) -> Iterable[tuple[str, int, int]]:
    """Find acronyms whose letters begin the words before them: (short, first unit, units)."""
    at = {words.ends[unit]: k for k, unit in enumerate(words.units)}
    for hit in _SHORT.finditer(text):
        letters = "".join(c for c in hit[1].rstrip("s").lower() if c.isalnum())
        k = at.get(len(text[: hit.start()].rstrip()))
        if k is None or sum(c.isupper() for c in hit[1]) < 2:
            continue
        for n in range(1, min(len(letters) + 3, k + 2)):
            run = words.folded[k - n + 1 : k + 1]
            content = "".join(w[0] for w in run if w not in STOPWORDS)
            if letters in {content, "".join(w[0] for w in run)}:
                yield hit[1].lower(), k - n + 1, n
                break


def _codes(corpus: _Corpus, first: Ints, n: int) -> NDArray[np.uint64]:
    """Give equal numbers to equal terms of n units that begin at `first`."""
    code = np.zeros(len(first), np.uint64)
    for step in range(n):
        source = corpus.folded if step == n - 1 else corpus.word
        code = code * np.uint64(1_000_003) + source[first + step].astype(np.uint64)
        code ^= code >> np.uint64(29)
    return code


def _count_n(corpus: _Corpus, n: int, min_count: int) -> dict[int, NDArray[np.uint8]]:
    """Count the terms of n units: term hash to one row of `COLUMNS`, each scaled to a byte."""
    stop = np.array([w in STOPWORDS for w in corpus.names])
    first = np.arange(len(corpus.word) - n + 1)
    last = first + n - 1
    good = (corpus.chain[first] == corpus.chain[last]) & ~stop[corpus.word[first]]
    first = first[good & ~stop[corpus.word[last]]]
    _, example, term, count = np.unique(
        _codes(corpus, first, n), return_index=True, return_inverse=True, return_counts=True
    )
    pairs = np.unique(term.astype(np.int64) * corpus.n_docs + corpus.doc[first])
    df = np.bincount(pairs // corpus.n_docs, minlength=len(example))
    keep = np.flatnonzero(df >= min_count)

    def share(mask: Bools, total: Ints = count) -> NDArray[np.float64]:
        hits = np.bincount(term[mask], minlength=len(example))[keep]
        scaled: NDArray[np.float64] = np.sqrt(hits / np.maximum(total[keep], 1)) * 255
        return scaled

    capital = corpus.capital[first]
    seen = np.bincount(term[capital >= 0], minlength=len(example))
    defined = np.isin(first, [k for k, length in corpus.long_forms if length == n])
    n_defined = np.bincount(term[defined], minlength=len(example))[keep]
    columns = {
        "df": 15 * np.log2(df[keep]),
        "cohesion": _cohesion(corpus, first[example[keep]], n, df[keep]),
        "capital": share(capital == 1, seen),
        "title": share(corpus.title[first]),
        "long_form": 40 * np.log2(1 + n_defined),
        **{name: share(mask) for name, mask in _beside(corpus, first, n).items()},
    }
    values = np.zeros((len(keep), len(COLUMNS)))
    for name, column in columns.items():
        values[:, COLUMNS.index(name)] = np.clip(column, 0, 255)
    starts = first[example[keep]].tolist()
    terms = [[corpus.names[w] for w in corpus.word[k : k + n]] for k in starts]
    rows = np.round(values).astype(np.uint8)
    return {term_hash(names): row for names, row in zip(terms, rows, strict=True)}


def _cohesion(corpus: _Corpus, first: Ints, n: int, df: Ints) -> NDArray[np.float64]:
    """Eight times the pointwise mutual information, in bits, of a term's words in an abstract."""
    if n == 1:
        return np.zeros(len(first))
    size = len(corpus.names)
    single = np.bincount(np.unique(corpus.word + corpus.doc * size) % size, minlength=size)
    bits = np.log2(df / corpus.n_docs)
    for step in range(n):
        bits = bits - np.log2(single[corpus.word[first + step]] / corpus.n_docs)
    scaled: NDArray[np.float64] = 8 * bits
    return scaled


def _beside(corpus: _Corpus, first: Ints, n: int) -> dict[str, Bools]:
    """Mark where a telling noun follows, or a telling preposition stands before, by column."""
    size = len(corpus.word)
    after = np.minimum(first + n, size - 1)
    follows = (first + n < size) & (corpus.chain[after] == corpus.chain[first])
    leads = (first > 0) & (corpus.chain[first - 1] == corpus.chain[first])
    found = {}
    for name, nouns in _NEXT.items():
        found[name] = follows & _among(corpus, nouns)[corpus.word[after]]
    for name, prepositions in _BEFORE.items():
        found[name] = leads & _among(corpus, prepositions)[corpus.word[first - 1]]
    return found


def _among(corpus: _Corpus, words: str) -> Bools:
    chosen = set(words.split())
    return np.array([name in chosen for name in corpus.names])
