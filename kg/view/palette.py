"""How each label looks: a colour for light and for dark pages, a shape by kind.

The colours are those of Okabe and Ito, "Color Universal Design" (2008), which people with any
common colour vision can tell apart; shapes say the kind a second time.
"""

from dataclasses import dataclass

from kg.schema import Label

__all__ = ["LOOKS", "Look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The colours of a label on a light and on a dark page, and its vis-network shape.

    `scale` makes the shapes look equally large: vis-network measures each in its own way.
    """

    light: str
    dark: str
    shape: str = "dot"
    scale: float = 1.0


LOOKS = {
    Label.MODEL: Look(light="#0072b2", dark="#3d9bd8"),
    Label.METHOD: Look(light="#56b4e9", dark="#8fd0f5"),
    Label.BENCHMARK: Look(light="#d55e00", dark="#f07c22", shape="square", scale=0.86),
    Label.DATASET: Look(light="#e69f00", dark="#f2b632", shape="square", scale=0.86),
    Label.TASK: Look(light="#009e73", dark="#24bf92", shape="triangle", scale=0.92),
    Label.ROBOT: Look(light="#b8508b", dark="#e08fba", shape="hexagon"),
    Label.METRIC: Look(light="#c9b800", dark="#f0e442", shape="diamond"),
    Label.PAPER: Look(light="#8b919c", dark="#8b93a3"),
    Label.AUTHOR: Look(light="#5b6270", dark="#c3c9d5"),
    Label.TOPIC: Look(light="#7a4fbf", dark="#b493ee", shape="diamond"),
    Label.RESULT: Look(light="#a6761d", dark="#cf9c45", shape="triangleDown"),
}
