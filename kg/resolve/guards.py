"""What must agree before two names can be one, however alike they look.

Numbers, versions, sizes and signs of both; and words that negate or narrow.
"""

from kg.resolve.normalise import key_numbers, name_key, name_words

__all__ = ["conflict"]

_PREFIXES = (
    "un", "in", "im", "ir", "non", "dis", "anti", "de", "a", "semi", "self", "weakly", "inverse",
    "multi", "single", "mono", "bi", "uni", "cross", "inter", "intra", "super", "sub", "hyper",
    "hypo", "pseudo", "quasi", "auto", "pre", "post", "meta", "micro", "macro", "homo", "hetero",
    "co", "counter", "over", "under", "out", "ex", "re", "mis", "mini", "omni", "poly", "tri",
)  # fmt: skip
_NARROWING = frozenset((
    "active", "anti", "auto", "backward", "base", "based", "bi", "big", "chat", "conditional",
    "constrained", "continual", "cross", "deep", "dense", "dev", "diamond", "distributed",
    "dynamic", "easy", "explicit", "fast", "federated", "few", "flash", "forward", "free", "full",
    "giant", "global", "hard", "hd", "hierarchical", "huge", "implicit", "instruct", "inter",
    "interactive", "intra", "inverse", "large", "left", "lifelong", "linear", "lite", "local",
    "long", "lower", "macro", "many", "max", "medium", "meta", "micro", "mini", "mono", "multi",
    "nano", "negative", "next", "non", "nonlinear", "offline", "omni", "one", "online", "passive",
    "plus", "positive", "post", "pre", "preview", "pro", "pseudo", "quasi", "right", "self",
    "semi", "shallow", "short", "single", "small", "soft", "sparse", "static", "sub", "super",
    "supervised", "test", "text", "tiny", "train", "turbo", "ultra", "un", "unconditional",
    "unconstrained", "uni", "unsupervised", "upper", "val", "validation", "vision", "weakly",
    "xl", "xs", "xxl", "zero",
))  # fmt: skip


def conflict(a: str, b: str) -> str | None:
    """Return what keeps two names apart, or None where no guard speaks.

    >>> conflict("CIFAR-10", "CIFAR-100")
    "numbers differ: '10' and '100'"
    >>> conflict("supervised learning", "unsupervised learning")
    "'unsupervised' negates or narrows 'supervised'"
    >>> conflict("Meta-World", "Metaworld") is None
    True
    """
    key_a, key_b = name_key(a), name_key(b)
    if key_a == key_b:
        return None
    numbers_a, numbers_b = key_numbers(key_a), key_numbers(key_b)
    if numbers_a != numbers_b:
        return f"numbers differ: {' '.join(numbers_a)!r} and {' '.join(numbers_b)!r}"
    words_a, words_b = set(name_words(a)), set(name_words(b))
    only_a, only_b = words_a - words_b, words_b - words_a
    narrowing = sorted((only_a | only_b) & _NARROWING)
    prefixed = _prefixed(only_a, only_b)
    if prefixed is None and narrowing:
        return f"only one has {narrowing[0]!r}"
    return prefixed


def _prefixed(only_a: set[str], only_b: set[str]) -> str | None:
    for x in sorted(only_a):
        for y in sorted(only_b):
            longer, shorter = (x, y) if len(x) > len(y) else (y, x)
            if len(shorter) > 2 and longer.endswith(shorter):
                prefix = longer.removesuffix(shorter)
                if prefix in _PREFIXES:
                    return f"{longer!r} negates or narrows {shorter!r}"
    return None
