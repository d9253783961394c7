# ruff: noqa: DTZ001 - wall time has no zone

from collections import Counter
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sessions.rota import Chosen, Duty, Plan, Turn, on_duty

FIRST = datetime(2026, 3, 10, 19)
ANN, BO, CY, DI = (UUID(int=number) for number in range(1, 5))
NAMES = {ANN: "A", BO: "B", CY: "C", DI: "D", None: "-"}

NONE: frozenset[int] = frozenset()

people = st.integers(1, 8).map(lambda many: tuple(UUID(int=n) for n in range(1, many + 1)))
lengths = st.integers(1, 4)


def dates(
    many: int, *, cancelled: AbstractSet[int] = NONE, skipped: AbstractSet[int] = NONE
) -> list[Turn]:
    return [
        Turn(FIRST + timedelta(weeks=n), n in cancelled | skipped, n in skipped)
        for n in range(many)
    ]


def rota(
    order: tuple[UUID, ...],
    turns: list[Turn],
    *,
    every: int = 1,
    chosen: dict[int, Chosen] | None = None,
    left_out: dict[int, set[UUID]] | None = None,
    gone: AbstractSet[UUID] = frozenset(),
) -> list[Duty]:
    """Dates are given by their number."""
    found = on_duty(
        Plan(order, every, FIRST),
        turns,
        chosen={turns[n].original: one for n, one in (chosen or {}).items()},
        left_out={turns[n].original: who for n, who in (left_out or {}).items()},
        facilitators={ANN, BO, CY, DI, *order} - gone,
    )
    return list(found)


def told(duties: list[Duty]) -> str:
    return "".join(NAMES[duty.who] for duty in duties)


def test_people_take_turns_in_their_order() -> None:
    assert told(rota((ANN, BO, CY), dates(7))) == "ABCABCA"


def test_a_turn_can_be_several_dates_long() -> None:
    assert told(rota((ANN, BO), dates(7), every=2)) == "AABBAAB"


def test_before_the_plan_begins_nobody_has_a_date() -> None:
    plan = Plan((ANN, BO), 1, FIRST + timedelta(weeks=2))
    found = on_duty(plan, dates(5), chosen={}, left_out={}, facilitators={ANN, BO})

    assert told(list(found)) == "--ABA"


def test_without_a_plan_only_what_was_set_by_hand_counts() -> None:
    turns = dates(3)
    chosen = {turns[1].original: Chosen(BO, "hand")}

    found = on_duty(None, turns, chosen=chosen, left_out={}, facilitators={BO})

    assert told(list(found)) == "-B-"


def test_what_is_set_by_hand_moves_nobody_elses_dates() -> None:
    assert told(rota((ANN, BO, CY), dates(7), chosen={0: Chosen(CY, "hand")})) == "CBCABCA"


def test_two_who_swap_move_nobody_elses_dates() -> None:
    swapped = {0: Chosen(CY, "swap"), 2: Chosen(ANN, "swap")}

    assert told(rota((ANN, BO, CY), dates(7), chosen=swapped)) == "CBAABCA"


def test_who_leaves_a_date_out_changes_places_with_the_next() -> None:
    assert told(rota((ANN, BO, CY), dates(7), left_out={0: {ANN}})) == "BACBACB"


def test_who_leaves_out_two_dates_comes_after_them() -> None:
    assert told(rota((ANN, BO, CY), dates(6), left_out={0: {ANN}, 1: {ANN}})) == "BCABCA"


def test_a_date_that_everybody_leaves_out_is_a_gap() -> None:
    assert told(rota((ANN, BO), dates(4), left_out={1: {ANN, BO}})) == "A-BA"


def test_a_cancelled_date_is_nobodys_and_moves_nobodys() -> None:
    assert told(rota((ANN, BO, CY), dates(7, cancelled={1}))) == "A-CABCA"


def test_a_holiday_skipped_from_the_first_takes_no_turn() -> None:
    assert told(rota((ANN, BO, CY), dates(7, skipped={1}))) == "A-BCABC"


def test_the_dates_of_somebody_who_has_gone_are_gaps() -> None:
    assert told(rota((ANN, BO, CY), dates(6), gone={BO})) == "A-CA-C"


@given(people, lengths, st.integers(0, 60))
def test_after_each_turn_loads_differ_by_at_most_one_turn(
    order: tuple[UUID, ...], every: int, many: int
) -> None:
    loads = Counter(duty.who for duty in rota(order, dates(many), every=every))
    each = [loads[who] for who in order]

    assert max(each) - min(each) <= every
    if many % (len(order) * every) == 0:
        assert len(set(each)) == 1


@given(people, st.integers(0, 60), st.data())
def test_nobody_has_two_dates_in_a_row_unless_they_are_alone(
    order: tuple[UUID, ...], many: int, data: st.DataObject
) -> None:
    skipped = data.draw(st.sets(st.integers(0, 60)))
    held = [d.who for d in rota(order, dates(many, skipped=skipped)) if d.who]

    assert len(order) == 1 or all(one != next_ for one, next_ in pairwise(held))


@given(people, st.dictionaries(st.integers(0, 19), st.integers(1, 8)))
def test_what_is_left_out_comes_back_and_rounds_go_on_as_fair_as_before(
    order: tuple[UUID, ...], left_out: dict[int, int]
) -> None:
    out = {n: {UUID(int=who)} for n, who in left_out.items()}
    held = [duty.who for duty in rota(order, dates(20 + 3 * len(order)), left_out=out)]

    assert all(who not in out.get(n, set()) for n, who in enumerate(held))
    for begin in range(20, len(held) - len(order) + 1):
        assert set(held[begin : begin + len(order)]) == set(order)
    if len(order) > 1:
        assert None not in held


@given(people, lengths, st.sets(st.integers(0, 39)))
def test_cancelling_dates_changes_nobody_elses(
    order: tuple[UUID, ...], every: int, cancelled: set[int]
) -> None:
    before = rota(order, dates(40), every=every)
    after = rota(order, dates(40, cancelled=cancelled), every=every)

    for n, (one, other) in enumerate(zip(before, after, strict=True)):
        assert other.who == (None if n in cancelled else one.who)


@given(people, lengths, st.sets(st.integers(1, 8)))
def test_who_goes_moves_nobody_elses_dates(
    order: tuple[UUID, ...], every: int, gone: set[int]
) -> None:
    out = {UUID(int=who) for who in gone}
    before = rota(order, dates(40), every=every)
    after = rota(order, dates(40), every=every, gone=out)

    assert [d.who for d in after] == [None if d.who in out else d.who for d in before]
