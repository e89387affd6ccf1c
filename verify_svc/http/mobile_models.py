"""What the phone's pages send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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
    why: Literal["cannot_speak", "cannot_be_filmed", "other"]


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


class KeyTyped(Body):
    """A key that was pressed."""

    key: Annotated[str, StringConstraints(pattern=r"^[0-9]$")] = Field(repr=False)
    at_s: Seconds


class ClipSent(Body):
    """What the clip answers, and when each digit was really shown; the keys of who types them."""

    challenge_id: Short
    shown_at_s: Annotated[tuple[Seconds, ...], Field(max_length=12)] | None = None
    keys: Annotated[tuple[KeyTyped, ...], Field(max_length=60)] | None = None
    turn_shown_at_s: Seconds | None = None

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
