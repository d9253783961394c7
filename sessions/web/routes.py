"""Everything that answers over HTTP; the authorization matrix in the tests is made from it."""

from litestar.types import ControllerRouterHandler

from sessions.web.answers import AnswerController, MyAnswersController
from sessions.web.calendars import CalendarsController
from sessions.web.circles import CirclesController, OpenCirclesController
from sessions.web.days_off import DaysOffController
from sessions.web.dev_mail import letter, letters
from sessions.web.feeds import FeedsController, calendar_feed
from sessions.web.health import health
from sessions.web.inbound import inbound_mail
from sessions.web.join import JoinController
from sessions.web.join_requests import JoinRequestController
from sessions.web.me import MeController
from sessions.web.one_date import OneDateController
from sessions.web.pages import page_routes
from sessions.web.polls import AnswerPollsController, CirclePollsController, PollsController
from sessions.web.proposals import ProposalsController
from sessions.web.public import public_routes
from sessions.web.rota import RotaController, change_role, withdraw_offer
from sessions.web.series import (
    CircleSeriesController,
    DatesController,
    SeriesController,
    preview,
)
from sessions.web.signin import SignInController


def routes() -> list[ControllerRouterHandler]:
    return [
        *page_routes(),
        *public_routes(),
        SignInController,
        MeController,
        CirclesController,
        OpenCirclesController,
        CircleSeriesController,
        SeriesController,
        DatesController,
        preview,
        ProposalsController,
        RotaController,
        change_role,
        withdraw_offer,
        CirclePollsController,
        PollsController,
        AnswerPollsController,
        AnswerController,
        MyAnswersController,
        OneDateController,
        JoinRequestController,
        JoinController,
        FeedsController,
        CalendarsController,
        DaysOffController,
        calendar_feed,
        inbound_mail,
        health,
        letters,
        letter,
    ]
