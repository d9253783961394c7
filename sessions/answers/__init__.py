"""
What people answer, date by date, and who has a place when there are only so many.

No account is needed to answer: a page, a personal link and a mail all lead here. Whoever
facilitates takes no place.
"""

from sessions.answers.giving import answer, pass_on, take
from sessions.answers.halls import OpenHall, open_hall
from sessions.answers.keeping import carry_over, forget_old, withdraw
from sessions.answers.reading import (
    Coming,
    Given,
    Going,
    Waits,
    answer_for,
    answers_of,
    going,
    may_come,
    place_for,
    said_by,
    wait_for,
    waiting_of,
    waits_of,
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
    "Waiting",
    "Waits",
    "Word",
    "answer",
    "answer_for",
    "answers_of",
    "carry_over",
    "forget_old",
    "going",
    "may_come",
    "open_hall",
    "pass_on",
    "place_for",
    "said_by",
    "take",
    "wait_for",
    "waiting_of",
    "waits_of",
    "who_comes",
    "whole_answers",
    "withdraw",
]
