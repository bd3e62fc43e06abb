"""Say which parts an entity plays for the paper's contribution.

One linear model for each part (introduced, component, evaluation, …) over what is seen of the
entity: its type, the words around it, the place in the text. The weights (`data/roles.json`) are
learnt by `scripts/learn_roles.py`. Places where the text denies or only supposes something are not
looked at, so that they can give no fact.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kg.extract.clauses import Clause
from kg.extract.masking import LETTERS
from kg.extract.terms import fold_word
from kg.records import Entity
from kg.schema import Label

__all__ = ["RoleModel", "features_at", "features_of_entity", "load_roles"]

_TRIGGER = re.compile(
    r"\b(?:propos|introduc|present|develop|releas|us(?=e[sd]?\b|ing\b)|utiliz|leverag|employ"
    r"|appl(?=y|ied|ies)|adopt"
    r"|combin|integrat|incorporat|extend|build|built|bas(?=ed)|train|fine-?tun|pre-?train|evaluat"
    r"|test"
    r"|experiment|benchmark|validat|demonstrat|deploy|outperform|surpass|exceed|beat|improv|achiev"
    r"|compar"
    r"|address|tackl|solv|handl|learn|perform|show|call|nam|includ|such as|than|over|on|for|in"
    r"|with|via|by)"
    r"[a-z]*"
)
_GENERIC = re.compile(r"[a-z][a-z'-]*")


@dataclass(frozen=True, slots=True)
class RoleModel:
    """Weights: `weights[feature][k]` for the part `parts[k]`; a bias and a threshold for each."""

    parts: tuple[str, ...]
    bias: tuple[float, ...]
    threshold: tuple[float, ...]
    weights: Mapping[str, Sequence[float]]

    def probabilities(self, features: Set[str]) -> dict[str, float]:
        """Return the probability of each part."""
        known = self.weights
        rows = [known[feature] for feature in features if feature in known]
        sums = map(math.fsum, zip(self.bias, *rows, strict=True))
        return {
            part: 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
            for part, x in zip(self.parts, sums, strict=True)
        }


@cache
def load_roles() -> RoleModel:
    """Read the weights of the package."""
    data = json.loads((files("kg.extract") / "data" / "roles.json").read_text(encoding="utf-8"))
    weights = {name: tuple(row) for name, row in data["weights"].items()}
    return RoleModel(tuple(data["parts"]), tuple(data["bias"]), tuple(data["threshold"]), weights)


def features_of_entity(entity: Entity, text: str, title_end: int) -> set[str]:
    """Return what does not depend on a place."""
    kind = LETTERS[Label(entity.type)]
    in_title = entity.spans[0][0] < title_end
    name = max(entity.mentions, key=len)
    shaped = any(re.search(r"[a-z\d].*[A-Z]|[A-Z].*[A-Z\d]", m) for m in entity.mentions)
    features = {
        kind,
        f"{kind} title={in_title}",
        f"{kind} n={min(len(entity.spans), 4)}",
        f"{kind} shaped={shaped} title={in_title}",
        f"{kind} forms={min(len(entity.mentions), 3)}",
        f"{kind} last={fold_word(re.split(r'[ -]', name.lower())[-1])}",
        f"{kind} first at={_bucket(entity.spans[0][0], title_end, len(text))}",
    }
    if entity.spans[0][0] == 0 and text[entity.spans[0][1] :].lstrip()[:1] in {":", "-", "–", "—"}:
        features.add("title prefix")
    return features


def _bucket(at: int, title_end: int, length: int) -> str:
    if at < title_end:
        return "title"
    return str(int(4 * (at - title_end) / max(1, length - title_end)))


def features_at(clause: Clause, index: int, *, in_title: bool, main: int | None) -> set[str]:
    """Return what is seen around the entity at token `index` of a sentence.

    `main` is the entity that the paper introduces first, whose name stands for the paper.
    """
    token = clause.tokens[index]
    kind = token.text[-1]
    first = clause.list_start(index)
    words = [_word(t.text, t.entity, main) for t in clause.tokens]
    left, right = words[max(0, first - 10) : first], words[index + 1 : index + 4]
    place = "title" if in_title else "text"
    features = {
        f"{kind} <{left[-1] if left else '^'}",
        f"{kind} <<{' '.join(left[-2:])}",
        f"{kind} <<<{' '.join(left[-3:])}",
        f"{kind} >{right[0] if right else '$'}",
        f"{kind} >>{' '.join(right[:2])}",
        f"{kind} {place} <{left[-1] if left else '^'}",
    }
    start = clause.start_of(first)
    features |= {f"{kind} L={word}" for word in words[start:first]}
    features |= {f"{kind} R={word}" for word in right}
    triggers = [m.group() for m in _TRIGGER.finditer(" ".join(words[start:first]))]
    features.add(f"{kind} verb={triggers[-1] if triggers else '-'}")
    verbs = [t for t in triggers if len(t) > 4]
    features.add(f"{kind} verb2={verbs[-1] if verbs else '-'}")
    everything = set(words)
    for subject in ("P", "MAIN"):
        if subject in words[:index]:
            features.add(f"{kind} after {subject} {verbs[-1] if verbs else '-'}")
        features.add(f"{kind} {subject}={subject in everything}")
    features.add(f"{kind} opens={words[0] if words else '-'}")
    features |= {f"{kind} has={w}" for w in everything & _SIGNS}
    return features


_SIGNS = frozenset(
    [
        "experiments",
        "experimental",
        "results",
        "evaluate",
        "evaluation",
        "evaluated",
        "demonstrate",
        "benchmarks",
        "datasets",
        "outperforms",
        "outperform",
        "propose",
        "introduce",
        "present",
        "existing",
        "previous",
        "recent",
        "however",
        "challenging",
        "real-world",
        "hardware",
        "simulation",
        "trained",
        "code",
        "baselines",
        "compared",
        "state-of-the-art",
    ]
)


def _word(text: str, entity: int | None, main: int | None) -> str:
    if entity is None:
        return text if not text[0].isdigit() else "0"
    return "MAIN" if entity == main else text[-1]
