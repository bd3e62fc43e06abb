"""Find the numbers of a sentence and tell a reported value from a difference, a size or a count."""

import re
from dataclasses import dataclass
from enum import StrEnum

from kg.extract.clauses import Clause

__all__ = ["SPEEDS", "Number", "NumberKind", "find_numbers"]


class NumberKind(StrEnum):
    """What a number says."""

    VALUE = "value"
    MARGIN = "margin"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens ``first`` to ``last`` (its unit included), as written."""

    first: int
    last: int
    value: str
    unit: str | None
    kind: NumberKind
    named: bool
    """Whether a metric or a benchmark stands so near that a count is ruled out."""


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
_DASH = frozenset("-–—")
_UNITS = {
    "%": "%", "percent": "%", "percentage": "%", "fps": "FPS", "hz": "Hz", "khz": "kHz", "ms": "ms",
    "mm": "mm", "cm": "cm", "db": "dB", "m/s": "m/s", "s": "s", "x": "x", "×": "×", "°": "°",
    "points": "points", "point": "points", "pts": "points", "pp": "points", "degrees": "degrees",
    "seconds": "s", "minutes": "minutes", "hours": "hours", "m": "m", "meters": "m",
}  # fmt: skip
_MARGIN_UNITS = frozenset({"points", "x", "×"})
SPEEDS = frozenset(
    {
        "FPS",
        "Hz",
        "kHz",
        "ms",
        "mm",
        "cm",
        "m",
        "m/s",
        "s",
        "°",
        "degrees",
        "minutes",
        "hours",
        "dB",
    }
)
_MARGIN_BEFORE = re.compile(
    r"(?:(?:(?<!followed )(?<!divided )\bby|\+|\bmargin \(|(?:improvement|gain|increase|reduction"
    r"|decrease|drop|boost|saving)s?"
    r" (?:[a-z0-9-]+ ){1,7}?(?:of|by)|(?:improvement|gain|increase|reduction|decrease|drop|boost"
    r"|saving)s? (?:[a-z0-9,%-]+ ){0,9}?up to|(?:improvement|gain|increase|reduction|decrease|drop"
    r"|boost|margin|gap|difference"
    r"|advantage|speed-?up|uplift|decline|saving)s? (?:of|between|is|was)|improv(?:es?|ed|ing) "
    r"(?:[a-z0-9-]+ ){0,4}?(?:by|up to)"
    r"|(?:more|less|better|higher|lower) by)"
    r" (?:(?:up to|about|around|over|more than|at least|an? average of|an? average|nearly|almost"
    r"|approximately|roughly"
    r"|as much as|a (?:large|significant|substantial)? ?margin of|an? (?:absolute|relative"
    r"|average)|an additional|another|an|a"
    r"|~|∼|>|\+|\() ?){0,3})$"
)
_LIST_BEFORE = re.compile(r"(?:,|and|to|or|–|—|-) (?:up to |by |about |~ )?$")
_MARGIN_AFTER = re.compile(
    r"^(?:(?:absolute|relative|average|mean|overall|in|the|of|\+|performance|accuracy"
    r"|[a-z]+ ?- ?point|percentage|points?|pts"
    r"|e\d+S|score) )*"
    r"(?:improvements?|gains?|increases?|reductions?|decreases?|drops?|higher|lower|better|faster"
    r"|slower|worse|more|less|fewer"
    r"|boosts?|savings?|speed-?ups?|absolute|relative(?:ly)?|points?|uplift|increments?|margin|gap"
    r"|smaller|larger|cheaper|of the (?:gap|performance))\b"
)
_SIZE_AFTER = re.compile(
    r"^(?:(?:b|m|k|t|gb|mb|tb|gpus?|billion|million|thousand|trillion|parameters?|params?|layers?"
    r"|tokens?|epochs?"
    r"|hours? of|minutes of|seconds of|days?|years?|dof|d)\b|- ?(?:billion|million|dof|degree"
    r"|layer|shot|way|bit|fold|step|dimensional"
    r"|class|d|parameter|hour|minute|second|point|stage|view|crop|hop|turn|choice))"
)
_PART_AFTER = re.compile(
    r"^(?:of (?:the |its |our |all |their |total )?(?:[a-z-]+ ){0,3}?(?:parameters?|data|labels?"
    r"|labell?ed|samples?|tokens?|weights?"
    r"|examples?|annotations?|layers|neurons|time|cost|computation|flops|images|users|pixels"
    r"|training|dataset|memory|instances)\b"
    r"|(?:labell?ed|unlabell?ed|noise|sparsity|dropout|confidence|ci\b|of (?:the )?(?:e\d+[BD]) "
    r"(?:data|labels|samples))"
    r"|of (?:the |all |its |our )?(?:[a-z-]+ )?(?:questions|people|users|participants|cases|papers"
    r"|queries|speakers|respondents"
    r"|documents|patients|companies|developers|workers|articles|tweets|posts|errors)\b|(?:fewer"
    r"|less) |(?:training |annotated )?(?:data|labels|annotations|parameters|samples"
    r"|supervision)\b)"
)
_NAMED_BEFORE = re.compile(
    r"e\d+S (?:[a-z-]+ ){0,2}?(?:[(=:,] |of |is |was |to |from |at |by |score |scores |value "
    r"|values |above |over |up |about |around"
    r"|exceeding |reaching |reaches |approximately |nearly |than |~ |> |< ){0,3}$"
)
_NAMED_AFTER = re.compile(r"^(?:(?:in|on|for) )?(?:[a-z-]+ ){0,2}?e\d+S\b")


def find_numbers(clause: Clause) -> list[Number]:
    """Return the numbers of a sentence that stand outside of names, in order."""
    numbers: list[Number] = []
    k = 0
    tokens = clause.tokens
    while k < len(tokens):
        if tokens[k].entity is None and _NUMBER.fullmatch(tokens[k].text):
            number = _read(clause, k, numbers[-1] if numbers else None)
            numbers.append(number)
            k = number.last
        k += 1
    return _share_units(numbers, clause)


def _read(clause: Clause, k: int, previous: Number | None) -> Number:
    tokens = clause.tokens
    last, value = k, tokens[k].text
    if (
        k + 2 < len(tokens)
        and tokens[k + 1].text in _DASH
        and _NUMBER.fullmatch(tokens[k + 2].text)
    ):
        last, value = k + 2, f"{value.rstrip('%')}-{tokens[k + 2].text}"
    elif deviation := _deviation(clause, k):
        last, value = k + 2, value + deviation
    unit = "%" if value.endswith("%") else None
    if unit is None and last + 1 < len(tokens):
        unit = _UNITS.get(tokens[last + 1].text)
        last += unit is not None
        if tokens[last].text == "percentage":
            unit = "points"
    before = clause.line[max(0, clause.offset(k) - 90) : clause.offset(k)]
    after = clause.line[clause.offset(last) + len(tokens[last].text) + 1 :][:90]
    named = bool(_NAMED_BEFORE.search(before) or _NAMED_AFTER.search(after))
    kind = _kind(value, unit, before, after, named=named)
    if (
        previous is not None and previous.kind is NumberKind.MARGIN and kind is NumberKind.VALUE
        and k - previous.last <= 8 and _LIST_BEFORE.search(before) and (previous.named or not named)
    ):  # fmt: skip
        kind = NumberKind.MARGIN
    return Number(k, last, value.rstrip("%"), unit, kind, named)


def _deviation(clause: Clause, k: int) -> str:
    """Return " ± 0.4" as it is written behind the number at token `k`, or nothing."""
    window = clause.tokens[k : k + 3]
    if len(window) < 3:
        return ""
    number, sign, spread = window
    if sign.text not in {"±", "pm"} or not _NUMBER.fullmatch(spread.text):
        return ""
    written = "±" if sign.text == "±" else "\\pm"
    start = sign.end - len(written)
    return f"{' ' * (start > number.end)}{written}{' ' * (spread.start > sign.end)}{spread.text}"


def _kind(value: str, unit: str | None, before: str, after: str, *, named: bool) -> NumberKind:
    if (_SIZE_AFTER.search(after) and unit is None) or re.fullmatch(r"(?:19|20)\d\d", value):
        return NumberKind.OTHER
    if re.search(
        r"(?:\bv|[a-z]-|(?<!\d )/|top ?-|@|±|\\pm|\bk =|=|\bversion|\bsection|\bfigure|\btable"
        r"|\bstep|e\d+[MHBDTSR] -) $",
        before,
    ) and not (named and before.endswith("= ")):
        return NumberKind.OTHER
    if unit in _MARGIN_UNITS or _MARGIN_BEFORE.search(before) or _MARGIN_AFTER.search(after):
        return NumberKind.MARGIN
    if _PART_AFTER.search(after):
        return NumberKind.OTHER
    if unit == "%":
        return NumberKind.VALUE
    if unit in SPEEDS:
        return NumberKind.VALUE if named or unit in {"FPS", "Hz"} else NumberKind.OTHER
    if named or ("." in value and re.search(r"\bscor\w+ (?:of )?(?:[a-z]+ )?$", before)):
        return NumberKind.VALUE
    return NumberKind.OTHER


def _share_units(numbers: list[Number], clause: Clause) -> list[Number]:
    """Give a number without a unit that of the next one in its list ("41.5 and 42.1%")."""
    shared = list(numbers)
    for k in range(len(shared) - 2, -1, -1):
        one, following = shared[k], shared[k + 1]
        between = clause.line[clause.offset(one.last) : clause.offset(following.first)].split()[1:]
        joined = bool(between) and set(between) <= {",", "and", "to", "/", "or"}
        if (
            joined
            and following.kind is NumberKind.MARGIN
            and one.kind is NumberKind.VALUE
            and not one.named
        ):
            shared[k] = Number(
                one.first,
                one.last,
                one.value,
                one.unit or following.unit,
                following.kind,
                named=False,
            )
        elif (
            one.unit is None
            and joined
            and following.unit is not None
            and one.kind is not NumberKind.MARGIN
        ):
            shared[k] = Number(
                one.first, one.last, one.value, following.unit, following.kind, following.named
            )
    return shared
