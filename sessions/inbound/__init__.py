"""
Answers that come back by mail, from people's calendar apps (RFC 5546 - iTIP, RFC 6047 - iMIP).

`messages` opens a mail, `itip` reads the calendar in it, `dates` finds the date that is
meant, `taking` does what was asked for. `mailbox` and `collector` fetch mails over IMAP; the
webhook of `sessions.web.inbound` is handed them.

Anybody can write any From into a mail. What counts is the address it was sent to: everyone
has one of their own for each series, and nobody else knows it.
"""

from sessions.inbound.messages import MOST_BYTES
from sessions.inbound.receiving import Fate, receive

__all__ = ["MOST_BYTES", "Fate", "receive"]
