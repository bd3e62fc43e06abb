import re

import pytest

from kg.schema import Label
from kg.view import render_graph
from kg.view.picture import LIMIT
from tests.view.conftest import Graph, many, node

pytestmark = pytest.mark.browser


def shown(page, selector="#panel"):
    return page.inner_text(selector)


def counts(page):
    return shown(page, "#counts")


def chip(page, name):
    return page.locator(".chip", has_text=name).first


def test_page_opens_with_the_network_off(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    assert counts(page) == "5 of 8 nodes, 4 of 8 lines drawn"
    assert page.locator("#canvas canvas").count() == 1
    assert "Heron" in shown(page)


def test_page_of_nothing_opens(open_page):
    page = open_page(render_graph([], []))
    assert counts(page) == "0 of 0 nodes, 0 of 0 lines drawn"
    page.focus("#stage")
    for key in ("ArrowRight", "Enter", "Escape", "0", "+", "-"):
        page.keyboard.press(key)


def test_page_runs_nothing_that_a_paper_says(hostile, open_page):
    page = open_page(render_graph(hostile.nodes, hostile.edges, title=hostile.nodes[1].id))
    chip(page, "Paper").click()
    for query in ("script", "img", "window", "DETACH", "red", "half", "javascript"):
        page.fill("#search", query)
        page.keyboard.press("Enter")
        page.locator("#panel .quiet").first.click()
        page.wait_for_timeout(20)
    page.fill("#search", "MarshBench")
    page.keyboard.press("Enter")
    page.hover("#canvas")
    assert page.evaluate("window.__pwned") is None
    assert page.locator("img").count() == 0
    assert page.evaluate("document.scripts.length") == 3
    links = page.eval_on_selector_all("#panel a", "links => links.map((a) => a.href)")
    assert not [link for link in links if not link.startswith("http")]


def test_page_stops_a_script_that_is_put_into_it(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.__pwned = 1";
        window.addEventListener("securitypolicyviolation", () => { window.__stopped = 1; });
        document.body.append(script);
    }""")
    page.wait_for_function("window.__stopped === 1")
    assert page.evaluate("window.__pwned") is None
    open_page.complaints.clear()


def test_search_finds_by_alias_and_shows_the_sentences(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    page.keyboard.press("/")
    page.keyboard.type("hrn")
    assert page.locator("#results li").all_inner_texts() == ["Heron"]
    page.keyboard.press("Enter")
    text = shown(page)
    assert "also: HRN, heron model" in text
    assert "Heron is tested on MarshBench." in text
    link = page.locator("#panel a", has_text="Walking with Heron").first
    assert link.get_attribute("href") == "https://arxiv.org/abs/2301.00001"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_search_walks_its_results_by_arrow_keys(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    page.fill("#search", "e")
    names = page.locator("#results li").all_inner_texts()
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#search", "aria-activedescendant")
    assert page.inner_text(f"#{active}") == names[1]
    page.keyboard.press("Escape")
    assert page.is_hidden("#results")


def test_search_reaches_what_is_not_drawn(open_page):
    large = many(800)
    page = open_page(render_graph(large.nodes, large.edges))
    assert "Wader 787" not in shown(page)
    page.fill("#search", "Wader 787")
    page.keyboard.press("Enter")
    assert "Wader 787" in shown(page, "#panel h2")
    nodes, _, lines, _ = (int(n) for n in re.findall(r"\d+", counts(page).replace(",", "")))
    assert nodes + lines <= LIMIT


def test_legend_filters_by_label(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    assert chip(page, "Paper").get_attribute("aria-pressed") == "false"
    chip(page, "Paper").click()
    assert chip(page, "Paper").get_attribute("aria-pressed") == "true"
    assert counts(page) == "7 of 8 nodes, 6 of 8 lines drawn"
    chip(page, "Model").click()
    assert counts(page) == "5 of 8 nodes, 0 of 8 lines drawn"


def test_legend_filters_by_type(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    chip(page, "USES").click()
    assert counts(page) == "4 of 8 nodes, 3 of 8 lines drawn"


def test_unlinked_nodes_can_be_shown(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    chip(page, "unlinked").click()
    assert counts(page) == "6 of 8 nodes, 4 of 8 lines drawn"
    assert "Stilt" in shown(page)


def test_click_on_a_line_shows_its_evidence(small, open_page):
    pair = [small["Heron"], small["MarshBench"], small["Walking with Heron"]]
    pair.append(small["Flying with Egret"])
    page = open_page(render_graph(pair, small.edges))
    box = page.locator("#canvas canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#panel h2:has-text('USES')")
    text = shown(page)
    assert "Heron USES MarshBench" in text
    assert "2 papers say" in text
    assert "On MarshBench, HRN was tested before." in text
    assert "confidence 0.8" in text


def test_click_on_a_node_shows_it_and_the_ground_clears_it(open_page):
    page = open_page(render_graph([node(Label.ROBOT, "Stilt")], []))
    box = page.locator("#canvas canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#panel h2:has-text('Stilt')")
    page.wait_for_timeout(400)
    page.mouse.click(box["x"] + 30, box["y"] + 30)
    page.wait_for_selector("#panel h2:has-text('What is drawn')")


def test_keyboard_alone_reaches_the_evidence(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    page.focus("#stage")
    page.keyboard.press("ArrowRight")
    first = shown(page, "#panel h2")
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert shown(page, "#said") != ""
    assert first in {"Heron", "Egret"}
    page.keyboard.press("Escape")
    assert shown(page, "#panel h2") == "What is drawn"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "say" in shown(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "stage"


def test_every_control_has_a_name(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    names = page.eval_on_selector_all(
        "button, input", "all => all.map((x) => x.getAttribute('aria-label') || x.textContent)"
    )
    assert names
    assert all(name.strip() for name in names)


def test_neighbours_are_brought_in(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    page.fill("#search", "Heron")
    page.keyboard.press("Enter")
    page.click("#expand")
    assert counts(page) == "6 of 8 nodes, 5 of 8 lines drawn"
    assert page.locator("#expand").count() == 0


def test_focus_on_a_node_and_back(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges))
    page.fill("#search", "wading")
    page.keyboard.press("Enter")
    page.click("text=Only its neighbourhood")
    assert counts(page) == "2 of 8 nodes, 1 of 8 lines drawn"
    page.click("[aria-label='Depth 2']")
    assert counts(page) == "4 of 8 nodes, 3 of 8 lines drawn"
    page.click("#whole")
    assert counts(page) == "5 of 8 nodes, 4 of 8 lines drawn"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system_until_it_is_chosen(small, open_page, scheme):
    page = open_page(render_graph(small.nodes, small.edges), color_scheme=scheme)
    assert page.get_attribute("html", "data-theme") == scheme
    page.click("#theme")
    assert page.get_attribute("html", "data-theme") != scheme


def test_page_says_what_to_do_without_javascript(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges), java_script_enabled=False)
    assert "JavaScript" in shown(page, "noscript")


def test_page_fits_a_narrow_window(small, open_page):
    page = open_page(render_graph(small.nodes, small.edges), viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#canvas canvas").bounding_box()["height"] > 150


def test_page_draws_every_shape(open_page):
    every = Graph([node(label, f"a {label}") for label in Label], [])
    page = open_page(render_graph(every.nodes, every.edges))
    chip(page, "unlinked").click()
    assert counts(page) == "11 of 11 nodes, 0 of 0 lines drawn"
