"""Whoever asks an open circle to be let in shows first that the address is theirs."""

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.language import say
from sessions.letters.desk import Office, Written
from sessions.mail import Button, Mail, compose


async def join_asked(_db: AsyncSession, office: Office, letter: outbox.JoinAsked) -> Written:
    """Names no circle: somebody else may have asked, and somebody else may read it."""
    locale = letter.locale
    mail = Mail(
        to=letter.address,
        sender=office.settings.mail_from,
        sender_name=say(locale, "mail.from"),
        message_id=office.message_id,
        subject=say(locale, "mail.ask.subject"),
        paragraphs=say(locale, "mail.ask.body").split("\n\n"),
        buttons=[
            Button(
                say(locale, "mail.ask.button"),
                f"{office.settings.public_url}/ask#{letter.token}",
            )
        ],
        locale=locale,
        date=office.now,
    )
    return Written(compose(mail), mail.sender, mail.to)
