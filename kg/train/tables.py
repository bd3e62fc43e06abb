"""Counts what a field says of its terms: the knowledge tables that the model's features look up.

Two sources: unlabelled abstracts (how many contain a term, whether one defines it as the long form of
an acronym, which nouns follow it) and gold annotations (which types a string was given).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from kg.extract.neural.tables import COLUMNS, MAX_TERM, STOPWORDS, term_hash
from kg.extract.neural.words import fold, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["count_terms"]

_NEXT = {
    "model": "model models network networks llm llms net nets backbone detector classifier",
    "method": "method methods algorithm algorithms framework approach approaches technique techniques"
    " architecture architectures loss strategy mechanism module layer layers regularization optimizer policy",
    "resource": "dataset datasets benchmark benchmarks corpus suite environment environments simulator"
    " challenge leaderboard data",
    "task": "task tasks problem problems",
    "metric": "score scores metric metrics distance error rate rates",
    "robot": "robot robots arm arms hand gripper manipulator manipulators platform quadruped humanoid vehicle drone",
}
_CLASS = {word: i for i, words in enumerate(_NEXT.values()) for word in words.split()}
_ON = frozenset({"on"})
_USING = frozenset({"using", "via", "with", "use", "by", "through"})
_SHORT = re.compile(r"\(([A-Za-z][\w-]{1,9})\)")


class _Corpus:
    """All units of all texts in arrays: word, folded word, chain, document, and what each looks like."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        ids: dict[str, int] = {}
        word, folded, chain, doc, cap, title, long_form = [], [], [], [], [], [], []
        self.acronyms: Counter[str] = Counter()
        offset = 0
        for number, (head, body) in enumerate(texts):
            text = f"{head}\n\n{body}"
            words = split_words(text)
            for k, unit in enumerate(words.units):
                lower, start = words.folded[k], words.starts[unit]
                word.append(ids.setdefault(lower, len(ids)))
                folded.append(ids.setdefault(fold(lower), len(ids)))
                inner = start > len(head) + 2 and text[start - 2 : start] not in {". ", "\n\n"}
                cap.append((1 if words.texts[unit][0].isupper() else 0) if inner else -1)
                title.append(start < len(head))
            chain += [offset + c for c in words.chain]
            doc += [number] * len(words.units)
            offset += (words.chain[-1] if words.chain else 0) + 1
            self._acronyms(text, words, long_form, len(word) - len(words.units))
        self.ids, self.names = ids, list(ids)
        self.word, self.folded = np.array(word, np.int64), np.array(folded, np.int64)
        self.chain, self.doc = np.array(chain, np.int64), np.array(doc, np.int64)
        self.cap, self.title = np.array(cap, np.int8), np.array(title, np.int8)
        self.long_form = np.array(long_form, np.int64).reshape(-1, 2)

    def _acronyms(self, text, words, long_form, base) -> None:
        at = {words.ends[unit]: k for k, unit in enumerate(words.units)}
        for hit in _SHORT.finditer(text):
            letters = [c.lower() for c in hit[1].rstrip("s") if c.isalnum()]
            k = at.get(len(text[: hit.start()].rstrip()))
            if k is None or sum(c.isupper() for c in hit[1]) < 2:
                continue
            for n in range(1, min(len(letters) + 3, k + 2)):
                run = words.folded[k - n + 1 : k + 1]
                initials = "".join(w[0] for w in run if w not in STOPWORDS)
                if initials == "".join(letters) or "".join(w[0] for w in run) == "".join(letters):
                    self.acronyms[hit[1].lower()] += 1
                    long_form.append((base + k - n + 1, n))
                    break


def count_terms(texts: Iterable[tuple[str, str]], *, min_count: Sequence[int] = (6, 8, 8, 8, 8)) -> dict[str, np.ndarray]:
    """Count the terms of (title, abstract) pairs: ``hashes`` (sorted) and ``values`` (n_terms, columns)."""
    corpus = _Corpus(texts)
    stop = np.array([w in STOPWORDS for w in corpus.names])
    kind = np.array([_CLASS.get(w, -1) for w in corpus.names])
    before = np.array([0 if w in _ON else 1 if w in _USING else -1 for w in corpus.names])
    n_docs = int(corpus.doc[-1]) + 1
    unigram_df = np.bincount(np.unique(corpus.word + corpus.doc * len(stop)) % len(stop), minlength=len(stop))
    rows: dict[int, np.ndarray] = {}
    for n in range(1, MAX_TERM + 1):
        _count_n(corpus, n, min_count[n - 1], (stop, kind, before), n_docs, unigram_df, rows)
    for acronym, count in corpus.acronyms.items():
        row = rows.get(term_hash([acronym]))
        if row is not None:
            row[COLUMNS.index("acronym")] = min(255, 40 * np.log2(1 + count))
    hashes = np.array(sorted(rows), np.uint32)
    return {"hashes": hashes, "values": np.stack([rows[int(h)] for h in hashes])}


def _count_n(corpus, n, min_count, lookups, n_docs, unigram_df, rows) -> None:
    stop, kind, before = lookups
    size = len(corpus.word)
    i = np.arange(size - n + 1)
    last = i + n - 1
    good = corpus.chain[i] == corpus.chain[last]
    good &= ~stop[corpus.word[i]] & ~stop[corpus.word[last]]
    i, last = i[good], last[good]
    code = np.zeros(len(i), np.uint64)
    for step in range(n):
        part = corpus.folded[i + step] if step == n - 1 else corpus.word[i + step]
        code = code * np.uint64(1_000_003) + part.astype(np.uint64)
        code ^= code >> np.uint64(29)
    _, first, inverse, occurrences = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    pairs = np.unique(inverse.astype(np.int64) * n_docs + corpus.doc[i])
    df = np.bincount(pairs // n_docs, minlength=len(first))
    keep = np.flatnonzero(df >= min_count)
    following = np.where(last + 1 < size, corpus.chain[np.minimum(last + 1, size - 1)] == corpus.chain[i], False)
    after = np.where(following, kind[corpus.word[np.minimum(last + 1, size - 1)]], -1)
    preceding = np.where((i > 0) & (corpus.chain[i - 1] == corpus.chain[i]), before[corpus.word[i - 1]], -1)

    def share(mask, total=occurrences):
        hits = np.bincount(inverse[mask], minlength=len(first))
        return np.sqrt(hits[keep] / np.maximum(total[keep], 1)) * 255

    values = np.zeros((len(keep), len(COLUMNS)))
    put = {name: values[:, k] for k, name in enumerate(COLUMNS)}
    put["df"][:] = np.minimum(255, 15 * np.log2(df[keep]))
    expected = np.sum([np.log2(unigram_df[corpus.word[i[first[keep]] + s]] / n_docs) for s in range(n)], axis=0)
    put["cohesion"][:] = np.clip(8 * (np.log2(df[keep] / n_docs) - expected), 0, 255) if n > 1 else 0
    seen = np.bincount(inverse[corpus.cap[i] >= 0], minlength=len(first))
    put["capital"][:] = share(corpus.cap[i] == 1, seen)
    put["title"][:] = share(corpus.title[i] == 1)
    put["on"][:], put["using"][:] = share(preceding == 0), share(preceding == 1)
    for k, name in enumerate(_NEXT):
        put[name][:] = share(after == k)
    defined = set(corpus.long_form[corpus.long_form[:, 1] == n, 0].tolist())
    flags = np.isin(i, np.array(sorted(defined), np.int64))
    put["long_form"][:] = np.minimum(255, 40 * np.log2(1 + np.bincount(inverse[flags], minlength=len(first))[keep]))
    for k, row in zip(keep, np.round(values).astype(np.uint8), strict=True):
        start = i[first[k]]
        names = [corpus.names[w] for w in corpus.word[start : start + n]]
        rows[term_hash(names)] = row
