import pytest

from kg.errors import InputError
from kg.files import save_text


def test_save_text_replaces_the_old_page_whole(tmp_path):
    path = tmp_path / "graph.html"
    path.write_text("old")
    before = path.stat().st_ino
    save_text("new", path)
    assert path.read_text() == "new"
    assert path.stat().st_ino != before


def test_save_text_gives_the_file_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.touch()
    save_text("new", tmp_path / "graph.html")
    assert (tmp_path / "graph.html").stat().st_mode == usual.stat().st_mode


def test_save_text_says_that_the_folder_is_missing(tmp_path):
    with pytest.raises(InputError, match="make its folder first"):
        save_text("new", tmp_path / "nowhere" / "graph.html")


def test_save_text_leaves_nothing_behind_where_it_fails(tmp_path):
    (tmp_path / "graph.html").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        save_text("new", tmp_path / "graph.html")
    assert [p.name for p in tmp_path.iterdir()] == ["graph.html"]


def test_save_text_writes_what_a_link_points_to(tmp_path):
    (tmp_path / "kept.yaml").write_text("old")
    (tmp_path / "link.yaml").symlink_to("kept.yaml")
    save_text("new", tmp_path / "link.yaml")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "kept.yaml").read_text() == "new"
