"""Papers that a portal sends, by their kinds."""

from __future__ import annotations

from collections.abc import Callable

from tests.specimens.papers import Person
from verify_svc.flow.views import PaperShown

CARD, EMBLEM, LETTER = "legal_person_card_portrait", "legal_person_card_emblem", "authorisation_letter"
AGREEMENT = "security_agreement"
LEGAL = Person()
Send = Callable[..., PaperShown]
