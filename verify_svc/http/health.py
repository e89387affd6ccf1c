"""Signs of life: `/healthz` (the process answers) and `/readyz` (it can work)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify

from verify_svc.flow.services import Services
from verify_svc.http.errors import Problem
from verify_svc.http.guards import Guard, guarded


def make_health(services: Services) -> APIBlueprint:
    """The blueprint with both."""
    health = APIBlueprint("health", __name__, enable_openapi=False)

    @health.get("/healthz")
    @guarded(Guard.PUBLIC)
    def alive() -> Response:
        return jsonify({"status": "ok"})

    @health.get("/readyz")
    @guarded(Guard.PUBLIC)
    def ready() -> Response:
        if not services.store.ready():
            raise Problem(503, "unavailable", "The database doesn't answer or wants migrating")
        return jsonify({"status": "ok"})

    return health
