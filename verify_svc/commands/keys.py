"""`verify-svc keys`: API keys, operators' logins and encryption keys."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from verify_svc.settings import Settings

if TYPE_CHECKING:
    from verify_svc.bootstrap import Installation

EXIT_WRONG = 1
_PASSWORD_BYTES = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    make = actions.add_parser("make", help="make an API key; its secret is shown this once")
    make.add_argument("name", help="the portal it is for; keys of one name and mode see the same sessions")
    make.add_argument("--live", action="store_true", help="a live key; else a test key")
    revoke = actions.add_parser("revoke", help="revoke an API key")
    revoke.add_argument("id", help="its id (key_…)")
    listing = actions.add_parser("list", help="list API keys")
    operator = actions.add_parser("operator", help="make an operator, or set a new password")
    operator.add_argument("name")
    renew = actions.add_parser("renew", help="add a key-encryption key; restart every process, then `rewrap`")
    rewrap = actions.add_parser("rewrap", help="bring everything sealed under the current key-encryption key")
    drop = actions.add_parser("drop", help="take a key-encryption key that holds nothing any more out of the key file")
    drop.add_argument("id", help="its id, as `keys encryption` lists it")
    encryption = actions.add_parser("encryption", help="list the key-encryption keys and how many seals each holds")
    for action in (make, revoke, listing, operator, renew, rewrap, drop, encryption):
        action.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 1 when there is no such key."""
    from verify_svc.bootstrap import KeyFileError, install, prepare
    from verify_svc.flow.refusal import Refusal

    settings = Settings()
    if not settings.data_dir.exists():
        print(
            f"A new installation begins in {settings.data_dir.resolve()}: VERIFY_DATA_DIR chooses another",
            file=sys.stderr,
        )
    prepare(settings)
    installation = install(settings)
    try:
        answer = _ACTIONS[arguments.action](installation, arguments)
    except Refusal as refusal:
        print(refusal.detail, file=sys.stderr)
        return EXIT_WRONG
    except KeyFileError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG
    finally:
        installation.close()
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        _print(answer)
    return 0


def _make(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.flow.keys import make_key

    row, secret = make_key(installation.services, arguments.name, livemode=arguments.live)
    return {"id": row.id, "name": row.name, "secret": secret}


def _revoke(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.flow.keys import revoke_key

    revoke_key(installation.services, arguments.id)
    return {"id": arguments.id, "revoked": True}


def _list(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.flow.keys import list_keys

    return {
        "keys": [
            {
                "id": row.id,
                "name": row.name,
                "livemode": row.livemode,
                "hint": row.hint,
                "created_at": row.created_at.isoformat(),
                "revoked_at": None if row.revoked_at is None else row.revoked_at.isoformat(),
            }
            for row in list_keys(installation.services)
        ]
    }


def _operator(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.flow.login import make_operator

    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    make_operator(installation.services, arguments.name, password)
    return {"name": arguments.name, "password": password}


def _renew(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.bootstrap import renew_encryption_key

    return {"current": renew_encryption_key(installation)}


def _rewrap(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.bootstrap import rewrap

    return {"rewrapped": rewrap(installation)}


def _drop(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.bootstrap import drop_encryption_key

    drop_encryption_key(installation, arguments.id)
    return {"dropped": arguments.id}


def _encryption(installation: Installation, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from verify_svc.bootstrap import encryption_keys

    held = encryption_keys(installation)
    return {"keys": [{"id": key_id, "seals": seals} for key_id, seals in held.items()]}


_ACTIONS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "make": _make,
    "revoke": _revoke,
    "list": _list,
    "operator": _operator,
    "renew": _renew,
    "rewrap": _rewrap,
    "drop": _drop,
    "encryption": _encryption,
}


def _print(answer: Mapping[str, Any]) -> None:
    for name, value in answer.items():
        if isinstance(value, list):
            for entry in value:
                print("  ".join("-" if part is None else str(part) for part in entry.values()))
        else:
            print(f"{name}: {value}")
