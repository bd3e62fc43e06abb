"""Keys: two names with one key are one name in two spellings.

A key is the name's words in folded form, with everything between letters gone and the border of
every number kept: "GSM8K" and "GSM-8K" are "gsm 8 k", "Llama-2 7B" is "llama 2 7 b" and
"Llama-27B" is "llama 27 b".
"""

import re
from functools import lru_cache

from kg.resolve.words import GREEK, normalise_word
from kg.schema import Kind
from kg.text import fold

__all__ = [
    "join_words",
    "key_numbers",
    "name_key",
    "name_words",
    "raw_words",
    "slug",
    "without_maker",
]

_TEX = re.compile(r"\\(?:text|math|mathrm|mathbf|textbf|textit|emph|rm|bf|it|ensuremath)\b|[${}]")
_TEX_GREEK = re.compile(r"\\(" + "|".join(sorted(set(GREEK.values()), key=len)) + r")\b")
_FIRST_VERSION = re.compile(
    r"(?:(?<![A-Za-z0-9])(?:[vV]\.?\s?|[vV]er(?:sion|\.)?\s*)|(?<=[A-Za-z])v|(?<=[a-z])V"
    r"|(?<=[A-Z]{3})V)1(?:\.0)?(?![\w.])"
)
_VERSION = re.compile(
    r"(?:(?<![A-Za-z0-9])(?:[vV]\.?\s?|[vV]er(?:sion|\.)?\s*)|(?<=[A-Za-z])v|(?<=[a-z])V"
    r"|(?<=[A-Z]{3})V)(?=\d)"
)
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019]s\b")
_AMPERSAND = re.compile(r"(?<=\b[A-Z])\s?&\s?(?=[A-Z]\b)")
_TO = re.compile(
    r"\b(sim|real|text|image|img|video|speech|audio|seq|sequence|code|graph|data|table)2"
    r"(sim|real|text|image|img|video|speech|audio|seq|sequence|code|graph|sql|sound|table|motion)\b",
    re.IGNORECASE,
)
_NEURAL_NET = re.compile(r"\b(neural|network) net(s?)\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+(?:\.\d+)?|[+#]|(?<=\w)\*(?=$|[\s/)-])")
_OWN_SHORT = re.compile(r"\s*\((?=[^()]*[A-Z][^()]*[A-Z])[\w-]{2,12}\)")
_RUN = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"20[0-3]\d")
_SIGNS = {"+": "plus", "*": "star", "#": "sharp"}
_ARTICLES = frozenset({"the", "a", "an"})

_GENERIC: dict[Kind, frozenset[str]] = {
    Kind.SYSTEM: frozenset({"model", "algorithm", "framework", "architecture", "method"}),
    Kind.RESOURCE: frozenset({"benchmark", "dataset", "corpus", "simulator"}),
    Kind.METRIC: frozenset({"score", "metric"}),
    Kind.ROBOT: frozenset({"robot", "arm"}),
    Kind.TASK: frozenset({"task", "problem"}),
}
_OPTIMISER = "optimizer"
_ARM = "arm"
_MAKER = re.compile(
    r"^(?:OpenAI|Google(?:[ -]DeepMind)?|DeepMind|Microsoft|Facebook|NVIDIA|Anthropic|Amazon"
    r"|Alibaba|Tencent|Baidu|Huawei|IBM|Salesforce|ByteDance|Stanford)(?:['\u2019]s)?[ -](?=[A-Z])",
    re.IGNORECASE,
)


def raw_words(name: str) -> list[str]:
    """Return the words of a name as written, split at everything but letters and digits."""
    words = _WORD.findall(name if name.isalpha() else _repaired(name))
    if len(words) > 1 and words[0].lower() in _ARTICLES and words[0] != "A":
        del words[0]
    return words


def _repaired(name: str) -> str:
    """Return a name with markup, version marks and the like in one form; each only where it is."""
    if "\\" in name or "$" in name or "{" in name:
        name = _TEX.sub("", _TEX_GREEK.sub(r" \1 ", name))
    if "'" in name or "\u2019" in name:
        name = _POSSESSIVE.sub("", name)
    if "(" in name:
        name = _OWN_SHORT.sub(" ", name)
    if "&" in name:
        name = _AMPERSAND.sub("", name).replace("&", " and ")
    if " net" in name or " Net" in name:
        name = _NEURAL_NET.sub(r"\1 network\2", name)
    if _DIGIT.search(name) is not None:
        name = _TO.sub(r"\1 to \2", _THOUSANDS.sub("", name))
        name = _VERSION.sub(" ", _FIRST_VERSION.sub(" ", name))
    return name


@lru_cache(maxsize=1 << 17)
def name_words(name: str, kind: Kind | None = None) -> tuple[str, ...]:
    """Return the normalised words of a name, without the noun that only tells its kind.

    >>> name_words("the LIBERO benchmark", Kind.RESOURCE)
    ('libero',)
    >>> name_words("vision-language models")
    ('vision', 'language', 'model')
    """
    raw = raw_words(name)
    term = kind in (Kind.METRIC, Kind.TASK)
    words = [
        _SIGNS.get(word) or normalise_word(word.lower() if term and word.istitle() else word)
        for word in raw
    ]
    if len(words) > 1 and _is_generic(words[-1], raw, kind):
        words.pop()
    return tuple(words)


def _is_generic(noun: str, raw: list[str], kind: Kind | None) -> bool:
    """Tell whether the last word only says what a proper name is the name of."""
    *rest, written = raw
    if kind is None or noun not in _GENERIC[kind]:
        return noun == _OPTIMISER and kind is Kind.SYSTEM and rest[-1][0].isupper()
    if kind in (Kind.TASK, Kind.METRIC, Kind.SYSTEM):
        return _is_proper(rest)
    if noun == _ARM and written != noun:
        return False
    return any(word[:1].isupper() or word[:1].isdigit() for word in rest)


def _is_proper(words: list[str]) -> bool:
    """Tell whether one word has a shape that ordinary words do not have: BERT, YOLO, GPT, F1."""
    last = words[-1]
    return any(c.isdigit() for c in last) or sum(c.isupper() for c in last) > 1


@lru_cache(maxsize=1 << 17)
def name_key(name: str, kind: Kind | None = None) -> str:
    """Return the key of a name; a name without letters and digits is its own key.

    >>> name_key("DINO-v2") == name_key("DINOv2") == name_key("dino 2")
    True
    >>> name_key("AIME 2024") == name_key("AIME24")
    True
    """
    return join_words(name_words(name, kind)) or fold(name) or name


def join_words(words: tuple[str, ...]) -> str:
    """Return the key that normalised words make.

    >>> join_words(("llama", "2", "7b"))
    'llama 2 7 b'
    """
    parts: list[str] = []
    letters = ""
    for word in words:
        for run in _RUN.findall(word):
            if run[0].isdigit():
                if letters:
                    parts.append(letters)
                    letters = ""
                parts.append(_number(run))
            else:
                letters += run
    return " ".join([*parts, letters] if letters else parts)


def _number(run: str) -> str:
    if _YEAR.fullmatch(run):
        return run[2:]
    while run.endswith(".0"):
        run = run[:-2]
    return re.sub(r"^0+(?=\d)", "", run)


def key_numbers(key: str) -> tuple[str, ...]:
    """Return the numbers of a key, each with the letter behind it ("7b", "16", "1k").

    >>> key_numbers("llama 2 7 b"), key_numbers("gsm 8 k"), key_numbers("gpt 4 omni")
    (('2', '7b'), ('8k',), ('4',))
    """
    parts = key.split()
    numbers = []
    for part, following in zip(parts, [*parts[1:], ""], strict=False):
        if part[0].isdigit():
            unit = following if len(following) == 1 and following.isalpha() else ""
            numbers.append(part + unit)
    return tuple(numbers)


def without_maker(name: str) -> str:
    """Return a name without the company before it; "Meta" is also a word and stays.

    >>> without_maker("OpenAI's GPT-4"), without_maker("Meta-World")
    ('GPT-4', 'Meta-World')
    """
    return _MAKER.sub("", name)


def slug(name: str) -> str:
    """Return the readable form of a name for an id: letters and digits of any script, hyphens.

    >>> slug("π0.5"), slug("A* search"), slug("C++")
    ('pi-0.5', 'a-star-search', 'c-plus-plus')
    """
    text = "".join(f"{GREEK[c]}-" if c in GREEK else c for c in fold(name))
    text = re.sub(r"[+#]|(?<=\w)\*(?=$|[\s/)-])", lambda sign: f"-{_SIGNS[sign[0]]}-", text)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.]|_", "-", text)
    return re.sub(r"-+", "-", text).strip("-")
