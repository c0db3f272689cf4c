"""What is drawn on one camera's picture, as it is commissioned at a page instead of in the file."""

from service.config.ground import GroundConfig
from service.config.zones import StrictConfig, ZonesConfig


class CameraLayout(StrictConfig):
    """The zones and the calibration points of one camera."""

    zones: ZonesConfig = ZonesConfig()
    ground: GroundConfig | None = None
