"""Find names that no catalogue knows, and say what they name.

Candidates are words with the shape of a name, runs of capitalised words, what stands before a
title's colon or after "called", and the two forms of an abbreviation. Each distinct string is
then typed, once for the whole text, by naive Bayes over what is seen of it: its form and the words
around it (`data/names.json`, learnt by `scripts/learn_rules.py`; a class "-" stands for no name).
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kg.extract.state import Mention, Span
from kg.extract.terms import fold_word, load_lexicon

__all__ = ["NOTHING", "NameModel", "features_of", "find_names", "load_names", "name_spans"]

NOTHING = "-"
_TOKEN = re.compile(r"[^\W_](?:[\w.+'/-]*[^\W_]\+*)?")
_NAME = re.compile(r"(?=.*[A-Z].*)(?:.*[A-Za-z].*[A-Z].*|.*\d.*|[a-z].*)")
_TITLE = re.compile(r"[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?[A-Za-z]?|v\d(?:\.\d)?")
_GLUED = re.compile(r"(?<=[a-z])\.(?=[A-Z][a-z])")
_PREFIX = re.compile(r"\s*([^:?!]{2,48}?)\s*(?::|\s[-–—]{1,2}\s)")
_CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|namely|coined|denoted|titled|call|name|dub|term)"
    r"(?: (?:it|this|as|our|the|method|model|framework|approach|system)){0,3}[ ,:]+[\"'“‘`]*"
    r"([A-Z][\w.+/-]*(?: [A-Z][\w.+/-]*){0,4})"
)
_INTRODUCE = re.compile(
    r"\b(?:propos|introduc|present|develop|releas|design|creat|construct|build|contribut|unveil)"
    r"(?:e|es|ed|ing|s|t)?\b(?! by)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\b(?:that|which|to|for|where|by|using|based|with)\b|[;:.]\s")
_HOST = re.compile(r"https?:\S+|www\.\S+|\S+@\S+|\S+\.(?:com|org|io|net|edu|ai)(?:/\S*)?", re.I)
_LIST_HEAD = re.compile(
    r"(\w+)\W+(?:such as|including|like|e\.g\.,?|i\.e\.,?|namely)\W[^.;]{0,120}$"
)


@dataclass(frozen=True, slots=True)
class NameModel:
    """Log probabilities: `prior[class]` and `weights[feature][class]` (difference to the prior)."""

    prior: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]

    def classify(self, features: Iterable[str]) -> tuple[str, float]:
        """Return the likeliest class and its probability."""
        scores = dict(self.prior)
        for feature in sorted(features):
            for kind, weight in self.weights.get(feature, {}).items():
                scores[kind] += weight
        best = max(scores, key=lambda kind: (scores[kind], kind))
        total = sum(math.exp(score - scores[best]) for score in scores.values())
        return best, 1 / total


@cache
def load_names() -> NameModel:
    """Read the weights of the package."""
    data = json.loads((files("kg.extract") / "data" / "names.json").read_text(encoding="utf-8"))
    return NameModel(data["prior"], data["weights"])


def name_spans(
    text: str, sentences: Sequence[Span], title_end: int, abbreviations: Sequence[tuple[Span, Span]]
) -> set[Span]:
    """Return the spans of all candidates."""
    hosts = [found.span() for found in _HOST.finditer(text)]
    spans: set[Span] = set()
    for start, end in sentences:
        spans.update(_runs(text, start, end, in_title=end <= title_end))
        spans.update(found.span(1) for found in _CALLED.finditer(text, start, end))
    prefix = _PREFIX.match(text, 0, title_end)
    if prefix and len(prefix.group(1).split()) <= 5:
        spans.add(prefix.span(1))
    for long, short in abbreviations:
        spans.update((long, short))
    return {(a, b) for a, b in spans if not any(a < d and c < b for c, d in hosts)}


def _runs(text: str, start: int, end: int, *, in_title: bool) -> Iterator[Span]:
    """Yield the runs of name-like words; in a title, where all is capitalised, single names."""
    run: list[Span] = []
    for a, b in _tokens(text, start, end):
        word = text[a:b]
        shaped = bool(_NAME.fullmatch(word)) and not word.isdigit()
        titled = not in_title and a != start and bool(_TITLE.fullmatch(word))
        follows = bool(run) and text[run[-1][1] : a] == " "
        if run and not (follows and (shaped or titled or _NUMBER.fullmatch(word))):
            yield run[0][0], run[-1][1]
            run = []
        if run or shaped or titled:
            run.append((a, b))
    if run:
        yield run[0][0], run[-1][1]


def _tokens(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _TOKEN.finditer(text, start, end):
        glued = _GLUED.search(text, *found.span())
        if glued and found.group().lower() not in {"node.js"}:
            yield found.start(), glued.start()
            yield glued.end(), found.end()
        else:
            yield found.span()


def features_of(
    text: str, spans: Sequence[Span], title_end: int, long: str | None = None
) -> set[str]:
    """Return what is seen of one string at its places; `long` is its long form."""
    string = text[slice(*spans[0])]
    features = _form(string)
    for start, end in spans[:4]:
        features |= _around(text, start, end, title_end)
    features.add(f"n={min(len(spans), 3)}")
    if any(end <= title_end for _, end in spans):
        features.add("in title")
    if long is not None:
        features |= _long_form(long)
    return features


def _form(string: str) -> set[str]:
    words = string.split()
    last = words[-1]
    shape = re.sub(r"[A-Z]+", "A", re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", last)))
    features = {f"shape={shape[:6]}", f"words={min(len(words), 4)}"}
    if len(words) > 1:
        features |= {f"first={words[0].lower()}", f"last={fold_word(last.lower())}"}
    plain = last[:-1] if last.endswith("s") and last[-2:-1].isupper() else last
    features |= {f"end{n}={plain[-n:]}" for n in (2, 3, 4) if len(plain) > n}
    features |= {f"part={part.lower()}" for part in re.split(r"[-/]|(?<=[a-z])(?=[A-Z])", last)[1:]}
    if plain != last:
        features.add("plural")
    features.add(f"is={string.lower()}")
    return features


def _around(text: str, start: int, end: int, title_end: int) -> set[str]:
    features = set()
    left = text[max(0, start - 160) : start]
    sentence = re.split(r"\n|(?<=[a-z)\d])\. ", left)[-1]
    right = text[end : end + 40]
    before = re.findall(r"\w[\w-]*|[,;:()“]", sentence.lower())[-3:]
    after = re.findall(r"\w[\w-]*|[,;:.()]", right.lower())[:2]
    features.add("<" + (before[-1] if before else "^"))
    features.add("<<" + " ".join(before[-2:]))
    features.add(">" + (fold_word(after[0]) if after else "$"))
    features.add(">>" + " ".join(after))
    if start == 0 and right.lstrip()[:1] in {":", "-", "–", "—"}:
        features.add("title prefix")
    head = _LIST_HEAD.search(sentence)
    if head:
        features.add("list of " + fold_word(head.group(1).lower()))
    elif before and before[-1] in {"and", ",", "or"}:
        on = re.findall(
            r"\b(on|over|than|outperforms?|of|with|using|by|datasets?|benchmarks?)\b", sentence
        )
        features.add("list after " + (on[-1] if on else "-"))
    introduced = list(_INTRODUCE.finditer(sentence))
    if introduced and end > title_end and not _BREAK.search(sentence, introduced[-1].end()):
        features.add("introduced")
    return features


def _long_form(long: str) -> set[str]:
    words = long.lower().replace("-", " ").split()
    last = fold_word(words[-1])
    known = load_lexicon().heads.get(f"+ {last}") or load_lexicon().heads.get(f"= {last}")
    pair = load_lexicon().heads.get(" ".join([*words[-2:-1], last]))
    features = {"short", f"long={last}"}
    if pair or known:
        features.add("long is " + (pair or known or ("", 0))[0])
    return features


def find_names(
    text: str,
    sentences: Sequence[Span],
    title_end: int,
    abbreviations: Sequence[tuple[Span, Span]],
    *,
    minimum: float,
) -> list[Mention]:
    """Return the candidates that name something, with the probability of their type."""
    longs = {text[slice(*short)]: text[slice(*long)] for long, short in abbreviations}
    model = load_names()
    found = []
    for string, spans in by_string(text, name_spans(text, sentences, title_end, abbreviations)):
        kind, confidence = model.classify(features_of(text, spans, title_end, longs.get(string)))
        if kind != NOTHING and confidence >= minimum:
            found += [
                Mention(start=a, end=b, type=kind, source="name", confidence=confidence)
                for a, b in spans
            ]
    return found


def by_string(text: str, spans: Iterable[Span]) -> list[tuple[str, list[Span]]]:
    """Group spans by their string, in the order of the text."""
    groups: dict[str, list[Span]] = {}
    for start, end in sorted(spans):
        groups.setdefault(text[start:end], []).append((start, end))
    return list(groups.items())
