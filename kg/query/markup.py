"""Tables as Markdown and LaTeX: whatever a name holds, it is printed as text."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from kg.query.table import Cell, CellFact
from kg.text import collapse_spaces, strip_controls

__all__ = ["escape_latex", "escape_markdown", "latex_table", "markdown_table", "plain_cell"]

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~&$#!]|(?<=\w):(?=//))")
_NO_KEY = re.compile(r"[^A-Za-z0-9./:+-]")
_AFTER_ROW = re.compile(r"^([\[*])")
r"""What `\\` at the end of a row would take for its argument."""


def escape_markdown(text: str) -> str:
    r"""Return a text as Markdown that shows it: no markup, no HTML, no link, one line.

    >>> escape_markdown("a|b *c* <i>")
    'a\\|b \\*c\\* \\<i\\>'
    """
    return _MARKDOWN.sub(r"\\\1", collapse_spaces(strip_controls(text)))


def escape_latex(text: str) -> str:
    r"""Return a text as LaTeX that prints it; what LaTeX has no macro for stays Unicode.

    >>> escape_latex("50% of A_1 & π0")
    '50\\% of A\\_1 \\& \\ensuremath{\\pi}0'
    """
    return _latex_encoder()(collapse_spaces(strip_controls(text)))


@cache
def _latex_encoder() -> Callable[[str], str]:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    encoder = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)
    encode: Callable[[str], str] = encoder.unicode_to_latex
    return encode


def plain_cell(cell: Cell) -> str:
    """Return a cell as text: each fact with its papers in brackets."""
    return "; ".join(_with_papers(fact, str) for fact in cell)


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table in GitHub's Markdown; papers stand behind a fact in brackets."""
    lines = [_markdown_row(map(escape_markdown, columns)), _markdown_row("---" for _ in columns)]
    lines += [
        _markdown_row("; ".join(_with_papers(f, escape_markdown) for f in cell) for cell in row)
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def latex_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    r"""Return a `tabularx` of LaTeX with the rules of booktabs; papers are cited by their ids.

    An id's characters that a key of `\cite` cannot hold are written "-".
    """
    lines = [
        r"% \usepackage{booktabs,tabularx}; the keys of \cite are the ids of the papers",
        r"\begin{tabularx}{\linewidth}{" + "l" + "X" * (len(columns) - 1) + "}",
        r"\toprule",
        _latex_row(map(escape_latex, columns)),
        r"\midrule",
    ]
    lines += [_latex_row("; ".join(map(_cited, cell)) for cell in row) for row in rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabularx}"]) + "\n"


def _with_papers(fact: CellFact, escape: Callable[[str], str]) -> str:
    text = escape(fact.text)
    return f"{text} [{escape(', '.join(fact.papers))}]" if fact.papers else text


def _cited(fact: CellFact) -> str:
    text = escape_latex(fact.text)
    keys = ",".join(_NO_KEY.sub("-", paper) for paper in fact.papers)
    return rf"{text}~\cite{{{keys}}}" if keys else text


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _latex_row(cells: Iterable[str]) -> str:
    return _AFTER_ROW.sub(r"{\1}", " & ".join(cells)) + r" \\"
