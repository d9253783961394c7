"""What a change means, in sentences, before it is made and after."""

from sessions.language import Locale, say, when
from sessions.schedule import Means, Series
from sessions.web.given import House
from sessions.web.naming import known_as
from sessions.web.shapes.series import MeansView, ToldView
from sessions.zones import resolve


def means_view(house: House, series: Series, means: Means, *, locale: Locale) -> MeansView:
    return MeansView(
        told=[
            ToldView(name=known_as(house, notice.person), how=notice.how, kind=notice.said)
            for notice in means.notices
        ],
        people=means.people,
        mails=means.mails,
        ends=means.ends,
        begins=means.begins,
        kept_changes=means.kept,
        dropped_changes=means.dropped,
        sentences=_sentences(series, means, locale=locale),
    )


def _sentences(series: Series, means: Means, *, locale: Locale) -> list[str]:
    """The most surprising first."""
    said = [say(locale, f"means.{why}") for why in means.why]
    if means.ends and means.begins:
        ends, begins = (
            when(resolve(wall, series.zone), zone=series.zone, locale=locale)
            for wall in (means.ends, means.begins)
        )
        said.append(say(locale, "means.divided", ends=ends, begins=begins))
    if means.dropped:
        dates = "; ".join(
            when(resolve(wall, series.zone), zone=series.zone, locale=locale)
            for wall in means.dropped
        )
        said.append(say(locale, "means.dropped", dates=dates))
    if means.kept:
        said.append(say(locale, "means.kept", count=means.kept))
    if means.mails:
        said.append(say(locale, "means.mails", count=means.mails))
    if feeds := {n.membership.id for n in means.notices if n.how == "feed"}:
        said.append(say(locale, "means.feeds", count=len(feeds)))
    return said
