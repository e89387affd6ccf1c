"""The command line `verify-svc`: one module of `verify_svc.commands` for each command.

A command module has `configure(parser)`, which adds its arguments, and `run(arguments) -> int`, which does the work and
gives the exit status. Only the module of the command that was asked for is imported, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, cast

from verify_svc import __version__
from verify_svc.inference.threads import ONE_THREAD_EACH

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "answer HTTP: the API, the phone's pages, the hand-off page and the console",
        "worker": "run the jobs: judge uploads, deliver webhooks, keep to the retention rules",
        "demo": "start everything on this machine, the reference portal too, and print the addresses",
        "check": "judge a file: a photograph of a certificate, a selfie video or a form",
        "models": "fetch, verify or list the weights",
        "keys": "make, list or revoke API keys, operators' logins and encryption keys",
        "purge": "delete what its retention time has passed",
        "bench": "measure speed and accuracy",
    }
)


class CommandModule(Protocol):
    """What each module of `verify_svc.commands` offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments, its sub-commands too."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the work; give the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit statuses: 2 wrong usage, 130 interrupted, the others are the command's own."""
    for name in ONE_THREAD_EACH:
        os.environ.setdefault(name, "1")
    given = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="verify-svc", description="Self-hosted identity verification for Chinese ICP filing."
    )
    parser.add_argument("--version", action="version", version=f"verify-svc {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((word for word in given if not word.startswith("-")), None)
    module: CommandModule | None = None
    for name, summary in COMMANDS.items():
        command_parser = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name == wanted:
            module = cast(CommandModule, importlib.import_module(f"verify_svc.commands.{name}"))
            module.configure(command_parser)
    arguments = parser.parse_args(given)
    if module is None:
        # argparse has answered --help, --version and an unknown command before this line.
        parser.error("a command is needed")
    try:
        return module.run(arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception as error:
        wrong = _wrong_installation(error)
        if not wrong:
            raise
        for line in wrong:
            print(f"verify-svc {wanted}: {line}", file=sys.stderr)
        return EXIT_USAGE


def _wrong_installation(error: Exception) -> list[str]:
    """What whoever runs the service set wrongly, a line each; none when the fault is ours."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from verify_svc.ports import Unusable
    from verify_svc.settings import Settings, wrong_settings

    if isinstance(error, Unusable):
        return [str(error)]
    if isinstance(error, SettingsError) or (isinstance(error, ValidationError) and error.title == Settings.__name__):
        return wrong_settings(error)
    return []


if __name__ == "__main__":
    sys.exit(main())
