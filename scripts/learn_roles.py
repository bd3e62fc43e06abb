"""Learn which parts an entity plays for a paper's contribution, from annotated abstracts.

    python scripts/learn_roles.py TEXTS.jsonl GOLD.jsonl

Writes kg/extract/data/roles.json: a linear model for each part, fitted by AdaGrad with a fixed
seed. Features that fewer than `MIN_TEXTS` texts have are left out. Thresholds are those of the best
F1 on a held-back fifth; the probabilities are the confidences.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from kg.extract.contribution import PARTS, Places, find_main, part_of
from kg.extract.masking import read_clauses
from kg.extract.sentences import split_sentences
from kg.records import Paper
from kg.records_json import record_from_json

MIN_TEXTS = 6
EPOCHS = 12
L2 = 2e-5
RATE = 0.15
DATA = Path(__file__).resolve().parent.parent / "kg" / "extract" / "data"


def rows(texts: str, gold: str) -> list[tuple[int, set[str], list[float]]]:
    """Return (number of text, features, label of each part) of every entity."""
    found = []
    papers = {r["id"]: r for r in map(json.loads, Path(texts).read_text().splitlines())}
    for n, line in enumerate(Path(gold).read_text().splitlines()):
        annotation = json.loads(line)
        record = record_from_json(papers[annotation["id"]] | annotation, "gold")
        for features, parts in examples(record.paper, record):
            found.append((n, features, [float(part in parts) for part in PARTS]))
    return found


def examples(paper: Paper, record) -> list:
    title_end = len(paper.title)
    entities = [e for e in record.entities if e.spans]
    index = {e.id: k for k, e in enumerate(entities)}
    clauses = read_clauses(paper.text, split_sentences(paper.text, title_end), entities)
    parts: dict[int, set[str]] = {k: set() for k in index.values()}
    introduced = [
        index[r.tail] for r in record.relations if r.type == "INTRODUCES" and r.tail in index
    ]
    main = find_main(entities, introduced)
    heads = {"PAPER", *(entities[k].id for k in introduced)}
    for relation in record.relations:
        if relation.tail in index and relation.head in heads:
            parts[index[relation.tail]].add(part_of(relation.type, relation.role))
    places = Places(paper.text, title_end, entities, clauses)
    found = []
    for k, labels in parts.items():
        found.append((places.seen(k, "intro", None).everything, labels & {PARTS[0]}))
        found.append((places.seen(k, "role", main).everything, labels & set(PARTS[1:])))
    return found


def main() -> None:
    data = rows(*sys.argv[1:3])
    texts = Counter()
    for name in {(n, f) for n, features, _ in data for f in features}:
        texts[name[1]] += 1
    names = sorted(f for f, n in texts.items() if n >= MIN_TEXTS)
    index = {f: k for k, f in enumerate(names)}
    x = [np.array([index[f] for f in sorted(features) if f in index]) for _, features, _ in data]
    y = np.array([labels for _, _, labels in data])
    held = np.array([n % 5 == 0 for n, _, _ in data])
    weights, bias = fit(x, y, np.flatnonzero(~held), len(names))
    p = probabilities(x, weights, bias)
    stage = np.array([any(f.startswith("intro ") for f in features) for _, features, _ in data])
    threshold = []
    for k, part in enumerate(PARTS):
        on = held & (stage if k == 0 else ~stage)
        threshold.append(best_threshold(p[on, k], y[on, k], part))
    weights, bias = fit(x, y, np.arange(len(x)), len(names))
    rows_ = {
        f: [round(float(w), 2) for w in weights[k]]
        for f, k in index.items()
        if np.abs(weights[k]).max() > 0.05
    }
    model = {
        "parts": PARTS,
        "bias": [round(float(b), 3) for b in bias],
        "threshold": threshold,
        "weights": rows_,
    }
    (DATA / "roles.json").write_text(
        json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n"
    )
    print(len(rows_), "features")


def fit(
    x: list, y: np.ndarray, chosen: np.ndarray, n_features: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights ``(n_features, n_parts)`` and biases of a logistic model for each part."""
    random = np.random.default_rng(1)
    weights, bias = np.zeros((n_features, y.shape[1])), np.full(y.shape[1], -2.0)
    seen, seen_bias = np.full_like(weights, 0.01), np.full_like(bias, 0.01)
    for _ in range(EPOCHS):
        for row in random.permutation(chosen):
            at = x[row]
            error = 1 / (1 + np.exp(-(weights[at].sum(0) + bias))) - y[row]
            gradient = error + L2 * weights[at] * len(chosen) / 1000
            seen[at] += gradient**2
            weights[at] -= RATE * gradient / np.sqrt(seen[at])
            seen_bias += error**2
            bias -= RATE * error / np.sqrt(seen_bias)
    return weights, bias


def probabilities(x: list, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return np.array([1 / (1 + np.exp(-(weights[at].sum(0) + bias))) for at in x])


def best_threshold(p: np.ndarray, y: np.ndarray, part: str) -> float:
    """Return the probability from which on the F1 of a part is highest."""
    best = max(((f1(p >= t, y), t) for t in np.arange(0.2, 0.75, 0.05)), default=(0, 0.5))
    print(f"{part:24} n={int(y.sum()):5} F1={best[0]:.3f} from p >= {best[1]:.2f}")
    return round(float(best[1]), 2)


def f1(chosen: np.ndarray, y: np.ndarray) -> float:
    hit = (chosen & (y > 0)).sum()
    return float(2 * hit / max(1, chosen.sum() + y.sum()))


if __name__ == "__main__":
    main()
