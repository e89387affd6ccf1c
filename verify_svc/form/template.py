"""The forms that are known, each from its file in `templates/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.certificate.kinds import FormKind


@dataclass(frozen=True, slots=True)
class Printed:
    """What the service prints: `rows` of label and value, `paragraphs` below them; `{…}` stands for entered data."""

    rows: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    signature: str
    seal: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """One form. `needs` and `printed` are by kind of subject (`unit`, `individual`).

    `told_by` finds its title, `phrases` what the whole form has; `labels` find what announces a field, `inline` a
    field within running text (its first group). `signature`: what announces the place to sign, the surest first.
    """

    kind: FormKind
    version: int
    title: str
    told_by: re.Pattern[str]
    phrases: tuple[re.Pattern[str], ...]
    needs: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, re.Pattern[str]]
    inline: Mapping[str, re.Pattern[str]]
    signature: tuple[re.Pattern[str], ...]
    seal: re.Pattern[str] | None
    date: re.Pattern[str] | None
    printed: Mapping[str, Printed] = field(default_factory=dict)

    def needed(self, unit: bool) -> tuple[str, ...]:
        """What must be on a unit's form or an individual's; empty where that subject has no such form."""
        return self.needs.get("unit" if unit else "individual", ())


def parse_template(data: Mapping[str, Any]) -> Template:
    """A template from parsed TOML. Raises KeyError, ValueError or `re.error` naming what is wrong."""
    labels: Mapping[str, Any] = data["labels"]
    places = {"signature", "seal", "date"}
    return Template(
        kind=FormKind(data["kind"]),
        version=int(data["version"]),
        title=str(data["title"]),
        told_by=re.compile(data["told_by"]),
        phrases=tuple(re.compile(phrase) for phrase in data["phrases"]),
        needs={subject: tuple(needs) for subject, needs in data["needs"].items()},
        labels={name: re.compile(label) for name, label in labels.items() if name not in places},
        inline={name: re.compile(pattern) for name, pattern in data.get("inline", {}).items()},
        signature=tuple(re.compile(label) for label in labels.get("signature", ())),
        seal=re.compile(labels["seal"]) if "seal" in labels else None,
        date=re.compile(labels["date"]) if "date" in labels else None,
        printed={subject: _printed(given) for subject, given in data.get("print", {}).items()},
    )


def _printed(data: Mapping[str, Any]) -> Printed:
    rows = tuple((str(label), str(value)) for label, value in data["rows"])
    return Printed(rows, tuple(data["paragraphs"]), str(data["signature"]), data.get("seal"))


def _read_all() -> Mapping[FormKind, Template]:
    folder = Path(__file__).with_name("templates")
    read = [parse_template(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.toml"))]
    return MappingProxyType({template.kind: template for template in read})


TEMPLATES: Mapping[FormKind, Template] = _read_all()
"""By kind."""
