"""Letters about no series: to sign in, to be welcome."""

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.language import say
from sessions.letters.desk import Office, Written, desk_for, finish, paragraphs
from sessions.mail import Button, Mail, compose


async def signin(_db: AsyncSession, office: Office, letter: outbox.SignInLetter) -> Written:
    locale = letter.locale
    mail = Mail(
        to=letter.address,
        sender=office.settings.mail_from,
        sender_name=say(locale, "mail.from"),
        message_id=office.message_id,
        subject=say(locale, "mail.signin.subject"),
        paragraphs=say(locale, "mail.signin.body").split("\n\n"),
        buttons=[
            Button(
                say(locale, "mail.signin.button"),
                f"{office.settings.public_url}/in#{letter.token}",
            )
        ],
        locale=locale,
        date=office.now,
    )
    return Written(compose(mail), mail.sender, mail.to)


async def welcome(db: AsyncSession, office: Office, letter: outbox.Welcome) -> Written:
    desk = await desk_for(db, office, letter)
    key = "mail.welcome.body.full" if desk.full else "mail.welcome.body"
    subject = "mail.welcome.subject.full" if desk.full else "mail.welcome.subject"
    circle = desk.mine.circle.name
    return finish(
        desk,
        say(desk.person.locale, subject, circle=circle),
        paragraphs(desk, key, circle=circle),
    )
