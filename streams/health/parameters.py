"""The thresholds and times by which a camera's health is judged."""

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt

from streams.health.observation import HealthKind

Share = float
"""0 to 1."""


class HoldTimes(BaseModel):
    """For how many seconds each fault has to last before it is one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offline: NonNegativeFloat = 60
    no_keyframe: NonNegativeFloat = 60
    clock_drift: NonNegativeFloat = 600
    bit_rate_collapse: NonNegativeFloat = 300
    frozen: NonNegativeFloat = 600
    """Long, because a still night at a low bit rate resembles it."""
    black: NonNegativeFloat = 60
    overexposed: NonNegativeFloat = 120
    covered: NonNegativeFloat = 120
    """Longer than a truck that stops right before the camera usually stays there."""
    blurred_or_dirty: NonNegativeFloat = 600
    """Long, because a plain truck that stands before the camera resembles dirt."""
    moved: NonNegativeFloat = 120

    def of(self, kind: HealthKind) -> float:
        """Return the hold time of a kind, seconds."""
        return float(getattr(self, kind.value))


class HealthParameters(BaseModel):
    """Thresholds of camera health. Grey levels are 0 to 255, shares 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hold_s: HoldTimes = HoldTimes()
    release_s: NonNegativeFloat = 60
    """For how many seconds a fault has to be gone before it has ended."""
    longest_gap_s: PositiveFloat = 180
    """Looks further apart than this do not add up to a fault that lasted."""

    silence_s: PositiveFloat = 15
    """Offline: seconds without a packet."""
    keyframe_age_s: PositiveFloat = 60
    """No keyframe: seconds since the last one, while packets arrive."""
    clock_drift_ppm: PositiveFloat = 300
    """Clock drift: millionths; 300 is 26 s a day. At most 1000 can be measured of a slow clock."""
    clock_drift_window_s: PositiveFloat = 1800
    """Over how many seconds of one connection the drift is measured."""
    clock_drift_least_s: PositiveFloat = 0.5
    """Less drift than this within the window is the network's jitter."""
    bit_rate_share: Share = Field(default=0.15, gt=0, lt=1)
    """Bit rate collapse: less than this share of the camera's own median over a day."""
    bit_rate_least_minutes: PositiveInt = 30
    """Minutes of bit rate known before it is judged."""

    black_luma: PositiveFloat = 24
    """Black: 98 % of the picture is darker than this grey level."""
    white_share: Share = Field(default=0.7, gt=0, lt=1)
    """Overexposed: at least this share of the picture is white (250 or more)."""
    still_difference: PositiveFloat = 1.0
    """Frozen by day: the median tile's mean absolute difference to when it began, grey levels, at medium light."""
    still_difference_dark: PositiveFloat = 0.15
    """The same by night, when nothing may move for long and the camera smoothes the noise away."""
    still_tiles_changed: Share = Field(default=0.04, gt=0, lt=1)
    """Frozen: no more than this share of the tiles changed visibly (an on-screen clock may)."""
    covered_share: Share = Field(default=0.5, gt=0, lt=1)
    """Covered: at least this share of what had structure has lost it."""
    dirty_share: Share = Field(default=0.22, gt=0, lt=1)
    """Dirty: at least this share of what had structure has lost it."""
    lost_contrast: Share = Field(default=0.3, gt=0, lt=1)
    """A tile lost its structure when less than this share of its reference's contrast is left."""
    blur_share: Share = Field(default=0.5, gt=0, lt=1)
    """Blurred: the median tile's sharpness is less than this share of its reference's."""
    view_interval_s: NonNegativeFloat = 30
    """Seconds between two comparisons of the view; dearer than the other measures."""
    moved_share: Share = Field(default=0.01, gt=0, lt=1)
    """Moved: a quarter of the matched points or more are displaced by this share of the picture's width."""
    view_inliers: PositiveInt = 35
    """Matched points that agree, below which a view is not judged."""
