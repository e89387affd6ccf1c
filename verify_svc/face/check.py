"""One selfie clip, top to bottom: decode, look, track, hear, judge, pick the stills."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.face.attack import with_signs_weighed
from verify_svc.face.between import face_patterns, rows_worth_a_look
from verify_svc.face.compare import find_reference
from verify_svc.face.device import look_for_devices
from verify_svc.face.evidence import ReasonFrame, Traces, reason_frames, trace
from verify_svc.face.eyes import EyeLimits, closed_eyes
from verify_svc.face.hand import look_for_hands
from verify_svc.face.judge import Observed, judge_clip, look_at
from verify_svc.face.presence import not_comparable
from verify_svc.face.recording import judge_recording
from verify_svc.face.repeats import look_for_repeats
from verify_svc.face.still import Candidate, Still, choose_stills, cut_still, judge_still
from verify_svc.face.track import FaceTrack, build_track, faces_seen
from verify_svc.face.turn import AskedTurn
from verify_svc.face.worn import WornLook, are_bare, look_at_eyes, look_at_head, times_to_look_at, worn_look
from verify_svc.inference.engines import INFERENCE_S, Engines
from verify_svc.inference.faces import Sight, SightCounts, see_faces, see_largest
from verify_svc.inference.mesh import mesh_faces
from verify_svc.inference.pool import ChildCrashed, ChildOverspent
from verify_svc.inference.sheets import laid
from verify_svc.inference.speech import VOICE_HOP_S, DigitScores, score_digits, voice_probabilities
from verify_svc.inference.things import sunglasses_shares
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.video import Clip, ClipSampling, read_clip
from verify_svc.session.finding import Finding, Outcome, not_applying
from verify_svc.session.reasons import Effect
from verify_svc.session.report import Report, judge_report, unreadable
from verify_svc.session.rulepack import StillFormat
from verify_svc.speech.again import hear
from verify_svc.speech.digits import judge_digits
from verify_svc.speech.lips import judge_lips
from verify_svc.speech.timing import delays_after, digits_in, judge_timing
from verify_svc.speech.voice import Voice, VoiceLimits, find_voice, judge_sound

Progress = Callable[[str], None]

# By the clock, so that a hang ends. A machine ten times overloaded stays far below, a child that loads its weights anew
# included: what comes too late is our fault, and is tried again. A file that costs too much is told by the processor's
# time (`DECODING_CPU_S`): three times that, so that a busy machine is not what ends it.
_DECODING_S = 300.0
_DECODER_DEATHS = 2  # one may be the machine's (out of memory); a second one over the same bytes is theirs


@dataclass(frozen=True, slots=True)
class FaceWanted:
    """What the clip is to show. `digits` None: no challenge, and nothing about speech is checked. `language` is `zh`
    or `en`. `reveals_s` are the times at which the digits were shown, on the clip's clock. `reference` is a picture's
    bytes (a photograph of the ID card, or a portrait). `turn`: a turn of the head that is asked for, `presses_s`:
    when keys were pressed on the phone. `looks_later`: chance for which frames are looked at closely, as in
    `ClipSampling`. `max_blinks`, `longest_closure_s`, `still`, `effects` and `required` are the rule pack's."""

    digits: str | None = field(default=None, repr=False)
    language: str = "zh"
    reveals_s: tuple[float, ...] | None = None
    reference: bytes | None = field(default=None, repr=False)
    turn: AskedTurn | None = None
    presses_s: tuple[float, ...] = ()
    looks_later: tuple[float, ...] = field(default=(), repr=False)
    max_blinks: int = EyeLimits().max_blinks
    longest_closure_s: float = EyeLimits().longest_closure_s
    still: StillFormat = field(default_factory=StillFormat)
    effects: Mapping[str, Effect] | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """The report, and what is kept beside it: stills best first, a frame for each reason, the course over time."""

    report: Report
    stills: tuple[Still, ...] = field(default=(), repr=False)
    frames: tuple[ReasonFrame, ...] = field(default=(), repr=False)
    traces: Traces | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Heard:
    voice: Voice | None
    scores: DigitScores | None


def check_face(engines: Engines, data: bytes, wanted: FaceWanted, progress: Progress = lambda stage: None) -> FaceCheck:
    """Judge one clip: all reasons at once.

    Bytes that can't be decoded, that kill their decoder twice or cost it too much give an `unreadable` report. A child
    that is too late, or an inference child that dies, says nothing about the clip and raises `ChildError`, to be tried
    again.
    `progress` hears `decoding`, `measuring` and `judging`.
    """
    progress("decoding")
    try:
        clip = _decode(engines, data, ClipSampling(later=wanted.looks_later))
    except ClipRefused as refusal:
        return FaceCheck(unreadable(refusal.reason))
    sound_s = clip.sound.duration_s if clip.sound else 0.0
    recording = judge_recording(clip.times_s, (clip.width_px, clip.height_px), clip.too_long, sound_s)
    properties = _properties(clip)
    if clip.too_long:
        return FaceCheck(judge_report((recording,), properties, wanted.effects, wanted.required))

    progress("measuring")
    sights, track = _see(engines, clip)
    # The child hears the sound meanwhile: what it saw is measured here.
    with ThreadPoolExecutor(1) as beside:
        hearing = beside.submit(_listen, engines, clip, wanted)
        observed = _observe(engines, clip, wanted, sights, track)
    eyes = EyeLimits(max_blinks=wanted.max_blinks, longest_closure_s=wanted.longest_closure_s)
    nobodys = not_comparable(observed.sharp_times_s, observed.sights)
    looks = [look for look in observed.looks.faces if look.time_s not in nobodys]
    chosen = choose_stills(observed.track, looks, closed_eyes(observed.track, eyes))
    observed = replace(observed, worn=_look_for_worn(engines, clip, observed, chosen))
    heard = hearing.result()

    progress("judging")
    seen = judge_clip(observed, eyes)
    told = {reason for finding in seen for reason in finding.reasons}
    # A clip that is to be recorded again for what it shows needs no other reason.
    portrait = judge_still(observed.track, chosen) if _passed(seen) else Finding("still", Outcome.NOT_CHECKED)
    findings = with_signs_weighed((recording, *seen, portrait, *_judge_speech(wanted, observed.track, heard, told)))
    stills = _cut(clip, observed.track, chosen, wanted.still)
    properties["stills"] = [
        {"time_s": still.time_s, "width": still.width_px, "height": still.height_px} for still in stills
    ]
    properties["digits"] = _digits(wanted, heard)
    shown = [(frame.time_s, frame.pixels) for frame in clip.mesh_frames]
    return FaceCheck(
        judge_report(findings, properties, wanted.effects, wanted.required),
        stills,
        reason_frames(findings, [time_s for time_s, _ in shown], [pixels for _, pixels in shown]),
        trace(
            observed.track, observed.looks.faces, heard.voice.envelope_dbfs if heard.voice else None, clip.duration_s
        ),
    )


def _decode(engines: Engines, data: bytes, sampling: ClipSampling) -> Clip:
    for _ in range(_DECODER_DEATHS):
        try:
            return engines.decoding.call(_DECODING_S, read_clip, data, ClipLimits(), sampling, laid)
        except ChildOverspent:
            raise ClipRefused("video_unreadable", "costs too much to decode") from None
        except ChildCrashed:
            continue
    raise ClipRefused("video_unreadable", "kills its decoder")


def _see(engines: Engines, clip: Clip) -> tuple[Sequence[Sight], FaceTrack]:
    """What the networks see of the faces in a clip's sharp frames, and the course of the person's own."""
    sharp, small = clip.sharp_frames, clip.mesh_frames
    times = [frame.time_s for frame in small]
    size_px, sharp_px = _size(small[0].pixels), _size(sharp[0].pixels)
    sights = engines.inference.call(INFERENCE_S, see_faces, [frame.pixels for frame in sharp], SightCounts())
    faces = faces_seen(sights, [frame.time_s for frame in sharp], times, size_px[0] / sharp_px[0])
    mesh = engines.inference.call(INFERENCE_S, mesh_faces, [frame.pixels for frame in small], faces)
    return sights, build_track(mesh, times, size_px)


def _observe(engines: Engines, clip: Clip, wanted: FaceWanted, sights: Sequence[Sight], track: FaceTrack) -> Observed:
    sharp = [frame.pixels for frame in clip.sharp_frames]
    sharp_times = tuple(frame.time_s for frame in clip.sharp_frames)
    small = [frame.pixels for frame in clip.mesh_frames]
    times = [frame.time_s for frame in clip.mesh_frames]
    looks, repeats = look_at(track, sharp_times, sharp, sights), look_for_repeats(small, times)
    patterns = face_patterns(track, small)
    rows = rows_worth_a_look(track, patterns, sharp_times, sights)
    more = engines.inference.call(INFERENCE_S, see_largest, [small[row] for row in rows]) if rows else []
    return Observed(
        track,
        sharp_times,
        tuple(sights),
        looks,
        repeats,
        reference=None if wanted.reference is None else find_reference(engines, wanted.reference),
        reference_given=wanted.reference is not None,
        turn=wanted.turn,
        presses_s=wanted.presses_s,
        between=tuple((times[row], sight) for row, sight in zip(rows, more, strict=True)),
        devices=look_for_devices(engines, sharp_times, sharp, sights),
        hands=look_for_hands(engines, track, small, patterns),
    )


def _look_for_worn(
    engines: Engines, clip: Clip, observed: Observed, stills: Sequence[Candidate]
) -> tuple[WornLook, ...]:
    """Looks at the stills, and at other frames where they are few. Only the looks go to the child, not the frames."""
    by_time = {frame.time_s: frame.pixels for frame in clip.sharp_frames}
    times = times_to_look_at([still.time_s for still in stills], [face.time_s for face in observed.looks.faces])
    looks = []
    for time_s in times:
        pixels, row = by_time[time_s], observed.track.nearest(time_s)
        if row is not None:
            points = observed.track.points_in(row, _size(pixels))
            eyes, under_eyes = look_at_eyes(pixels, points)
            looks.append((time_s, under_eyes, () if are_bare(under_eyes) else (look_at_head(pixels, points), eyes)))
    pictures = [picture for *_, asked in looks for picture in asked]
    shares = iter(engines.inference.call(INFERENCE_S, sunglasses_shares, pictures) if pictures else ())
    return tuple(worn_look(time_s, under_eyes, [next(shares) for _ in asked]) for time_s, under_eyes, asked in looks)


def _listen(engines: Engines, clip: Clip, wanted: FaceWanted) -> _Heard:
    if clip.sound is None or wanted.digits is None:
        return _Heard(None, None)
    samples, rate_hz = clip.sound.samples, clip.sound.rate_hz
    probabilities = engines.inference.call(INFERENCE_S, voice_probabilities, samples)
    voice = find_voice(samples, rate_hz, probabilities, VOICE_HOP_S).of_digits(len(wanted.digits))
    if not voice.stretches:
        return _Heard(voice, None)

    def score(sound: NDArray[np.float32], digits: str, sure: float) -> DigitScores:
        return engines.inference.call(INFERENCE_S, score_digits, sound, digits, wanted.language, sure)

    return _Heard(voice, hear(wanted.digits, samples, rate_hz, voice, score))


def _judge_speech(wanted: FaceWanted, track: FaceTrack, heard: _Heard, told: Set[str]) -> tuple[Finding, ...]:
    if wanted.digits is None:
        return tuple(not_applying(check) for check in ("sound", "digits", "timing", "lips"))
    stretches = heard.voice.stretches if heard.voice else ()
    lips = Finding("lips", Outcome.NOT_CHECKED)
    # A mouth that is covered, in the dark or a blur says nothing about lips.
    if not {"face_occluded", "too_dark", "video_blurry"} & told:
        lips = judge_lips(track.times_s, track.lip_gap, track.lip_width, heard.voice, "head_shaking" in told)
    return (
        judge_sound(heard.voice),
        judge_digits(wanted.digits, heard.scores, heard.voice, VoiceLimits().min_noise_ratio_db),
        judge_timing(wanted.reveals_s, digits_in(len(wanted.digits), stretches)),
        lips,
    )


def _cut(clip: Clip, track: FaceTrack, chosen: Sequence[Candidate], wanted: StillFormat) -> tuple[Still, ...]:
    by_time = {frame.time_s: frame.pixels for frame in clip.sharp_frames}
    stills = []
    for each in chosen:
        pixels = by_time[each.time_s]
        stills.append(cut_still(round(each.time_s, 3), pixels, track.points_in(each.row, _size(pixels)), wanted))
    return tuple(stills)


def _passed(findings: Sequence[Finding]) -> bool:
    return all(finding.outcome is not Outcome.FAIL for finding in findings)


def _properties(clip: Clip) -> dict[str, Any]:
    return {
        "kind": "face_video",
        "container": clip.container,
        "codec": clip.codec,
        "width": clip.width_px,
        "height": clip.height_px,
        "duration_s": round(clip.duration_s, 3),
    }


def _digits(wanted: FaceWanted, heard: _Heard) -> dict[str, Any] | None:
    """Asked and heard digits with the probability of each, when it was said and how long after its reveal."""
    if heard.scores is None or heard.voice is None or wanted.digits is None:
        return None
    shares = [None if np.isnan(place) else round(float(np.exp(place)), 4) for place in heard.scores.places]
    said = digits_in(len(wanted.digits), heard.voice.stretches)
    delays = delays_after(wanted.reveals_s, said) if wanted.reveals_s else None
    return {
        "asked": wanted.digits,
        "heard": heard.scores.heard.rstrip("."),
        "scores": shares[: len(wanted.digits)],
        "spans_s": [[digit.span.start_s, digit.span.end_s] for digit in said],
        "delays_s": None if delays is None else list(delays),
    }


def _size(pixels: Any) -> tuple[int, int]:
    return int(pixels.shape[1]), int(pixels.shape[0])
