"""A mailbox on a server that really speaks IMAP (Dovecot), in a folder of its own."""

import getpass
import grp
import imaplib
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.machine.ports import free_port
from tests.machine.programs import listens, running

USER, PASSWORD = "box", "pass word/@é"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
login_trusted_networks = 127.0.0.0/8
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Box:
    """What a mail server would have put there, and what is there now."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.url = f"imap://{USER}:pass%20word%2F%40%C3%A9@127.0.0.1:{port}/INBOX"

    def deliver(self, message: bytes, *, flags: str = "", on: datetime | None = None) -> None:
        day = imaplib.Time2Internaldate(on) if on else ""
        with self._opened() as imap:
            imap.append("INBOX", flags, day, message)

    def deliver_all(self, messages: list[bytes]) -> None:
        with self._opened() as imap:
            for message in messages:
                imap.append("INBOX", "", "", message)

    def flags(self) -> list[list[str]]:
        """Of each mail that is still there."""
        with self._opened() as imap:
            _, [found] = imap.search(None, "ALL")
            return [
                [f.decode() for f in imaplib.ParseFlags(self._flags(imap, number))]
                for number in found.split()
            ]

    def clear(self) -> None:
        if self.flags():
            with self._opened() as imap:
                imap.store("1:*", "+FLAGS", "(\\Deleted)")
                imap.expunge()

    def running(self) -> AbstractContextManager[object]:
        """The server; it can be stopped and started again."""
        dovecot = shutil.which("dovecot") or "/usr/sbin/dovecot"
        return running(
            [dovecot, "-F", "-c", self.folder / "dovecot.conf"],
            dict(os.environ),
            log=self.folder / "said",
            ready=lambda: listens("127.0.0.1", self.port),
        )

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        imap = imaplib.IMAP4("127.0.0.1", self.port, 20)
        imap.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        imap.select("INBOX")
        try:
            yield imap
        finally:
            imap.logout()

    @staticmethod
    def _flags(imap: imaplib.IMAP4, number: bytes) -> bytes:
        _, [flags] = imap.fetch(number.decode(), "(FLAGS)")
        assert isinstance(flags, bytes)
        return flags


@contextmanager
def box() -> Iterator[Box]:
    """A server that does not run yet, with one empty mailbox."""
    with TemporaryDirectory(prefix="ronda-imap-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = free_port()
        # Dovecot will not show mail to root: then the users that Debian made for it serve.
        is_root = os.geteuid() == 0
        me = getpass.getuser()
        names = (
            {"user": "dovecot", "login": "dovenull"}
            if is_root
            else dict.fromkeys(("user", "login"), me)
        )
        owner = pwd.getpwnam(names["user"])
        config = CONFIG.format(
            folder=folder,
            port=port,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            **names,
        )
        (folder / "dovecot.conf").write_text(config)
        (folder / "passwords").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        if is_root:
            for path in (folder, folder / "passwords"):
                shutil.chown(path, names["user"])
        yield Box(folder, port)


@contextmanager
def mailbox() -> Iterator[Box]:
    with box() as found, found.running():
        yield found
