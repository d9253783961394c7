"""
Which time suits, before anything is booked: proposed, answered, and one of them booked.

People of a circle see how many said what; who said it, only those who facilitate see.
"""

from sessions.polls.answering import KEPT, answer, answers_of, forget_old, poll_of
from sessions.polls.booking import Again, book
from sessions.polls.counting import Count, Suits, best, count
from sessions.polls.proposing import MAX_TIMES, OPEN_PER_CIRCLE, close, propose
from sessions.polls.reading import Asked, asked, poll_for, polls_in
from sessions.polls.tables import Poll, PollAnswer, PollTime

__all__ = [
    "KEPT",
    "MAX_TIMES",
    "OPEN_PER_CIRCLE",
    "Again",
    "Asked",
    "Count",
    "Poll",
    "PollAnswer",
    "PollTime",
    "Suits",
    "answer",
    "answers_of",
    "asked",
    "best",
    "book",
    "close",
    "count",
    "forget_old",
    "poll_for",
    "poll_of",
    "polls_in",
    "propose",
]
