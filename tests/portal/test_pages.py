"""What a page does with an address that it was given."""

from __future__ import annotations

import pytest

from tests.portal.conftest import Visitor


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example",
        "/a\r\nSet-Cookie: a=b",
        "/.\\x",
        "x",
    ],
)
def test_the_choice_of_a_language_leads_to_no_other_site(visitor: Visitor, back: str) -> None:
    visitor.get("/")
    answer = visitor.client.post("/locale", data={"csrf": visitor.csrf, "locale": "en", "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_the_choice_of_a_language_stays_on_the_page(visitor: Visitor) -> None:
    visitor.get("/")
    answer = visitor.client.post("/locale", data={"csrf": visitor.csrf, "locale": "en", "back": "/filings/a?b=c"})
    assert answer.headers["Location"] == "/filings/a?b=c"
