"""`verify-svc demo`: everything on this machine, the reference portal too. What `make run` starts."""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from verify_svc.commands.lan import lan_address, make_certificate
from verify_svc.inference.manifest import WeightsError, verify_weights
from verify_svc.settings import Settings

EXIT_WRONG = 1
_READY_WITHIN_S = 90.0
_STOP_WITHIN_S = 40.0
_MOST_DEATHS = 5
_DEATHS_WITHIN_S = 60.0
"""What dies more often than that is broken, not killed."""
_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What this installation's demonstration was given at its first start."""

    api_key: str = field(repr=False)
    operator_password: str = field(repr=False)
    webhook_secret: str = field(repr=False)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--lan", action="store_true", help="HTTPS on this machine's LAN address, for a real phone")
    parser.add_argument("--port", type=int, default=8080, help="the service's port")
    parser.add_argument("--portal-port", type=int, default=8090, help="the reference portal's port")


def run(arguments: argparse.Namespace) -> int:
    """Start web workers, job worker and portal; print the addresses; stop all at Ctrl-C or when one of them ends."""
    print("Checking the weights", flush=True)
    try:
        verify_weights()
    except WeightsError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG
    settings = _settings(arguments)
    taken = [port for port in (arguments.port, arguments.portal_port) if not _is_free(port)]
    if taken:
        numbers = " and ".join(str(port) for port in taken)
        print(
            f"Already in use: port {numbers}. Stop what listens there (an earlier start of this?), or choose others:\n"
            f"  make run PORT={arguments.port + 1} PORTAL_PORT={arguments.portal_port + 1}",
            file=sys.stderr,
        )
        return EXIT_WRONG
    given = _first_start(settings)
    environment = _environment(settings, given)
    portal = _portal_environment(settings, given, arguments)
    commands: dict[str, tuple[list[str], Mapping[str, str]]] = {
        "web": ([sys.executable, "-m", "verify_svc", "serve"], environment),
        "worker": ([sys.executable, "-m", "verify_svc", "worker"], environment),
        "portal": ([sys.executable, "-m", "portal"], portal),
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}
    signal.signal(signal.SIGTERM, _interrupt)

    def start(name: str) -> None:
        command, variables = commands[name]
        # A session of its own: Ctrl-C reaches us alone, and we stop them in order.
        processes[name] = subprocess.Popen(  # our own commands
            command, env={**os.environ, **variables}, start_new_session=True, stdin=subprocess.DEVNULL
        )

    try:
        for name in commands:
            start(name)
        _wait_until_ready(settings, processes)
        _say(settings, given, portal)
        return _watch(processes, start)
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
        return 0
    finally:
        _stop(processes)


def _is_free(port: int) -> bool:
    """Whether nobody listens on that port of this machine."""
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asking.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _settings(arguments: argparse.Namespace) -> Settings:
    """The environment's settings, with the addresses of this demonstration."""
    plain = Settings()
    host = lan_address() if arguments.lan else "127.0.0.1"
    origins = tuple(f"http://{name}:{arguments.portal_port}" for name in {host, "127.0.0.1", "localhost"})
    changed: dict[str, object] = {
        "public_url": f"{'https' if arguments.lan else 'http'}://{host}:{arguments.port}",
        "bind": f"{'0.0.0.0' if arguments.lan else '127.0.0.1'}:{arguments.port}",  # noqa: S104  # asked for
        "portal_origins": origins,
        "webhook_url": f"http://127.0.0.1:{arguments.portal_port}/webhooks/verify-svc",
    }
    if arguments.lan:
        certificate, key = make_certificate(plain.data_dir / "tls", host)
        changed |= {"tls_certificate": certificate, "tls_key": key}
    return plain.model_copy(update=changed)


def _first_start(settings: Settings) -> Secrets:
    """Database, test key and operator; kept for the next start in a file that nobody else may read."""
    from verify_svc.bootstrap import install, prepare
    from verify_svc.flow.keys import make_key
    from verify_svc.flow.login import make_operator

    prepare(settings)
    kept = settings.data_dir / "demo.json"
    if kept.exists():
        return Secrets(**json.loads(kept.read_text(encoding="utf-8")))
    installation = install(settings)
    try:
        _, api_key = make_key(installation.services, "demonstration", livemode=False)
        password = secrets.token_urlsafe(9)
        make_operator(installation.services, _OPERATOR, password)
    finally:
        installation.close()
    webhook_secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    given = Secrets(api_key, password, webhook_secret)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(given), file)
    return given


def _environment(settings: Settings, given: Secrets) -> Mapping[str, str]:
    variables = {
        # A line for each request would carry what `_say` said out of sight.
        "VERIFY_LOG_LEVEL": settings.log_level if "log_level" in settings.model_fields_set else "warning",
        "VERIFY_PUBLIC_URL": settings.public_url,
        "VERIFY_BIND": settings.bind,
        "VERIFY_PORTAL_ORIGINS": json.dumps(settings.portal_origins),
        "VERIFY_WEBHOOK_URL": settings.webhook_url or "",
        "VERIFY_WEBHOOK_SECRETS": json.dumps([given.webhook_secret]),
    }
    if settings.tls_certificate is not None and settings.tls_key is not None:
        variables["VERIFY_TLS_CERTIFICATE"] = str(settings.tls_certificate)
        variables["VERIFY_TLS_KEY"] = str(settings.tls_key)
    return variables


def _portal_environment(settings: Settings, given: Secrets, arguments: argparse.Namespace) -> Mapping[str, str]:
    host = lan_address() if arguments.lan else "127.0.0.1"
    variables = {
        "PORTAL_SERVICE_URL": settings.public_url,
        "PORTAL_API_KEY": given.api_key,
        "PORTAL_WEBHOOK_SECRET": given.webhook_secret,
        "PORTAL_DATA": str(settings.data_dir / "portal"),
        "PORTAL_HOST": "0.0.0.0" if arguments.lan else "127.0.0.1",  # noqa: S104  # asked for
        "PORTAL_PORT": str(arguments.portal_port),
        "PORTAL_PUBLIC_URL": f"http://{host}:{arguments.portal_port}",
    }
    if settings.tls_certificate is not None:
        # The portal's HTTP client believes the certificate that this installation made.
        variables["SSL_CERT_FILE"] = str(settings.tls_certificate)
    return variables


def _wait_until_ready(settings: Settings, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Until the service answers; raises when a process ends before."""
    context = None
    if settings.tls_certificate is not None:
        context = ssl.create_default_context(cafile=str(settings.tls_certificate))
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        ended = [name for name, process in processes.items() if process.poll() is not None]
        if ended:
            raise SystemExit(f"{ended[0]} has ended")
        try:
            with urllib.request.urlopen(f"{settings.public_url}/readyz", timeout=2, context=context):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("the service does not answer")


def _say(settings: Settings, given: Secrets, portal: Mapping[str, str]) -> None:
    url = settings.public_url
    lines = {
        "Reference portal": portal["PORTAL_PUBLIC_URL"],
        "Console": f"{url}/console/   login {_OPERATOR} / {given.operator_password}",
        "API documentation": f"{url}/docs",
        "Test key": given.api_key,
        "SMS codes": f"{url}/console/#/inbox   after that login",
    }
    print()
    for name, value in lines.items():
        print(f"  {name:<18} {value}")
    if settings.tls_certificate is not None:
        print("\n  On this PC open the console once and accept its certificate: the portal embeds that address.")
    print(f"\n  Login and key are kept in {settings.data_dir / 'demo.json'}. Ctrl-C stops all\n", flush=True)


def _watch(processes: Mapping[str, subprocess.Popen[bytes]], start: Callable[[str], None]) -> int:
    """Until one of the processes ends for good; one that was killed is started anew, as a deployment would do it."""
    deaths: list[float] = []
    while True:
        for name in [name for name, process in processes.items() if process.poll() is not None]:
            print(f"{name} has ended with {processes[name].returncode}", file=sys.stderr, flush=True)
            deaths = [at for at in deaths if time.monotonic() - at < _DEATHS_WITHIN_S] + [time.monotonic()]
            if len(deaths) > _MOST_DEATHS:
                return EXIT_WRONG
            start(name)
        time.sleep(0.5)


def _stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    # A second Ctrl-C must not leave half of them running.
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _STOP_WITHIN_S
    for process in processes.values():
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
