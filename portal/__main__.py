"""`python -m portal`: the portal on one machine, for trying it out.

Production runs `gunicorn 'portal:create_app()'`.
"""

from __future__ import annotations

from portal.app import create_app
from portal.settings import Settings


def main() -> None:
    """Serve until interrupted."""
    settings = Settings.from_environment()
    create_app(settings).run(host=settings.host, port=settings.port, threaded=True)


if __name__ == "__main__":
    main()
