r"""LaTeX leftovers and broken encodings in texts that come from arXiv, repaired.

Only what is surely LaTeX is replaced: accents, escaped characters, known text commands, formulas
between dollars. Everything else stands as it is: "16.5%", "$5 and $10", "C:\data", "A & B".
"""

import logging
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from kg.text import collapse_spaces, has_lone_surrogate, strip_controls

__all__ = ["repair"]

_SUSPICIOUS = ("\\", "$", "{", "~", "``", "''")
_MAX_DEPTH = 6
_MAX_GROUPS = 30
"""No formula of an abstract has more; pylatexenc would recurse into each."""


_FONTS = (
    "emph|underline|uline|mbox|hbox|fbox|textrm|textbf|textit|texttt|textsc|textsf|textsl|textup"
    "|textmd|textnormal|text|mathrm|mathbf|mathit|mathtt|mathsf|mathcal|mathbb|mathfrak|mathscr"
    "|operatorname|url|path|nolinkurl|textsuperscript|textsubscript|bm|boldsymbol|ensuremath"
)
_DROPPED = "cite|citep|citet|citealp|citeauthor|citeyear|label|footnote|footnotemark|thanks|vspace"
_SYMBOLS = {
    "ldots": "...",
    "dots": "...",
    "textellipsis": "...",
    "textquotesingle": "'",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbackslash": "\\",
    "textbar": "|",
    "textunderscore": "_",
    "textless": "<",
    "textgreater": ">",
    "textendash": "–",
    "textemdash": "—",
    "texttimes": "×",
    "textpm": "±",
    "textdegree": "°",
    "textmu": "µ",
    "textregistered": "®",
    "texttrademark": "™",
    "copyright": "©",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "xspace": "",
    "noindent": "",
    "ie": "i.e.",
    "eg": "e.g.",
    "etal": "et al.",
    "item": " ",
    "newline": " ",
    "par": " ",
    "quad": " ",
    "qquad": " ",
}
_SIGNS = (
    "alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho"
    "|sigma|tau|upsilon|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi"
    "|Psi|Omega|times|sim|approx|leq|geq|le|ge|pm|cdot|ell|rightarrow|leftarrow|to|infty|circ|star"
    "|dagger"
)
_GROUP = r"\{([^{}]*)\}"
_LETTER = re.compile(
    r"""\\["'`^~=.](?:\s*\{\s*\\?[A-Za-z]\s*\}|\\[ij](?![A-Za-z])|[A-Za-z])"""
    r"""|\\[cvuHkrdbt]\s*\{\s*\\?[A-Za-z]{1,2}\s*\}|\\[cvuH]\s+[A-Za-z](?![A-Za-z])"""
    r"""|\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?:\{\}|(?![A-Za-z])\s?)"""
)
_BRACED_LETTER = re.compile(r"\{([^\W\d_a-zA-Z])\}")
_FONT = re.compile(rf"\\(?:{_FONTS})\s*{_GROUP}")
_SWITCH = re.compile(r"\{\s*\\(?:em|bf|it|tt|sc|sl|rm|sf|bfseries|itshape|ttfamily)\b\s*([^{}]*)\}")
_BARE_SWITCH = re.compile(r"\\(?:em|bf|it|tt|sc|sl|sf|bfseries|itshape|ttfamily)(?:\s+|$)")
_LINK = re.compile(rf"\\href\s*\{{[^{{}}]*\}}\s*{_GROUP}")
_DROP = re.compile(rf"\s*~?\\(?:{_DROPPED})\*?\s*(?:\[[^\]]*\])?{_GROUP}")
_SYMBOL = re.compile(rf"\\({'|'.join(_SYMBOLS)})(?![A-Za-z])(?:\{{\}})?")
_MATH = re.compile(
    r"(?<!\\)\$\$([^$]{1,400})\$\$|\\\((.{1,400}?)\\\)"
    r"|(?<!\\)\$((?!\s)(?:[^$\\]|\\.){1,300}?(?<!\s))\$",
    re.DOTALL,
)
_SIGN = re.compile(rf"\\(?:{_SIGNS})(?![A-Za-z])(?:_(?:\d|\{{[\w.]+\}}))?(?:\^(?:\d|\{{\w+\}}))?")
_FORMULA = re.compile(r"[\\^_{}]")
_SIMPLE_FORMULA = re.compile(r"\w[^\s$]{0,20}|[A-Za-z0-9+\-*/=<>().,|!:%~ ]{1,40}")
_PROSE = re.compile(r"[A-Za-z]{3,} +[A-Za-z]{2,}")
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?")
_DIGITS_BELOW = re.compile(r"_(?:\{([\d.]+)\}|(\d))")
_DIGIT_ABOVE = re.compile(r"(?<=[A-Za-z})])\^(?:\{([23])\}|([23])(?!\d))")
_RAISED = {"2": "²", "3": "³"}
_THOUSANDS = re.compile(r"(?<=\d)(?:\\,|\{,\})(?=\d)")
_NOTHING = re.compile(r"\\[-!/@](?=\w)")
_BREAK = re.compile(r"\\\\(?![%&_#$])(?:\[[^\]]*\])?|\\[,;:](?=[\s\w])")
_ESCAPED = re.compile(r"\\{1,2}([%&_#$])|\\([ {}])")
_TIE = re.compile(r"(?<=[A-Za-z.)\]])~(?=[\w(\[\\$])")
_CLOSING_QUOTES = re.compile(r"(?<=\S)\'\'")


def repair(text: str) -> str:
    r"""Return `text` on one line, with LaTeX leftovers and mojibake repaired.

    >>> repair(r"Na\"ive \textbf{cloning} with $\pi_0$ gains 9\% at $5 each")
    'Naïve cloning with π0 gains 9% at $5 each'
    """
    if has_lone_surrogate(text):
        return text
    if not text.isascii() or "&" in text:
        text = _fixer()(text)
    text = collapse_spaces(text)
    if any(mark in text for mark in _SUSPICIOUS):
        text = _repair_latex(text)
    return collapse_spaces(strip_controls(text))


@cache
def _fixer() -> Callable[[str], str]:
    import ftfy  # 0.2 s, and only for texts that are not plain ASCII

    config = ftfy.TextFixerConfig(uncurl_quotes=False, fix_character_width=False)
    return lambda text: ftfy.fix_text(text, config)


def _repair_latex(text: str) -> str:
    if "$" in text or "\\(" in text:
        text = _MATH.sub(_formula, text)
    if "\\" in text:
        text = _repair_commands(_SIGN.sub(lambda match: _spoken(match[0]), text))
    text = _TIE.sub(" ", _THOUSANDS.sub(",", text))
    return _CLOSING_QUOTES.sub('"', text.replace("``", '"'))


def _repair_commands(text: str) -> str:
    for _ in range(_MAX_DEPTH):
        before = text
        text = _LETTER.sub(lambda match: _spoken(match[0]), text)
        for pattern, replacement in ((_DROP, ""), (_LINK, r"\1"), (_FONT, r"\1"), (_SWITCH, r"\1")):
            text = pattern.sub(replacement, text)
        text = _BRACED_LETTER.sub(r"\1", text)
        if text == before:
            break
    text = _BARE_SWITCH.sub("", text)
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match[1]], text)
    text = _NOTHING.sub("", _THOUSANDS.sub(",", text))
    return _ESCAPED.sub(lambda match: match[1] or match[2], _BREAK.sub(" ", text))


def _formula(match: re.Match[str]) -> str:
    """Return a formula as text, or the match itself where the dollars are money."""
    formula = match[1] or match[2] or match[3]
    if match[3] is not None:
        before_digit = match.string[match.end() : match.end() + 1].isdigit()
        simple = not before_digit and _SIMPLE_FORMULA.fullmatch(formula) is not None
        is_money = _PROSE.search(_COMMAND.sub("", formula)) is not None
        if is_money or not (simple or _FORMULA.search(formula)):
            return match[0]
    return _spoken(formula)


@lru_cache(maxsize=4096)  # accents and symbols come again and again
def _spoken(latex: str) -> str:
    r"""Return a piece of LaTeX in Unicode: `\pi_0` is π0, `\tau^2` is τ², `10^{-3}` is 10^-3."""
    from pylatexenc.latexwalker import LatexWalkerError  # 0.1 s, and only where there is LaTeX

    latex = _FONT.sub(r"\1", _FONT.sub(r"\1", latex))
    latex = _DIGITS_BELOW.sub(lambda match: "{}" + (match[1] or match[2]), latex)
    latex = _DIGIT_ABOVE.sub(lambda match: "{}" + _RAISED[match[1] or match[2]], latex)
    latex = re.sub(r"(?<!\\)%", r"\\%", latex)
    if latex.count("{") > _MAX_GROUPS:
        return latex
    try:
        return str(_converter().latex_to_text(latex))
    except (LatexWalkerError, IndexError):
        return latex


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of every broken formula
    return LatexNodes2Text(math_mode="text")
