"""Atom feeds of arXiv and the XML of the ACL Anthology."""

import gzip

import pytest

from kg.errors import InputError
from kg.read import read_file
from kg.read.acl import anthology_id
from kg.records import Author, Paper, Reason, Rejected

ENTRY = """
  <entry>
    <id>http://arxiv.org/abs/1706.03762v7</id>
    <updated>2023-08-02T00:41:18Z</updated>
    <published>2017-06-12T17:57:34Z</published>
    <title>Attention Is All
  You Need</title>
    <summary>  The Transformer translates with attention alone, na\\"ive recurrence left
out. It reaches 28.4 BLEU &amp; trains on 8 GPUs at 9\\% of the cost.
</summary>
    <author><name>Ashish Vaswani</name><arxiv:affiliation>Google</arxiv:affiliation></author>
    <author><name>Łukasz Kaiser</name></author>
    <arxiv:comment>15 pages</arxiv:comment>
    <arxiv:doi>10.1000/ATTN.1</arxiv:doi>
    <arxiv:journal_ref>NeurIPS 30 (2017)</arxiv:journal_ref>
    <link href="http://arxiv.org/abs/1706.03762v7" rel="alternate" type="text/html"/>
    <arxiv:primary_category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title type="html">ArXiv Query: search_query=all:attention</title>
  <id>http://arxiv.org/api/abc</id>{}
</feed>
"""
ERROR = """
  <entry>
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_1234.12345</id>
    <title>Error</title>
    <summary>incorrect id format for 1234.12345</summary>
    <author><name>arXiv api core</name></author>
  </entry>"""
TRANSFORMER = Paper(
    id="1706.03762",
    title="Attention Is All You Need",
    abstract="The Transformer translates with attention alone, naïve recurrence left out. "
    "It reaches 28.4 BLEU & trains on 8 GPUs at 9% of the cost.",
    year=2017,
    date="2017-06-12",
    venue="NeurIPS 30 (2017)",
    authors=(Author(name="Ashish Vaswani"), Author(name="Łukasz Kaiser")),
    arxiv_id="1706.03762",
    doi="10.1000/attn.1",
    url="https://arxiv.org/abs/1706.03762",
    topics=("cs.CL", "cs.LG"),
)

COLLECTION = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="{collection}">
  <volume id="{volume}" ingest-date="2020-06-21">
    <meta>
      <booktitle>Proceedings of the 58th Annual
        Meeting of the <fixed-case>ACL</fixed-case></booktitle>
      <editor><first>Dan</first><last>Jurafsky</last></editor>
      <year>2020</year>
    </meta>
    <frontmatter><url hash="1">2020.acl-main.0</url></frontmatter>{papers}
  </volume>
</collection>
"""
PAPER = """
    <paper id="442">
      <title>Beyond Accuracy: Behavioral Testing of <fixed-case>NLP</fixed-case>
        with <b>Check<i>List</i></b></title>
      <author orcid="0000-0000-0000-0000"><first>Marco Tulio</first><last>Ribeiro</last></author>
      <author id="sameer-singh"><first>Sameer</first><last>Singh</last>
        <affiliation>UCI</affiliation></author>
      <author><last>Plato</last></author>
      <abstract>Held-out accuracy flatters models. CheckList tests
      <tex-math>\\alpha_1</tex-math>-capabilities and is
      at <url>https://github.com/marcotcr/checklist</url>. <i>Users find <b>twice</b></i>
      as many bugs &lt; 1 hour.</abstract>
      {url}
      <doi>10.18653/v1/2020.ACL-MAIN.442</doi>
      <bibkey>ribeiro-etal-2020-beyond</bibkey>
    </paper>"""
URL = '<url hash="8b1c">2020.acl-main.442</url>'
CHECKLIST = Paper(
    id="acl:2020.acl-main.442",
    title="Beyond Accuracy: Behavioral Testing of NLP with CheckList",
    abstract="Held-out accuracy flatters models. CheckList tests α1-capabilities and is at "
    "https://github.com/marcotcr/checklist. Users find twice as many bugs < 1 hour.",
    year=2020,
    venue="Proceedings of the 58th Annual Meeting of the ACL",
    authors=(
        Author(name="Marco Tulio Ribeiro", id="0000-0000-0000-0000"),
        Author(name="Sameer Singh"),
        Author(name="Plato"),
    ),
    doi="10.18653/v1/2020.acl-main.442",
    url="https://aclanthology.org/2020.acl-main.442",
    source_ids=("acl:2020.acl-main.442",),
)


def acl(papers: str, collection: str = "2020.acl", volume: str = "main") -> str:
    return COLLECTION.format(collection=collection, volume=volume, papers=papers)


@pytest.fixture
def read_text(tmp_path):
    def reading(text, name="input.xml", encoding="utf-8", **options):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return list(read_file(tmp_path / name, **options))

    return reading


def test_atom_entry_gives_the_first_versions_date_and_repaired_texts(read_text):
    assert read_text(FEED.format(ENTRY)) == [TRANSFORMER]


def test_atom_error_entry_is_rejected_as_an_error(read_text, tmp_path):
    (error, paper) = read_text(FEED.format(ERROR + ENTRY))
    assert error == Rejected(
        reason=Reason.ERROR_ENTRY,
        where=f"{tmp_path / 'input.xml'}:5",
        detail="arXiv answered: incorrect id format for 1234.12345",
    )
    assert paper == TRANSFORMER


def test_atom_paper_that_is_called_error_is_a_paper(read_text):
    (paper,) = read_text(FEED.format(ENTRY.replace("Attention Is All\n  You Need", "Error")))
    assert paper.title == "Error"


def test_atom_old_id_and_withdrawal(read_text):
    entry = ENTRY.replace("1706.03762v7", "hep-th/9901001v2").replace(
        "15 pages", "This paper has been withdrawn by the authors"
    )
    (paper,) = read_text(FEED.format(entry))
    assert (paper.id, paper.withdrawn) == ("hep-th/9901001", True)


def test_atom_feed_without_entries_holds_no_paper(read_text):
    assert read_text(FEED.format("")) == []


def test_atom_entry_without_abstract_is_rejected(read_text):
    start, end = ENTRY.index("<summary>"), ENTRY.index("</summary>")
    found = read_text(FEED.format(ENTRY[:start] + "<summary>" + ENTRY[end:]))
    assert [item.reason for item in found] == [Reason.NO_ABSTRACT]


def test_atom_bad_date_is_rejected_with_its_place(read_text, tmp_path):
    found = read_text(FEED.format(ENTRY.replace("2017-06-12T17:57:34Z", "soon")))
    assert [(item.reason, item.where) for item in found] == [
        (Reason.BAD_FIELD, f"{tmp_path / 'input.xml'}:5")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-2"])
def test_xml_is_read_in_the_encoding_that_it_names(read_text, encoding):
    text = FEED.format(ENTRY).replace("UTF-8", encoding.removesuffix("-sig"))
    assert read_text(text, encoding=encoding) == [TRANSFORMER]


def test_acl_paper_is_read_through_its_markup(read_text):
    assert read_text(acl(PAPER.format(url=URL))) == [CHECKLIST]


def test_acl_frontmatter_is_no_paper_and_missing_abstract_is_a_reason(read_text):
    paper = '<paper id="1"><title>A Study of Cups</title></paper>'
    assert [item.reason for item in read_text(acl(paper))] == [Reason.NO_ABSTRACT]


@pytest.mark.parametrize(
    ("collection", "volume", "expected"),
    [
        ("2020.acl", "main", "2020.acl-main.442"),
        ("P19", "1", "P19-1442"),
    ],
)
def test_acl_id_is_made_of_the_numbers_where_no_address_is(read_text, collection, volume, expected):
    (paper,) = read_text(acl(PAPER.format(url=""), collection, volume))
    assert paper.id == f"acl:{expected}"


def test_acl_workshop_id_has_two_digits_each(read_text):
    papers = PAPER.format(url="").replace('id="442"', 'id="7"')
    assert [paper.id for paper in read_text(acl(papers, "W18", "5"))] == ["acl:W18-0507"]


def test_acl_retracted_paper_is_withdrawn(read_text):
    paper = PAPER.format(url=URL + '<retracted date="2021-01-01">Errors.</retracted>')
    assert [paper.withdrawn for paper in read_text(acl(paper))] == [True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://aclanthology.org/2020.acl-main.442/", "2020.acl-main.442"),
        ("https://www.aclweb.org/anthology/P19-1442.pdf", "P19-1442"),
        ("P19-1442", "P19-1442"),
        ("https://example.org/P19-1442", None),
        ("cups", None),
    ],
)
def test_anthology_id(text, expected):
    assert anthology_id(text) == expected


@pytest.mark.parametrize(
    "text", [FEED.format(ENTRY), acl(PAPER.format(url=URL))], ids=["atom", "acl"]
)
def test_xml_that_breaks_off_gives_what_came_before_and_a_reason(read_text, tmp_path, text):
    body = ENTRY if "feed" in text else PAPER.format(url=URL)
    found = read_text(text.replace(body, body + body[:200] + "<title>a & b</title>"))
    assert isinstance(found[0], Paper)
    assert [item.reason for item in found[1:]] == [Reason.MALFORMED]
    assert found[1].where.startswith(f"{tmp_path / 'input.xml'}:")
    assert "rest of the file is not read" in found[1].detail


def test_xml_of_a_cut_download_is_an_error(tmp_path):
    data = gzip.compress(FEED.format(ENTRY * 400).encode())
    (tmp_path / "a.xml.gz").write_bytes(data[:-20])
    with pytest.raises(InputError, match="ends early"):
        list(read_file(tmp_path / "a.xml.gz"))


BOMB = "".join(f'<!ENTITY b{i} "{f"&b{i - 1};" * 10 if i else "ha" * 50}">' for i in range(12))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE feed [{BOMB}]>",
        '<!DOCTYPE feed [<!ENTITY b11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE feed [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!ENTITY b11 "x">]>',
        '<!DOCTYPE feed SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
    ids=["laughs", "file", "parameter", "external"],
)
def test_xml_with_a_doctype_is_not_read(read_text, doctype):
    text = FEED.format(ENTRY.replace("15 pages", "&b11;"))
    with pytest.raises(InputError, match="DOCTYPE"):
        read_text(text.replace("<feed", f"{doctype}\n<feed", 1), input_format="atom")


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><root/>',
        '<mods xmlns="http://www.loc.gov/mods/v3"><title>x</title></mods>',
        "<!DOCTYPE notes><notes/>",
    ],
)
def test_other_xml_is_an_error_that_says_what_to_do(read_text, text):
    with pytest.raises(InputError, match="not read: convert it"):
        read_text(text)


def test_wrong_root_is_an_error(read_text):
    with pytest.raises(InputError, match="<feed> where a <collection> is read"):
        read_text(FEED.format(ENTRY), input_format="acl")


def test_xhtml_is_html(read_text):
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body>nothing</body></html>'
    with pytest.raises(InputError, match="HTML without daily papers"):
        read_text(page)


def test_unknown_entity_is_a_reason(read_text):
    found = read_text(FEED.format(ENTRY.replace("15 pages", "&nosuch;")))
    assert [item.reason for item in found] == [Reason.MALFORMED]
