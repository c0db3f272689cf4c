"""Draws what a dust monitor measured as a picture, for the evidence: the values, the limit, the time above it."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from service.domain.office.days import OFFICE_TIME
from service.dust.exceedance import DustExceedance
from service.dust.reading import DustReading, Factor
from vision.evidence.annotate import FONT_PATH

SIZE = (1280, 720)
_LEFT, _TOP, _RIGHT, _BOTTOM = 100, 110, 1250, 650
_INK, _LINE, _LIMIT, _ABOVE, _GRID = (29, 39, 51), (30, 90, 170), (200, 40, 30), (252, 226, 222), (222, 227, 233)
_NAMES = {Factor.TSP: "TSP", Factor.PM10: "PM10", Factor.PM25: "PM2.5"}
_STEPS = 5
_HOUR = timedelta(hours=1)
_ANCHORS = {0: "lt", _STEPS: "rt"}


def chart_picture(
    readings: Sequence[DustReading],
    exceedance: DustExceedance,
    at: datetime,
    regional_ug_m3: Mapping[datetime, float] | None = None,
) -> bytes:
    """Return a JPEG of the readings that count, which are in order of time, with Beijing's times; `at` is now.

    Where the limit is one of the difference to the region's values, it is drawn that much above them, by the hour.
    """
    regional = regional_ug_m3 or {}
    factor = exceedance.parameters.factor
    values = [
        (reading.measured_at, value)
        for reading in readings
        if (measured := reading.factors.get(factor)) and measured.counts and (value := measured.value) is not None
    ]
    limit = exceedance.parameters.limit_ug_m3
    start, end = values[0][0], max(values[-1][0], values[0][0] + timedelta(minutes=1))
    top = max(limit + max(regional.values(), default=0.0), *(value for _, value in values)) * 1.1
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)

    def x(moment: datetime) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, (moment - start) / (end - start)))

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / top

    draw.rectangle((x(exceedance.started_at), _TOP, x(exceedance.last_above_at), _BOTTOM), fill=_ABOVE)
    for step in range(_STEPS + 1):
        value, moment = top * step / _STEPS, start + (end - start) * step / _STEPS
        draw.line((_LEFT, y(value), _RIGHT, y(value)), fill=_GRID)
        draw.text((_LEFT - 10, y(value)), f"{value:.0f}", font=_font(20), fill=_INK, anchor="rm")
        label = f"{moment.astimezone(OFFICE_TIME):%m-%d %H:%M}"
        draw.text((x(moment), _BOTTOM + 12), label, font=_font(20), fill=_INK, anchor=_ANCHORS.get(step, "mt"))
    draw.line([(x(moment), y(value)) for moment, value in values], fill=_LINE, width=3)
    for began, value in regional.items():
        draw.line((x(began), y(value + limit), x(began + _HOUR), y(value + limit)), fill=_LIMIT, width=3)
    if not regional:
        draw.line((_LEFT, y(limit), _RIGHT, y(limit)), fill=_LIMIT, width=3)
    _write_head(draw, exceedance, at)
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()


def _write_head(draw: ImageDraw.ImageDraw, exceedance: DustExceedance, at: datetime) -> None:
    instrument, asked = exceedance.instrument, exceedance.parameters
    name, highest = _NAMES.get(asked.factor, asked.factor.value), exceedance.highest_ug_m3
    first = f"{instrument.site_name[:30]} · {instrument.name[:30]}（{instrument.number}）"
    over = "高出区域" if asked.above_regional else ""
    second = f"{name} µg/m³，{asked.average_minutes} 分钟均值{over}最高 {highest:.0f}，限值 {asked.limit_ug_m3:.0f}"
    draw.text((_LEFT, 16), first, font=_font(30), fill=_INK)
    draw.text((_LEFT, 62), second, font=_font(26), fill=_LIMIT)
    told = f"生成于 {at.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M:%S}"
    draw.text((_RIGHT, SIZE[1] - 10), told, font=_font(16), fill=_INK, anchor="rb")


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_PATH), size)
