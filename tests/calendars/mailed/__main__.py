import asyncio
import tempfile
from pathlib import Path

from sessions.migrate import migrate
from sessions.settings import Settings
from tests.calendars import mailed

with tempfile.TemporaryDirectory() as folder:
    template = Path(folder) / "template.db"
    settings = Settings(data=Path(folder), database_url=f"sqlite:///{template}")
    asyncio.run(migrate(settings))
    mailed.write(asyncio.run(mailed.mails(template, Path(folder))))
