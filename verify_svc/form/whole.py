"""The pages of one form as one form: whatever must be on it may stand on any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from verify_svc.certificate.agreement import names_agree
from verify_svc.certificate.kinds import FormKind
from verify_svc.document.reader import FieldRead
from verify_svc.form.numbering import PageNumber
from verify_svc.form.reading import FormReading
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.forms import LIMITS

_OF_ALL_PAGES = ("numbers", "person_numbers", "domains")
"""Fields whose values on several pages are all the form's; of the others the surest counts."""


@dataclass(frozen=True, slots=True, eq=False)
class FormWhole:
    """`reading` is that of all pages as one, `numbers` what each page says of itself. `places` tells on which page
    (from 0) a field, `signature`, `seal` or `date` stands.
    """

    reading: FormReading
    pages: tuple[FormReading, ...]
    places: Mapping[str, int]

    @property
    def numbers(self) -> tuple[PageNumber | None, ...]:
        """What each page says of itself."""
        return tuple(page.number for page in self.pages)

    @property
    def called(self) -> tuple[int, ...]:
        """How each page is called: by the number that it bears, where each bears another, else by its place."""
        return _called(self.pages)

    @property
    def contradicting(self) -> tuple[int, ...]:
        """How those pages are called that bear the number of another one and surely name somebody else."""
        pages = tuple(zip(self.called, self.pages, strict=True))
        return tuple(at for at, page in pages if any(_contradict(page, other) for _, other in pages))

    def where(self, name: str) -> tuple[int, ...]:
        """The page on which that is or belongs, to be told with a finding; none of a form of one page."""
        return (self.called[self.places[name]],) if len(self.pages) > 1 else ()


def joined(pages: Sequence[FormReading], wanted: FormKind) -> FormWhole:
    """Read pages, one or several, as one form.

    In whatever order they came: its seals are first those on the page that is signed; the signature is the last page's
    that asks for one, the date that beside it. The text is as legible as that of the worst page.
    """
    kinds = [page.kind for page in pages if page.kind is not None]
    called = _called(pages)
    printed = sorted(range(len(pages)), key=lambda at: called[at])
    signed = _last([at for at in printed if pages[at].signature is not None], printed)
    dated = _last([at for at in printed if pages[at].date_place is not None], [signed])
    dated = signed if pages[signed].date_place is not None else dated
    order = sorted(printed, key=lambda at: at != signed)
    sealed = next((at for at in order if pages[at].seals), None)
    asked = next((at for at in order if pages[at].seal_place is not None), signed)
    fields = dict(_fields(pages))
    whole = replace(
        pages[signed],
        kind=wanted if wanted in kinds else next(iter(kinds), None),
        fields={name: read for name, (read, _) in fields.items()},
        seals=tuple(seal for at in order for seal in pages[at].seals),
        seal_place=pages[asked].seal_place,
        date_place=pages[dated].date_place,
        date=pages[dated].date,
        date_ink=pages[dated].date_ink,
        date_words=pages[dated].date_words,
        phrases=frozenset(phrase for page in pages for phrase in page.phrases),
        line_count=sum(page.line_count for page in pages),
        mean_score=min(page.mean_score for page in pages),
        code=next((page.code for page in pages if page.code is not None), None),
    )
    places = {name: at for name, (_, at) in fields.items()}
    places |= {"signature": signed, "date": dated, "seal": asked if sealed is None else sealed}
    return FormWhole(whole, tuple(pages), places)


def over_pages(found: Sequence[Sequence[Finding]], called: Sequence[int]) -> list[Finding]:
    """The same checks of each page as one finding each: the worst, with the pages that it is about."""
    if len(found) == 1:
        return list(found[0])
    return [_worst(each, called) for each in zip(*found, strict=True)]


def _worst(of_pages: Sequence[Finding], called: Sequence[int]) -> Finding:
    outcome = max((finding.outcome for finding in of_pages), key=_ORDER.index)
    worst = [(page, finding) for page, finding in zip(called, of_pages, strict=True) if finding.outcome is outcome]
    if outcome is Outcome.PASS:
        return worst[0][1]
    reasons = tuple(dict.fromkeys(code for _, finding in worst for code in finding.reasons))
    return replace(worst[0][1], reasons=reasons, pages=tuple(dict.fromkeys(page for page, _ in worst)))


_ORDER = (Outcome.PASS, Outcome.NOT_CHECKED, Outcome.INCONCLUSIVE, Outcome.FAIL)


def _called(pages: Sequence[FormReading]) -> tuple[int, ...]:
    told = [page.number.page for page in pages if page.number is not None]
    # Of two photographs of one page, which one is meant has to be told.
    return tuple(told if len(set(told)) == len(pages) else range(1, len(pages) + 1))


def _contradict(page: FormReading, other: FormReading) -> bool:
    """Whether two pages of one number surely hold other names or numbers: photographs of one page say the same."""
    if page.number is None or other.number is None or page.number.page != other.number.page:
        return False
    reads = ((name, page.fields.get(name), other.fields.get(name)) for name in _OF_ONE_PAGE)
    return any(
        one is not None and two is not None and min(one.score, two.score) >= LIMITS.accuses and _differ(name, one, two)
        for name, one, two in reads
    )


def _differ(name: str, one: FieldRead, two: FieldRead) -> bool:
    if name in _OF_ALL_PAGES:
        return not set(one.value.split()) & set(two.value.split())
    return names_agree(one.value, min(one.score, two.score), two.value) is False


_OF_ONE_PAGE = ("name", "person", "numbers", "person_numbers")


def _last(there: Sequence[int], otherwise: Sequence[int]) -> int:
    """The last of those pages; where there is none, of the others."""
    return (there or otherwise)[-1]


def _fields(pages: Sequence[FormReading]) -> Iterator[tuple[str, tuple[FieldRead, int]]]:
    for name in dict.fromkeys(name for page in pages for name in page.fields):
        reads = [(page.fields[name], at) for at, page in enumerate(pages) if name in page.fields]
        surest, _ = max(reads, key=lambda each: each[0].score)
        if name in _OF_ALL_PAGES:
            value = " ".join(dict.fromkeys(part for read, _ in reads for part in read.value.split()))
            first, at = reads[0]
            yield name, (FieldRead(value, surest.char_scores, first.quad), at)
        else:
            yield name, next(each for each in reads if each[0] is surest)
