"""What one word becomes in a key: spelling variants and plurals of the field's English, folded.

A key is compared and never shown, so a rule may be rough as long as it maps two spellings of one
word to one form and two different words to two.
"""

import re
from functools import lru_cache

from kg.text import fold

__all__ = ["GREEK", "normalise_word", "singular"]

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}

_IRREGULAR = {
    "matrices": "matrix",
    "vertices": "vertex",
    "indices": "index",
    "corpora": "corpus",
    "analyses": "analysis",
    "hypotheses": "hypothesis",
    "children": "child",
    "people": "person",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "axes": "axis",
    "media": "medium",
}
_NO_PLURAL = re.compile(r"(?:ss|us|is|as|os|ics|xes|lens|series|species|news)$", re.IGNORECASE)
_ES_PLURAL = re.compile(r"(?:ch|sh|ss|x|zz)es$")
_ACRONYM_PLURAL = re.compile(r"(?:\w*[A-Z0-9]\w*)?[A-Z]s$")
_MIN_LOWER = 3
_MIN_TITLE = 5
_MIN_CAPITALS = 7

_SPELLINGS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?<=\w{3})(?<!v)is(e[drs]?|ers|ing|ation|ations)$", r"iz\1"),
        (r"(?<=al)ys(e[drs]?|ing)$", r"yz\1"),
        (r"^(model|label|travel|signal|tunnel|channel|level|cancel)l(ed|ing|er|ers)$", r"\1\2"),
        (r"(?<=[bl])our(?=$|s$|al$|ed$|ing$|hood$)", "or"),
        (r"^(neighb|behavi|fav|col|hum|tum|vap|arm|endeav)our", r"\1or"),
        (r"^(cent|met|fib|theat)re$", r"\1er"),
        (r"(?<=[lt])ogue$", "og"),
        (r"^(def|off|lic|pret)ence$", r"\1ense"),
        (r"^behavioral$", "behavior"),
        (r"^(quadrup|bip|hexap)edal$", r"\1ed"),
        (r"^robotics?$", "robot"),
        (r"^math(?:ematics|ematical|s)$", "math"),
        (r"^convolutional$", "convolution"),
        (r"^artefact", "artifact"),
        (r"^programme$", "program"),
        (r"^grey$", "gray"),
        (r"^judgement$", "judgment"),
        (r"^ageing$", "aging"),
    )
)


@lru_cache(maxsize=1 << 17)
def normalise_word(word: str) -> str:
    """Return the folded, singular, American form of a word that has no blank or hyphen.

    >>> [normalise_word(w) for w in ("Behaviours", "LLMs", "GPS", "Policies", "β")]
    ['behavior', 'llm', 'gps', 'policy', 'beta']
    """
    folded = fold(singular(word))
    if not folded.isascii():
        folded = "".join(GREEK.get(c, c) for c in folded)
    for pattern, form in _SPELLINGS:
        folded = pattern.sub(form, folded)
    return folded


def singular(word: str) -> str:
    """Return the singular of a word; a proper name that only ends in "s" is left as it is.

    >>> [singular(w) for w in ("networks", "GANs", "Atlas", "Mars", "physics", "ResNets")]
    ['network', 'GAN', 'Atlas', 'Mars', 'physics', 'ResNet']
    """
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if not word.endswith(("s", "S")) or (_NO_PLURAL.search(word) and not _ES_PLURAL.search(lower)):
        return word[:-1] if _ACRONYM_PLURAL.search(word) else word
    if _ACRONYM_PLURAL.search(word):
        return word[:-1]
    if word.isupper() and len(word) < _MIN_CAPITALS:
        return word
    shortest = _MIN_LOWER if word == lower else _MIN_TITLE
    if len(word) <= shortest:
        return word
    if lower.endswith("ies") and len(word) > shortest + 1:
        return word[:-3] + ("Y" if word.isupper() else "y")
    return word[:-2] if _ES_PLURAL.search(lower) else word[:-1]
