"""Group the mentions of a text into entities.

A string has one type within a text and stands for all its whole-word occurrences. Strings are one
entity when they differ in case, hyphens or a plural s, when the text defines one as the
abbreviation of the other, or when the catalogue calls them names of one thing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.extract.state import Mention, Span
from kg.extract.terms import fold_word
from kg.records import Entity
from kg.schema import Label
from kg.text import word_occurrences

__all__ = ["TOO_GENERAL", "build_entities", "mention_key"]

TOO_GENERAL = frozenset(
    [
        "generalization",
        "robustness",
        "attention",
        "alignment",
        "detection",
        "tracking",
        "diffusion",
        "zero-shot",
        "few-shot",
        "efficiency",
        "scalability",
        "fine-tune",
        "fine-tuned",
        "method",
        "model",
        "approach",
        "framework",
        "task",
        "tasks",
        "benchmark",
        "dataset",
        "paper",
        "code",
        "algorithm",
        "performance",
        "results",
        "training",
        "evaluation",
    ]
) | {"data collection", "inference time", "zero shot", "few shot"}
"""Too general to be entities on their own, as the annotation guidelines list them."""

_RANK = {"model": 4.0, "catalogue": 2.0, "name": 1.0, "term": 1.0}


def mention_key(string: str) -> str:
    """Return the form in which case, hyphens and a plural do not tell strings apart."""
    words = re.sub(r"[\W_]+", " ", string.lower()).split()
    return " ".join([*words[:-1], fold_word(words[-1])]) if words else string


def build_entities(
    text: str, mentions: Iterable[Mention], abbreviations: Sequence[tuple[Span, Span]]
) -> list[Entity]:
    """Return the entities in the order of their first places, with ids e1, e2 and so on."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        string = text[mention.start : mention.end]
        if string.lower() not in TOO_GENERAL:
            found[string].append(mention)
    for long, short in abbreviations:
        _share(found, text[slice(*long)], text[slice(*short)])
    groups = _groups(text, found, abbreviations)
    pairs = {text[slice(*short)]: text[slice(*long)] for long, short in abbreviations}
    names = _capitalised(text, found)
    drafts = [
        (_type(strings, found), _name(strings, found, pairs, names), strings) for strings in groups
    ]
    return _place(text, drafts)


def _share(found: dict[str, list[Mention]], long: str, short: str) -> None:
    """Let both forms of an abbreviation be mentions where one of them is."""
    if long in found and short not in found:
        found[short] = found[long]
    elif short in found and long not in found:
        found[long] = found[short]


def _groups(
    text: str, found: Mapping[str, list[Mention]], abbreviations: Sequence[tuple[Span, Span]]
) -> list[list[str]]:
    parent = {string: string for string in found}

    def root(string: str) -> str:
        while parent[string] != string:
            string = parent[string]
        return string

    first: dict[tuple[str, str], str] = {}
    for string, mentions in found.items():
        keys = {("key", mention_key(string))}
        keys |= {("name", mention_key(m.name)) for m in mentions if m.name is not None}
        keys |= {("group", str(m.group)) for m in mentions if m.group is not None}
        for key in sorted(keys):
            parent[root(string)] = root(first.setdefault(key, string))
    for long, short in abbreviations:
        a, b = text[slice(*long)], text[slice(*short)]
        if a in parent and b in parent:
            parent[root(b)] = root(a)
    groups = defaultdict(list)
    for string in found:
        groups[root(string)].append(string)
    return list(groups.values())


def _type(strings: Sequence[str], found: Mapping[str, list[Mention]]) -> str:
    votes: dict[str, float] = defaultdict(float)
    for string in strings:
        for mention in found[string]:
            votes[mention.type] += _RANK[mention.source] * mention.confidence
    return max(votes, key=lambda kind: (votes[kind], kind))


def _name(
    strings: Sequence[str],
    found: Mapping[str, list[Mention]],
    pairs: Mapping[str, str],
    names: frozenset[str],
) -> str:
    """Return the catalogue's name, else the short proper name, else the term in the singular."""
    known = sorted({m.name for string in strings for m in found[string] if m.name is not None})
    if known:
        return known[0]
    proper = [s for s in strings if not _is_term(s)]
    shorts = [s for s in proper if s in pairs]
    if shorts and not any(pairs[s].islower() for s in shorts):
        return shorts[0].removesuffix("s") if shorts[0][-2:-1].isupper() else shorts[0]
    terms = [s for s in strings if _is_term(s) and s not in names]
    if terms and (shorts or not proper):
        words = min(terms, key=lambda s: (not s.islower(), s)).lower().split()
        return " ".join([*words[:-1], fold_word(words[-1])])
    return (proper or strings)[0]


def _capitalised(text: str, found: Mapping[str, list[Mention]]) -> frozenset[str]:
    """Return the single capitalised words that are names like "Orca", not words of the language.

    A name is found by its form, or stands capitalised inside a sentence or before a title's colon.
    """
    title_end = text.find("\n\n")
    names = set()
    for string, mentions in found.items():
        if string[0].islower() or " " in string:
            continue
        by_form = all(mention.source == "name" for mention in mentions)
        if by_form or any(_is_named(text, title_end, mention) for mention in mentions):
            names.add(string)
    return frozenset(names)


def _is_named(text: str, title_end: int, mention: Mention) -> bool:
    """Tell whether the model's capitalised word stands as a name: in a sentence, before a colon."""
    if mention.source != "model" or mention.type in (Label.TASK, Label.METRIC):
        return False
    if mention.start == 0:
        return text[mention.end : mention.end + 1] == ":"
    return mention.start > title_end and text[: mention.start].rstrip()[-1:] not in ".!?"


def _is_term(string: str) -> bool:
    return all(word[1:].islower() or len(word) == 1 for word in re.findall(r"[A-Za-z]+", string))


def _place(text: str, drafts: Sequence[tuple[str, str, Sequence[str]]]) -> list[Entity]:
    owner = {string: k for k, (_, _, strings) in enumerate(drafts) for string in strings}
    spans: dict[int, list[Span]] = defaultdict(list)
    mentions: dict[int, dict[str, None]] = defaultdict(dict)
    for start, end, string in sorted(word_occurrences(text, owner)):
        spans[owner[string]].append((start, end))
        mentions[owner[string]][string] = None
    order = sorted(spans, key=lambda k: spans[k][0])
    return [
        Entity(
            id=f"e{n}",
            name=drafts[k][1],
            type=drafts[k][0],
            mentions=tuple(mentions[k]),
            spans=tuple(spans[k]),
        )
        for n, k in enumerate(order, start=1)
    ]
