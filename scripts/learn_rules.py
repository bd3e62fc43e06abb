"""Learn the word lexicon of the extraction rules from annotated abstracts.

    python scripts/learn_rules.py TEXTS.jsonl GOLD.jsonl

Writes kg/extract/data/terms.json: words and pairs of words with the precision that they have as
heads of terms, and names.json: how much the form of a name and the words around it say of its
type. What fewer than `MIN_DOCS` texts have is left out, so that nothing of a single text gets in.
"""

import json
import math
import re
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from kg.extract.abbreviations import find_abbreviations
from kg.extract.names import NOTHING, by_string, features_of, name_spans
from kg.extract.sentences import split_sentences
from kg.extract.terms import candidates, keys_of, words_of

MIN_DOCS = 3
MIN_FEATURE = 5
DAMPING = 0.6
MIN_PRECISION = 0.4
MIN_MODIFIER = 0.5
DATA = Path(__file__).resolve().parent.parent / "kg" / "extract" / "data"


def read(texts: str, gold: str) -> list[tuple[str, dict[tuple[int, int], str], int]]:
    """Return (text, spans with their types, length of the title) of every annotated text."""
    rows = {r["id"]: r for r in map(json.loads, Path(texts).read_text().splitlines())}
    documents = []
    for record in map(json.loads, Path(gold).read_text().splitlines()):
        text = rows[record["id"]]["title"] + "\n\n" + rows[record["id"]]["abstract"]
        documents.append((text, spans(text, record["entities"]), len(rows[record["id"]]["title"])))
    return documents


def spans(text: str, entities: list[dict]) -> dict[tuple[int, int], str]:
    """Return all whole-word occurrences of the mentions, the longer first."""
    found, taken = {}, [False] * len(text)
    mentions = {(m, e["type"]) for e in entities for m in e["mentions"] if m}
    for mention, kind in sorted(mentions, key=lambda pair: (-len(pair[0]), pair)):
        for hit in re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", text):
            if not any(taken[hit.start() : hit.end()]):
                taken[hit.start() : hit.end()] = [True] * (hit.end() - hit.start())
                found[hit.span()] = kind
    return found


def learn_modifiers(documents: list) -> set[str]:
    """Return the words that, before a word inside a term, mostly belong to the term."""
    inside, outside, texts = Counter(), Counter(), defaultdict(set)
    for n, (text, found, _) in enumerate(documents):
        owner = {k: span for span in found for k in range(*span)}
        words = words_of(text)
        for (a, b, word), (c, _, _) in pairwise(words):
            span = owner.get(c)
            if span is None or text[b:c] not in {" ", "\n"}:
                continue
            if owner.get(a) == span:
                inside[word] += 1
                texts[word].add(n)
            elif c == span[0]:
                outside[word] += 1
    return {
        w
        for w, n in inside.items()
        if n / (n + outside[w]) >= MIN_MODIFIER and len(texts[w]) >= MIN_DOCS
    }


def learn_heads(documents: list, modifiers: set[str]) -> dict[str, tuple[str, float]]:
    """Return the keys of terms with their commonest type and precision."""
    right, seen, texts = defaultdict(Counter), Counter(), defaultdict(set)
    for n, (text, found, _) in enumerate(documents):
        for phrase in candidates(text, frozenset(modifiers)):
            words = [word for _, _, word in phrase]
            for k in range(len(words)):
                kind = found.get((phrase[k][0], phrase[-1][1]))
                for key in keys_of(words[k:], whole=k == 0):
                    seen[key] += 1
                    if kind:
                        right[key][kind] += 1
                        texts[key].add(n)
    heads = {}
    for key, kinds in right.items():
        kind, n = kinds.most_common(1)[0]
        precision = n / (seen[key] + 1)
        if len(texts[key]) >= MIN_DOCS and precision >= MIN_PRECISION:
            heads[key] = (kind, round(precision, 2))
    return heads


def learn_names(documents: list) -> dict:
    """Return naive Bayes' prior and weights, by feature and class, in logarithms."""
    classes, counts, texts = Counter(), defaultdict(Counter), Counter()
    for text, found, title_end in documents:
        sentences = split_sentences(text, title_end)
        pairs = find_abbreviations(text, sentences)
        longs = {text[slice(*short)]: text[slice(*long)] for long, short in pairs}
        seen = set()
        for string, places in by_string(text, name_spans(text, sentences, title_end, pairs)):
            kinds = Counter(found.get(place, NOTHING) for place in places)
            kind = kinds.most_common(1)[0][0]
            classes[kind] += 1
            features = features_of(text, places, title_end, longs.get(string))
            seen |= features
            for feature in features:
                counts[feature][kind] += 1
        texts.update(seen)
    total = sum(classes.values())
    prior = {kind: round(math.log(n / total), 3) for kind, n in sorted(classes.items())}
    weights = {}
    for feature, kinds in sorted(counts.items()):
        if texts[feature] < MIN_FEATURE or (
            feature.startswith("is=") and kinds[NOTHING] < 0.6 * sum(kinds.values())
        ):
            continue
        n = sum(kinds.values())
        ratio = {
            kind: math.log((kinds[kind] + 3 * classes[kind] / total) / (n + 3)) - prior[kind]
            for kind in prior
        }
        if max(abs(x) for x in ratio.values()) > 0.3:
            weights[feature] = {k: round(x * DAMPING, 2) for k, x in ratio.items()}
    return {"prior": prior, "weights": weights}


def main() -> None:
    documents = read(*sys.argv[1:3])
    modifiers = learn_modifiers(documents)
    heads = learn_heads(documents, modifiers)
    data = {"heads": dict(sorted(heads.items())), "modifiers": sorted(modifiers)}
    (DATA / "terms.json").write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n")
    names = learn_names(documents)
    (DATA / "names.json").write_text(json.dumps(names, ensure_ascii=False, indent=0) + "\n")
    print(len(names["weights"]), "features of names")
    print(len(heads), "keys,", len(modifiers), "modifiers")


if __name__ == "__main__":
    main()
