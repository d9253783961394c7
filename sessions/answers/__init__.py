"""
What people answer, date by date, and who has a place when there are only so many.

No account is needed to answer: a page, a personal link and a mail all lead here. Whoever
facilitates takes no place.
"""

from sessions.answers.giving import answer, take
from sessions.answers.halls import OpenHall, open_hall
from sessions.answers.keeping import (
    answered_dates,
    ask_again,
    carry_over,
    forget_old,
    withdraw,
)
from sessions.answers.reading import (
    Coming,
    Given,
    Going,
    Said,
    answers_of,
    going,
    may_come,
    said_by,
    waiting_of,
    who_comes,
    whole_answers,
)
from sessions.answers.tables import Answer, Waiting
from sessions.seating import Place, Word

__all__ = [
    "Answer",
    "Coming",
    "Given",
    "Going",
    "OpenHall",
    "Place",
    "Said",
    "Waiting",
    "Word",
    "answer",
    "answered_dates",
    "answers_of",
    "ask_again",
    "carry_over",
    "forget_old",
    "going",
    "may_come",
    "open_hall",
    "said_by",
    "take",
    "waiting_of",
    "who_comes",
    "whole_answers",
    "withdraw",
]
