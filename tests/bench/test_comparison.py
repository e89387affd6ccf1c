"""FNMR and FMR over pairs, and the threshold of one half tried on the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from verify_svc.bench.comparison import Known, Scores, as_on_card, compare, fit_threshold, table


def _known(people: int, each: int) -> list[Known]:
    rng = np.random.default_rng(7)
    known = []
    for person in range(people):
        own = np.zeros(128, np.float32)
        own[person] = 10
        for _ in range(each):
            embedding = (own + rng.normal(0, 0.3, 128)).astype(np.float32)
            known.append(Known(f"p{person}", "here", embedding, embedding))
    return known


def test_every_picture_is_probe_against_every_other() -> None:
    scores = compare(_known(3, 2))
    assert (scores.same.size, scores.other.size) == (6, 24)
    assert scores.same.min() > 0.8 > 0.4 > scores.other.max()


def test_where_both_ways_are_the_same_a_pair_counts_once() -> None:
    scores = compare([replace(one, reference=None) for one in _known(3, 2)])
    assert (scores.same.size, scores.other.size) == (3, 12)


def test_two_people_whom_one_source_shows_once_may_be_one() -> None:
    first, second, third = (replace(one, reference=None) for one in _known(3, 1))
    assert compare([first, second, replace(third, source="elsewhere")]).other.size == 2


def test_errors_are_counted_on_either_side_of_the_threshold() -> None:
    scores = Scores(np.array([0.3, 0.4, 0.5]), np.array([0.1, 0.4]))
    assert (scores.misses(0.4), scores.false_matches(0.4)) == (1, 1)


def test_the_threshold_lets_one_in_a_thousand_through() -> None:
    scores = Scores(np.array([0.9]), np.linspace(0, 0.4, 2001))
    threshold = fit_threshold(scores)
    assert scores.false_matches(threshold) <= 2 < scores.false_matches(threshold - 0.002)


def test_the_table_has_both_halves_and_what_their_thresholds_do_to_each_other() -> None:
    text = "\n".join(table(_known(6, 3)))
    assert "People: 6, in halves 3 and 3." in text
    assert text.count("On the other half: FNMR 0 of 18") == 2


def test_a_face_on_a_card_is_small_and_pale() -> None:
    picture = np.zeros((600, 600, 3), np.uint8)
    card = as_on_card(picture, (200, 200, 220, 220))
    assert card.shape[:2] == (220, 220)
    assert 50 < card.mean() < 60
