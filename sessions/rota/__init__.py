"""
Who facilitates which date, when several people do: turns, exceptions, and swaps.

Only facilitators see it. In a calendar it stands in the copy of the one who has the date,
and in nobody else's.
"""

from sessions.rota.changing import free_date, set_date, set_order, skip
from sessions.rota.reading import (
    Duties,
    Kept,
    Rota,
    dates_of,
    duties,
    duties_on,
    duty_at,
    kept_of,
    rota_of,
    rotas_of,
)
from sessions.rota.roles import (
    OFFER_LASTS,
    accept_role,
    decline_role,
    end_offers,
    end_role,
    forget_offers,
    offer_role,
    withdraw_offer,
)
from sessions.rota.rule import By, Chosen, Duty, Plan, Turn, on_duty
from sessions.rota.swaps import (
    accept_swap,
    ask_swap,
    decline_swap,
    forget_old,
    is_open,
    open_swaps,
    swap_agreed,
)
from sessions.rota.tables import RotaDate, RotaPlan, RotaSkip, RotaSwap
from sessions.rota.telling import own_dates, told

__all__ = [
    "OFFER_LASTS",
    "By",
    "Chosen",
    "Duties",
    "Duty",
    "Kept",
    "Plan",
    "Rota",
    "RotaDate",
    "RotaPlan",
    "RotaSkip",
    "RotaSwap",
    "Turn",
    "accept_role",
    "accept_swap",
    "ask_swap",
    "dates_of",
    "decline_role",
    "decline_swap",
    "duties",
    "duties_on",
    "duty_at",
    "end_offers",
    "end_role",
    "forget_offers",
    "forget_old",
    "free_date",
    "is_open",
    "kept_of",
    "offer_role",
    "on_duty",
    "open_swaps",
    "own_dates",
    "rota_of",
    "rotas_of",
    "set_date",
    "set_order",
    "skip",
    "swap_agreed",
    "told",
    "withdraw_offer",
]
