import itertools
import time

import pytest

from kg.view.layout import Box, lay_out

BOX = Box(width=60, height=40)


def covers(boxes, points):
    pairs = itertools.combinations(zip(boxes, points, strict=True), 2)
    return sum(
        abs(p[0] - q[0]) < (a.width + b.width) / 2 - 2
        and abs(p[1] - q[1]) < (a.height + b.height) / 2 - 2
        for (a, p), (b, q) in pairs
    )


def wheel(n, start=0):
    return [(start, start + i) for i in range(1, n)]


def test_lay_out_is_the_same_each_time():
    links = [*wheel(30), (30, 31), (31, 32)]
    assert lay_out([BOX] * 40, links) == lay_out([BOX] * 40, links)


@pytest.mark.parametrize(
    ("n", "links"),
    [
        pytest.param(0, [], id="nothing"),
        pytest.param(1, [(0, 0)], id="a loop"),
        pytest.param(2, [(0, 1), (1, 0)], id="a pair"),
        pytest.param(9, [], id="nine alone"),
        pytest.param(60, wheel(60), id="a star"),
        pytest.param(50, list(itertools.pairwise(range(50))), id="a chain"),
        pytest.param(120, [x for i in range(0, 120, 4) for x in wheel(4, i)], id="thirty islands"),
        pytest.param(20, list(itertools.combinations(range(20), 2)), id="everything with all"),
    ],
)
def test_lay_out_lets_no_box_cover_another(n, links):
    points = lay_out([BOX] * n, links)
    assert len(points) == n
    assert covers([BOX] * n, points) == 0


def test_lay_out_makes_room_for_large_boxes():
    boxes = [Box(width=300, height=80), *[BOX] * 20]
    assert covers(boxes, lay_out(boxes, wheel(21))) == 0


def test_lay_out_makes_a_picture_wider_than_high():
    points = lay_out([BOX] * 200, [(i // 3, i) for i in range(1, 200)])
    width, height = (max(axis) - min(axis) for axis in zip(*points, strict=True))
    assert 1.0 < width / height < 3.0


def test_lay_out_keeps_linked_boxes_nearer_than_others():
    links = [*wheel(12), *wheel(12, 12), (0, 12)]
    points = lay_out([BOX] * 24, links)

    def distance(a, b):
        return ((points[a][0] - points[b][0]) ** 2 + (points[a][1] - points[b][1]) ** 2) ** 0.5

    linked = sum(distance(a, b) for a, b in links) / len(links)
    apart = [distance(a, b) for a in range(1, 12) for b in range(13, 24)]
    assert linked < sum(apart) / len(apart)


def test_lay_out_takes_seconds_for_a_full_picture():
    started = time.process_time()
    lay_out([BOX] * 300, [(i // 2, i) for i in range(1, 300)])
    assert time.process_time() - started < 8
