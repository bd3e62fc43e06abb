import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import identity
from kg.records import Author, Paper


def a_paper(title="Learning to Fold Towels with Two Arms", **fields):
    return Paper(id=fields.pop("id", ""), title=title, abstract="An abstract.", **fields)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2306.02707", "2306.02707"),
        ("2306.02707v2", "2306.02707"),
        ("arXiv:2306.02707v12", "2306.02707"),
        ("https://arxiv.org/abs/2306.02707", "2306.02707"),
        ("http://www.arxiv.org/pdf/2306.02707v1.pdf", "2306.02707"),
        ("https://arxiv.org/html/2306.02707v1/", "2306.02707"),
        ("0704.0001", "0704.0001"),
        ("cs/0112017v1", "cs/0112017"),
        ("math.GT/0309136", "math.gt/0309136"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("10.48550/arXiv.2306.02707", "2306.02707"),
        ("https://doi.org/10.48550/ARXIV.2306.02707", "2306.02707"),
        ("2313.02707", None),
        ("2306.027", None),
        ("10.1145/3366423", None),
        ("seed-01", None),
        ("", None),
    ],
)
def test_normalise_arxiv_id_drops_version_and_address(value, expected):
    assert identity.normalise_arxiv_id(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1145/3366423.3380211", "10.1145/3366423.3380211"),
        ("https://doi.org/10.1109/ICRA.2020.1", "10.1109/icra.2020.1"),
        ("http://dx.doi.org/10.1007%2F978-3", "10.1007/978-3"),
        ("doi: 10.1000/ABC.", "10.1000/abc"),
        ("11.1000/abc", None),
        ("10.1000/", None),
        ("a b", None),
    ],
)
def test_normalise_doi_lowers_and_strips(value, expected):
    assert identity.normalise_doi(value) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kingma, Diederik P.", "Diederik Kingma"),
        ("D. Kingma", "Diederik P. Kingma"),
        ("José Núñez", "Jose Nunez"),
        ("Robert Downey Jr.", "R. Downey"),
    ],
)
def test_author_key_is_one_for_spellings_of_a_name(left, right):
    assert identity.author_key(left) == identity.author_key(right)


def test_author_key_tells_first_names_apart():
    assert identity.author_key("Wei Zhang") != identity.author_key("Lei Zhang")


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (a_paper(id="x", arxiv_id="2306.02707v3", doi="10.1/abc"), "2306.02707"),
        (a_paper(id="x", doi="10.1145/ABC"), "10.1145/abc"),
        (a_paper(doi="10.48550/arXiv.2306.02707"), "2306.02707"),
        (a_paper(id="x", source_ids=("s2:b", "s2:a")), "s2:a"),
        (a_paper(id="mine-7"), "mine-7"),
    ],
    ids=["arxiv", "doi", "arxiv-doi", "source", "own"],
)
def test_paper_id_takes_the_best_known_id(paper, expected):
    assert identity.paper_id(paper) == expected


def test_paper_id_hashes_the_normalised_title_where_nothing_else_is_known():
    first = identity.paper_id(a_paper("Folding Towels: A Study"))
    assert first == identity.paper_id(a_paper("folding towels – a study."))
    assert first != identity.paper_id(a_paper("Folding Shirts: A Study"))


@given(st.text(min_size=1))
def test_paper_id_is_never_empty(title):
    assert identity.paper_id(a_paper(title))


@given(st.text())
def test_normalise_title_is_idempotent(title):
    once = identity.normalise_title(title)
    assert identity.normalise_title(once) == once


ANN, BOB = (Author(name="Ann Lee"),), (Author(name="Bob Ray"),)
PREPRINT, VENUE, OTHER = "10.48550/arxiv.2306.02707", "10.1109/icra.1", "10.1145/2"


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ({"doi": "10.1109/A"}, {"doi": "10.1109/a", "title": "Other Words"}, True),
        ({"arxiv_id": "2306.02707v1"}, {"doi": PREPRINT, "title": "Other"}, True),
        ({"source_ids": ("s2:1",)}, {"source_ids": ("acl:2", "s2:1"), "title": "Other"}, True),
        ({"authors": ANN}, {"authors": (*BOB, Author(name="Lee, A."))}, True),
        ({"authors": ANN}, {"authors": BOB}, False),
        ({"authors": ANN, "year": 2020}, {"authors": ANN, "year": 2022}, True),
        ({"authors": ANN, "year": 2020}, {"authors": ANN, "year": 2023}, False),
        ({"authors": ANN, "doi": VENUE}, {"authors": ANN, "doi": OTHER}, False),
        ({"authors": ANN, "doi": PREPRINT}, {"authors": ANN, "doi": OTHER}, True),
        ({}, {"authors": ANN}, True),
        ({"title": "Folding Towels Fast"}, {"title": "Folding towels fast"}, False),
        ({"title": "Folding Towels Very Fast"}, {"title": "Folding towels very fast."}, True),
        ({"title": "Folding Towels Very Fast 2"}, {"title": "Folding Towels Very Fast"}, False),
    ],
    ids=[
        "same-doi",
        "arxiv-and-its-doi",
        "same-source-id",
        "title-and-author",
        "title-other-author",
        "two-years",
        "three-years",
        "two-dois",
        "preprint-doi",
        "one-without-authors",
        "three-words",
        "four-words",
        "another-number",
    ],
)
def test_same_paper_follows_the_rules(left, right, one):
    a, b = a_paper(**left), a_paper(**right)
    assert (identity.same_paper(a, b) is not None) is one
    assert identity.same_paper(a, b) == identity.same_paper(b, a)


def test_same_paper_says_why():
    a, b = a_paper(authors=ANN), a_paper(authors=ANN)
    assert identity.same_paper(a, b) == "same title and author lee a"
