"""A phone as its pages use it, over HTTP."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import cv2
import numpy as np
from flask.testing import FlaskClient

SAME = {"Sec-Fetch-Site": "same-origin"}
MOBILE = "13800005678"


class Phone:
    """A browser on a phone, with its own cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/m/api{path}", headers=headers)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"/m/api{path}", json=body, headers=SAME)

    def put(self, path: str, data: bytes, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("X-Content-SHA256", hashlib.sha256(data).hexdigest())
        return self.client.put(f"/m/api{path}", data=data, headers={**SAME, **named}, content_type="image/jpeg")


def agree(phone: Phone) -> Phone:
    version = phone.get("/state").json["consent"]["version"]
    assert phone.post("/consent", {"processing": True, "face": True, "version": version}).status_code == 200
    return phone


def prove(phone: Phone, sms: Any) -> Phone:
    assert phone.post("/phone", {"mobile": MOBILE}).status_code == 200
    assert phone.post("/phone/code", {"code": code_in(sms)}).status_code == 200
    return phone


def code_in(sms: Any) -> str:
    found = re.search(r"\d{6}", sms.sent[0].text)
    assert found
    return found[0]


def photograph(seed: int = 1) -> bytes:
    """A photograph of nothing in particular: soft noise."""
    noise = np.random.default_rng(seed).integers(0, 255, (60, 80, 3), np.uint8)
    coded, data = cv2.imencode(".jpg", cv2.resize(noise, (1600, 1200), interpolation=cv2.INTER_CUBIC))
    assert coded
    return data.tobytes()


def step(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(step for step in state["steps"] if step["name"] == name)
