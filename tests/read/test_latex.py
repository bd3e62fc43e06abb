import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.latex import repair


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"na\"ive", "naïve"),
        (r"Schr{\"o}dinger, Erd\H{o}s, \v{S}koda", "Schrödinger, Erdős, Škoda"),
        (r"Fran\c{c}ois and \'{\i}, Stra\ss{}e", "François and í, Straße"),
        (r"\textbf{\"ubung}", "übung"),
        (r"9\%, A \& B, a\_b, \#1, \$5", "9%, A & B, a_b, #1, $5"),
        (r"16.5% more at 100% & up", "16.5% more at 100% & up"),
        (r"$\pi_0$, $\pi_{0.5}$ and \pi_0", "π0, π0.5 and π0"),
        (r"$\tau^2$-bench, $R^2$, $10^6$ and $10^{-3}$", "τ²-bench, R², 10^6 and 10^-3"),
        (r"a $10\times$ gain, $\sim$10 and $95.2\%$", "a 10× gain, ∼10 and 95.2%"),
        (r"$k=5$ of $n$ items, $\mathcal{O}(n)$", "k=5 of n items, O(n)"),
        (r"$\texttt{A-bench}$ \textsc{Orca} {\em so} \emph{a \textbf{b}}", "A-bench Orca so a b"),
        (r"{\em a} \em b \ie{} c", "a b i.e. c"),
        ("$ε$-greedy, $X’$, AU$5-AU$10", "ε-greedy, X’, AU$5-AU$10"),
        (r"\href{https://a.b}{code} at \url{https://a_b.c/~d}", "code at https://a_b.c/~d"),
        ("costs $5 and $10 each, or $0.031", "costs $5 and $10 each, or $0.031"),
        ("from $5/$10 to $3", "from $5/$10 to $3"),
        ("$100 million and 200 million$ more", "$100 million and 200 million$ more"),
        (r"shown before \cite{someone2020}.", "shown before."),
        ("``quoted'' and \"partial''", '"quoted" and "partial"'),
        (r"Fig.~1 of et al.~is ~10 at /~user", "Fig. 1 of et al. is ~10 at /~user"),
        (r"10\,000 and 10{,}000", "10,000 and 10,000"),
        (r"C:\data \unknown{x} {1, 2}", r"C:\data \unknown{x} {1, 2}"),
        ("A &amp; B", "A & B"),
        ("naÃ¯ve", "naïve"),
        ("  hard\n  wrapped\r\n text ", "hard wrapped text"),
        ("it\x1b[31m is\x07", "it is"),
        ("“curly” quotes – stay", "“curly” quotes – stay"),
    ],
)  # fmt: skip
def test_repair(value, expected):
    assert repair(value) == expected


@pytest.mark.parametrize(
    "value", ["$" + "{" * 250 + "$", r"$\frac{1}$", "$\\text{" * 50, r"$\frac$"]
)
def test_repair_survives_broken_formulas(value, caplog):
    assert repair(value)
    assert caplog.records == []


PIECES = st.sampled_from(
    [
        "\\",
        "{",
        "}",
        "$",
        "_",
        "^",
        "~",
        "%",
        "\\textbf",
        "\\pi",
        "\\frac",
        "\\begin{a}",
        "a",
        " 1",
        "\\\\",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_repair_survives_anything(value):
    assert "\n" not in repair(value)


@given(st.text(alphabet=st.characters(max_codepoint=126, exclude_characters="\\${}~'`&")))
def test_repair_leaves_plain_text_alone(value):
    printable = "".join(c for c in value if c.isprintable())
    assert repair(printable) == " ".join(printable.split())
