"""What the phone's pages send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from verify_svc.face import source
from verify_svc.face.typed import TypedKey
from verify_svc.flow.upload import Typed

Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Body(BaseModel):
    """A body; unknown fields are passed over, so that a page one release older still works."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class Device(Body):
    """What kind of phone it is, as the page sees it."""

    kind: Short = "?"
    browser: Short = "?"


class Redeem(Body):
    """A tap on the link."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(repr=False)
    device: Device = Device()


class Locale(Body):
    """The language chosen."""

    locale: Literal["zh-CN", "en"]


class Consent(Body):
    """Both boxes, for the version that was read."""

    processing: bool
    face: bool
    version: Short


class OtherWay(Body):
    """A step that the applicant can't do as it is."""

    step: Short
    why: Literal["cannot_speak", "cannot_see", "cannot_be_filmed", "other"]


class DeviceReport(Body):
    """What the pre-flight saw."""

    reports: list[Short] = Field(max_length=20)
    user_agent_kind: Short = "?"


class Mobile(Body):
    """The typed number; spaces are for reading."""

    mobile: Annotated[str, StringConstraints(min_length=1, max_length=30)] = Field(repr=False)


class Code(Body):
    """The code from the SMS."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=12)] = Field(repr=False)


UnitFloat = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Corner = tuple[UnitFloat, UnitFloat]
Seconds = Annotated[float, Field(ge=0.0, le=120.0, allow_inf_nan=False)]


class PictureSent(Body):
    """The crop that the applicant chose."""

    corners: tuple[Corner, Corner, Corner, Corner] | None = None
    rotate_deg: Literal[0, 90, 180, 270] = 0


Count = Annotated[int, Field(ge=0, le=100_000)]
Figure = Annotated[float, Field(ge=0.0, le=100_000.0, allow_inf_nan=False)]
Told = Annotated[str, StringConstraints(max_length=100)]


class Frames(Body):
    """The times between the frames that the page was shown."""

    count: Count
    median_ms: Figure
    spread_ms: Figure
    repeated: Count


class Motion(Body):
    """How the phone moved: sums, no course."""

    count: Count
    acceleration_ms2: Figure
    turning_deg_s: Figure


class Source(Body):
    """What the page knows of the camera and of its recorder. A browser that doesn't tell leaves it out."""

    label: Told = Field(default="", repr=False)
    width_px: Count | None = None
    height_px: Count | None = None
    frame_rate_hz: Figure | None = None
    facing: Literal["user", "environment", "left", "right"] | None = None
    recorder: Told | None = None
    frames: Frames | None = None
    motion: Motion | None = None

    def facts(self) -> source.SourceFacts:
        """The same for the rooms within."""
        return source.SourceFacts(
            self.label,
            self.width_px,
            self.height_px,
            self.frame_rate_hz,
            self.facing,
            self.recorder,
            None if self.frames is None else source.FrameTimes(**self.frames.model_dump()),
            None if self.motion is None else source.Motion(**self.motion.model_dump()),
        )


class KeyTyped(Body):
    """A key that was pressed."""

    key: Annotated[str, StringConstraints(pattern=r"^[0-9]$")] = Field(repr=False)
    at_s: Seconds


class ClipSent(Body):
    """What the clip answers, when each digit was really shown, what the page knows of the camera; the keys of who types
    them."""

    challenge_id: Short
    shown_at_s: Annotated[tuple[Seconds, ...], Field(max_length=12)] | None = None
    keys: Annotated[tuple[KeyTyped, ...], Field(max_length=60)] | None = None
    turn_shown_at_s: Seconds | None = None
    source: Source | None = None

    def typed(self) -> Typed | None:
        """What was typed, for the story; None where the digits were read aloud."""
        if self.keys is None:
            return None
        return Typed(tuple(TypedKey(each.key, each.at_s) for each in self.keys), self.turn_shown_at_s)


class Fields(Body):
    """修改."""

    slot: Short
    fields: dict[Short, Annotated[str, StringConstraints(max_length=500)]] = Field(
        min_length=1, max_length=20, repr=False
    )


class NewChallenge(Body):
    """How the digits will be answered."""

    language: Literal["zh", "en"]
    mode: Literal["live", "file"]
    way: Literal["spoken", "typed"] = "spoken"
    pace: Literal["usual", "slow"] = "usual"


Share = Annotated[float, Field(ge=-5.0, le=5.0, allow_inf_nan=False)]
Degrees = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]


class SeenBefore(Body):
    """What was answered of the frame before, and how long ago it was sent."""

    x: Share
    y: Share
    width: Share
    yaw_deg: Degrees
    pitch_deg: Degrees
    roll_deg: Degrees
    ago_s: Seconds


class Still(Body):
    """The still that was confirmed."""

    still: int = Field(ge=0, le=2)
