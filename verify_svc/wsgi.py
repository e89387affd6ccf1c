"""The WSGI entry: `gunicorn 'verify_svc.wsgi:make_app()'`. Made in each web worker, after the fork."""

from __future__ import annotations

from threading import Thread
from typing import Any

from verify_svc.bootstrap import configure_logs, install, warm_web
from verify_svc.http.app import create_app
from verify_svc.settings import Settings, forget_secrets


def make_app() -> Any:
    """The application of one web worker."""
    settings = Settings()
    configure_logs(settings.log_level)
    forget_secrets()
    installation = install(settings)
    # The queue's library takes seconds to import: not while the first upload holds the database.
    installation.durable.warm()
    # Beside the first requests: a page that is opened needs no decoder, the first picture does.
    Thread(target=warm_web, args=(installation.services.engines,), name="warming", daemon=True).start()
    return create_app(installation.services, installation.web)
