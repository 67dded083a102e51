"""Charts: what each accepts. The source is the page data-visualization-block of docs.slack.dev."""

from collections.abc import Iterator

from playground.block_kit import assumptions, problem
from playground.block_kit.problem import Problem
from playground.block_kit.rules.fields import dicts
from playground.block_kit.schema.fields import BLOCK_ID
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.spec import Context, Json, Listing, Number, String

SOURCE = "data-visualization-block"
LABEL = String(20)
POINT = Shape(SOURCE, {"label": LABEL, "value": Number(whole=False)})
SEGMENT = Shape(SOURCE, {"label": LABEL, "value": Number(whole=False, above=0)})
SERIES = Shape(SOURCE, {"name": String(20), "data": Listing(POINT, most=20)})
AXES = Shape(SOURCE, {"categories": Listing(LABEL, most=20)}, {"x_label": String(50), "y_label": String(50)})


def unique_names(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """No two series of a chart have the same name."""
    names = [series.get("name") for series in dicts(value.get("series"))]
    for index, name in enumerate(names):
        if isinstance(name, str) and name in names[:index]:
            yield Problem(problem.already_exists("name", name), f"{at}/series/{index}/name")


def labels_are_categories(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """The points of every series have the labels of the axis."""
    axes = value.get("axis_config")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    if isinstance(categories, list):
        for index, series in enumerate(dicts(value.get("series"))):
            labels = [point.get("label") for point in dicts(series.get("data"))]
            if any(label not in categories for label in labels) or len(labels) != len(categories):
                yield Problem(assumptions.CATEGORIES, f"{at}/series/{index}/data")


def plot(type_: str) -> Shape:
    """A chart with axes."""
    return Shape(
        SOURCE,
        {"series": Listing(SERIES, most=6), "axis_config": AXES},
        type=type_,
        rules=(unique_names, labels_are_categories),
    )


PIE = Shape(SOURCE, {"segments": Listing(SEGMENT, most=6)}, type="pie")
DATA_VISUALIZATION = Shape(
    SOURCE,
    {"title": String(50), "chart": OneOf(PIE, plot("bar"), plot("area"), plot("line"))},
    BLOCK_ID,
    type="data_visualization",
    surfaces={"message"},
)
