"""What labelled pictures of certificates and forms show: the labels as the bench asks and scores them.

The folder holds `labels.csv` with the columns file, kind, number, name, legal_person and problems (separated by `;`),
and `synthetic_truth.json` with what is printed on the drawn ones.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.certificate.kinds import CertificateKind, FormKind

_ASKED_AS = {
    **{kind.value: kind.value for kind in (*CertificateKind, *FormKind)},
    "idcard_portrait": "id_card_portrait",
    "idcard_emblem": "id_card_emblem",
    "organisation_code": "organisation_code_certificate",
    "social_organisation": "social_organisation_certificate",
    "private_non_enterprise": "private_non_enterprise_certificate",
    "law_firm": "law_firm_licence",
    "institution": "institution_certificate",
    "travel_permit": "mainland_travel_permit",
    "residence_permit": "residence_permit_portrait",
    "household": "household_register",
    "licence": "business_licence",
    "checklist": "verification_form",
    "commitment": "commitment_letter",
    "authorisation": "authorisation_letter",
}
FORMS = frozenset(kind.value for kind in FormKind)
_WRONG = frozenset({"document_wrong_kind", "document_wrong_side", "form_wrong_template"})
_ABSENT = _WRONG | {"document_not_found"}
# A fault is named right when one of these reasons is given. Faults that do no harm may also end clear.
_NAMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "blurred": frozenset({"document_blurry"}),
        "motion": frozenset({"document_blurry"}),
        "glare": frozenset({"document_glare"}),
        "dark": frozenset({"document_too_dark"}),
        "cut_off": frozenset({"document_cut_off"}),
        "screen": frozenset({"document_recaptured_screen"}),
        "copy": frozenset({"document_photocopy"}),
        "copy with red seal": frozenset({"document_photocopy"}),
        "covered": frozenset({"document_unreadable"}),
        "check digit invalid as printed": frozenset(
            {
                "id_number_check_digit_invalid",
                "credit_code_check_digit_invalid",
                "organization_code_check_digit_invalid",
                "mrz_check_digit_invalid",
            }
        ),
        "no_seal": frozenset({"form_seal_missing"}),
        "no_signature": frozenset({"form_signature_missing"}),
        "no_date": frozenset({"form_date_missing"}),
        "made-up 17-character number": frozenset({"document_unreadable", "credit_code_check_digit_invalid"}),
    }
)
_PRINTED = frozenset({"copy with red seal", "check digit invalid as printed", "made-up 17-character number"})
_SMALL = frozenset({"document_too_small"})
_TRUTH_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "legal_person": "legal_person",
        "sex": "sex",
        "nation": "nationality",
        "birth": "birth_date",
        "address": "address",
        "type": "type",
        "founded": "established_on",
        "issuer": "authority",
    }
)
TURNED = frozenset({"tilted", "sideways", "upside_down"})


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled picture: what it is asked as, its fault (empty: none) and what is right."""

    file: str
    asked: str
    fault: str
    number: str = field(repr=False)
    name: str = field(repr=False)
    reasons: frozenset[str]
    legible: bool
    truth: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def clean(self) -> bool:
        """Whether a person can read its fields: a certificate without a fault but that it lies the wrong way up."""
        return self.legible and self.asked not in FORMS and (not self.fault or self.fault in TURNED)

    def job(self, folder: Path, number: str | None) -> dict[str, Any]:
        """The item's line of a batch; `number` is what is entered."""
        what = "form" if self.asked in FORMS else "document"
        job: dict[str, Any] = {"id": self.file, "what": what, "file": str(folder / self.file), "kind": self.asked}
        return {**job, "number": number} if number and what == "document" else job


def read_items(folder: Path) -> list[Item]:
    """The labelled items that can be asked for today."""
    drawn = folder / "synthetic_truth.json"
    truths = {one["file"]: one["fields"] for one in json.loads(drawn.read_text("utf-8"))} if drawn.exists() else {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return [item for row in rows if (item := _item(row, truths.get(row["file"], {}))) is not None]


def _item(row: Mapping[str, str], drawn_truth: Mapping[str, str]) -> Item | None:
    kind, problems = row["kind"], [problem.strip() for problem in row["problems"].split(";") if problem.strip()]
    asked_instead = next((match[1] for problem in problems if (match := re.search(r"asked (\w+)", problem))), None)
    drawn = row.get("origin") == "synthetic"
    if asked_instead is not None:
        return Item(row["file"], _ASKED_AS[asked_instead], "wrong side or kind", "", "", _WRONG, False)
    if kind.startswith("none:"):
        return Item(row["file"], "business_licence", "no certificate", "", "", _ABSENT | {"document_unreadable"}, False)
    if kind.startswith("template:"):
        refused = frozenset({"file_type_not_allowed"})
        return Item(row["file"], "verification_form", "not a picture", "", "", refused, False)
    asked = _ASKED_AS.get(kind)
    if asked is None:
        return None
    # On found pictures the labels describe; only on drawn ones is a photographic fault made to be seen.
    known = (_NAMED.keys() | TURNED) if drawn else _PRINTED
    fault = next((problem for problem in problems if problem in known), "")
    if drawn and "small" in problems:
        fault = "small"
    reasons = _SMALL if fault == "small" else _NAMED.get(fault, frozenset())
    legible = bool(row["number"]) if asked not in FORMS and asked != "id_card_emblem" else True
    truth = _truth(row, asked, drawn_truth)
    return Item(row["file"], asked, fault, row["number"], row["name"], frozenset(reasons), legible, truth)


def _truth(row: Mapping[str, str], asked: str, drawn: Mapping[str, str]) -> dict[str, str]:
    """Every field whose right value is known, by the engine's names; none for a form."""
    if asked in FORMS:
        return {}
    known = {name: row.get(name, "") for name in ("number", "name", "legal_person")}
    known |= {_TRUTH_NAMES[name]: value for name, value in drawn.items() if name in _TRUTH_NAMES}
    known |= dict(
        zip(("valid_from", "valid_until"), drawn.get("validity", "").replace(".", "").split("-"), strict=False)
    )
    return {name: value for name, value in known.items() if value}
