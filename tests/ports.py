"""Ports of this machine that tests may take."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One on the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
