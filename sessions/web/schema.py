"""Writes the OpenAPI document, from which the front end's types are generated."""

import json
import os
from pathlib import Path

from sessions.app import create_app
from sessions.keys import Keys
from sessions.settings import Settings


def main() -> None:
    data = Path("var")
    data.mkdir(exist_ok=True, mode=0o700)
    settings = Settings.from_env({**os.environ, "RONDA_DATA": str(data)})
    app = create_app(settings, Keys(("only to describe the interface",)))
    document = json.dumps(app.openapi_schema.to_schema(), sort_keys=True)
    (data / "openapi.json").write_text(document)


if __name__ == "__main__":
    main()
