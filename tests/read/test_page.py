from pathlib import Path

import pytest

from kg.read import read_file
from kg.records import Paper, Reason, Rejected

HEADER = "\n\n".join(
    ["new", "Get papers by mail, every day!", "Subscribe", "Daily Papers", "byAK and us", "Jul 31"]
)
TITLES = [
    "FoldNet: Learning to Fold Towels from Ten Demonstrations",
    "Does a Robot Need Eyes? On Touch, Sight, and Both",
    "Gripper",
    "By My Hands: Grasping without Vision",
]
SENTENCES = [
    "Folding cloth is hard for robots because cloth has no fixed shape.",
    "We present a method that learns from ten demonstrations, e.g. of towels.",
    "On three tasks it reaches 91.5% success, 12 points more than cloning (v1.5) does.",
    "The code is published together with the recordings of every demonstration.",
]


def abstract(i):
    return f"Paper number {i} is about this. " + " ".join(SENTENCES)


PAIRS = [(title, abstract(i)) for i, title in enumerate(TITLES)]


def page(pairs=PAIRS, *, header=HEADER, blank="\n\n", extra=()):
    lines = [header] if header else []
    for title, text in pairs:
        lines += [title, text, *extra]
    return blank.join(lines) + "\n"


@pytest.fixture
def read_text(tmp_path: Path):
    def reading(text: str, encoding: str = "utf-8") -> list[Paper | Rejected]:
        file = tmp_path / "page.txt"
        file.write_bytes(text.encode(encoding))
        return list(read_file(file))

    return reading


def wrapped(text):
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 70:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        page(),
        page(header=""),
        page(header="Daily Papers"),
        page(header="\n".join(["Models", "Docs", "The place where people share models."] * 30)),
        page(header="We use cookies. " + "They are small files. " * 30 + "\n\n" + HEADER),
        page(blank="\n"),
        page(blank="\n\n\n\n\n"),
        page(blank="\n  \n\t\n"),
        page().replace("\n", "\r\n"),
        page().replace("\n", "\r"),
        "\ufeff" + page(),
        page() + "\nPrevious\n\nNext\n\n© 2026 Somebody\nTOS\nPrivacy\nAbout us\n",
        page(extra=["Upvote", "12", "Submitted by", "someone", "· 7 authors"]),
        page([(f"{title}\n\n42\n\nView PDF", text) for title, text in PAIRS]),
        page([(wrapped(title), wrapped(text)) for title, text in PAIRS]),
        page(PAIRS[:2]) + page(PAIRS[2:], header=HEADER.replace("31", "30")),
        page() + page(),
    ],
    ids=[
        "as-copied",
        "no-header",
        "short-header",
        "long-header",
        "sentences-in-header",
        "no-blank-lines",
        "many-blank-lines",
        "blanks-in-blank-lines",
        "windows",
        "old-mac",
        "byte-order-mark",
        "footer",
        "buttons",
        "buttons-above-abstract",
        "hard-wrapped",
        "two-pages",
        "page-twice",
    ],
)
def test_page_gives_every_paper_and_rejects_nothing(read_text, text):
    found = read_text(text)
    assert [(item.title, item.abstract) for item in found] == PAIRS


def test_page_reads_abstracts_of_one_sentence(read_text):
    short = "We show that a glove with twelve sensors is enough to teach a robot hand."
    pairs = [PAIRS[0], (TITLES[1], short), PAIRS[2], (TITLES[3], short)]
    assert [item.abstract for item in read_text(page(pairs))] == [text for _, text in pairs]


def test_page_reads_titles_with_a_final_stop(read_text):
    pairs = [(f"{title} and Much More about All of the Ways to Do It.", x) for title, x in PAIRS]
    assert [(item.title, item.abstract) for item in read_text(page(pairs))] == pairs


def test_page_joins_the_paragraphs_of_an_abstract(read_text):
    last = "Videos and code are at https://example.org/fold"
    found = read_text(page(extra=[" ".join(SENTENCES[2:]), last]))
    assert len(found) == len(PAIRS)
    assert all(item.abstract.endswith(last) for item in found)


def test_page_rejects_a_title_without_abstract(read_text):
    text = page([PAIRS[0]]) + f"\n{TITLES[1]}\n\n" + page(PAIRS[2:], header="")
    *_, rejected = sorted(read_text(text), key=lambda item: isinstance(item, Rejected))
    assert rejected.reason is Reason.NO_ABSTRACT
    assert "Does a Robot" in rejected.detail
    assert rejected.where.endswith(":17")


def test_page_rejects_a_last_title_that_was_cut_off(read_text):
    found = read_text(page() + "\n" + "Pouring Water with One Arm: A Study\n")
    assert [item.reason for item in found if isinstance(item, Rejected)] == [Reason.NO_ABSTRACT]


def test_page_rejects_an_abstract_without_title(read_text):
    long = " ".join(abstract(i) for i in range(4))
    found = read_text(page([(TITLES[0], long)]) + "\n" + long.replace("cloth", "paper") + "\n")
    assert [item.reason for item in found if isinstance(item, Rejected)] == [Reason.NO_TITLE]


def test_page_repairs_latex_leftovers(read_text):
    (paper,) = read_text(page([(r"$\pi_0$: Na\"ive Cloning", abstract(1).replace("%", r"\%"))]))
    assert paper.title == "π0: Naïve Cloning"
    assert "91.5% success, 12 points" in paper.abstract


def test_page_keeps_hostile_titles_as_text(read_text):
    title = "<script>alert('x')</script> `rm -rf` \"}) MATCH (n) DETACH DELETE n //"
    (paper,) = read_text(page([(f"\x1b[31m{title}\x1b[0m", abstract(1))]))
    assert paper.title == title


def test_page_rejects_only_the_paper_with_broken_bytes(read_text):
    pairs = [PAIRS[0], ("Naïve Folding of All the Things", abstract(9))]
    first, second = read_text(page(pairs), "latin-1")
    assert isinstance(first, Paper)
    assert second.reason is Reason.BAD_ENCODING
    assert "iconv" in second.detail


def test_page_without_papers_says_so(read_text):
    (rejected,) = read_text("hello\n\nworld\n")
    assert rejected.reason is Reason.MALFORMED
    assert "daily-papers" in rejected.detail


def test_page_ids_do_not_depend_on_place_or_punctuation(read_text):
    first = {item.title: item.id for item in read_text(page())}
    again = {item.title: item.id for item in read_text(page(PAIRS[::-1], header=""))}
    assert first == again
    assert len(set(first.values())) == len(PAIRS)


def test_page_marks_a_withdrawn_paper(read_text):
    (paper,) = read_text(page([(TITLES[0], "This paper has been withdrawn. " + abstract(1))]))
    assert paper.withdrawn


def test_real_page_gives_85_papers_and_rejects_none(shared):
    (seed,) = (shared / "seeds").glob("*.txt")
    found = list(read_file(seed))
    assert [item for item in found if isinstance(item, Rejected)] == []
    assert len(found) == 85
    assert len({paper.id for paper in found}) == 85
    assert not any("\\" in paper.title + paper.abstract for paper in found)
