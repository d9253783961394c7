"""Series and their dates."""

from sessions.web.series.booking import CircleSeriesController, preview
from sessions.web.series.dates import DatesController
from sessions.web.series.whole import SeriesController

__all__ = ["CircleSeriesController", "DatesController", "SeriesController", "preview"]
