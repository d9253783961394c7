"""What is mailed to those who facilitate, in each language and each detail."""

import pytest

from sessions.language import LOCALES, Locale
from sessions.people import Detail
from tests.fakes import Delivered
from tests.sessions.rota.team import Team
from tests.sessions.village import BO, CY, DANA, Village

SECRETS = ("Lantern", "Evening", "Danaë")


async def every_kind(team: Team, village: Village) -> list[Delivered]:
    """To Bo: other dates, a question, no more, would he again."""
    await team.take_turns(DANA, BO, CY)
    letters = await village.post(BO)
    await team.ask(0, 1, who=DANA)
    letters += await village.post(BO)
    for change in (team.leads_no_more, team.offer):
        await change(BO)
        plain = (one for one in await village.post(BO) if not has_calendar(one))
        letters += [one for one in plain if "/home" in text_of(one)]
    return letters


def has_calendar(one: Delivered) -> bool:
    return b"text/calendar" in one.message


def text_of(one: Delivered) -> str:
    body = one.mail.get_body(("plain",))
    assert body is not None
    return f"{one.mail['subject']}\n{body.get_content()}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("detail", ["discreet", "full"])
async def test_each_is_written_in_every_language(
    team: Team, village: Village, locale: Locale, detail: Detail
) -> None:
    await village.choose(DANA, name="Danaë")
    await village.choose(BO, locale=locale, detail=detail)
    await village.post()
    letters = await every_kind(team, village)

    assert len({str(one.mail["subject"]) for one in letters}) == 4
    for one in letters:
        text = text_of(one)
        assert "{" not in text
        if detail == "discreet":
            assert not any(secret in text for secret in SECRETS)
