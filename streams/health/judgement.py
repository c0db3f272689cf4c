"""Judges one picture's measures, alone and against those of the camera's reference picture."""

import numpy as np

from streams.health.observation import Finding, HealthKind
from streams.health.parameters import HealthParameters
from streams.health.picture import BRIGHT_LUMA, DARK_LUMA, PictureMeasures

LEAST_JUDGED = 0.4
"""Share of the reference's structured tiles that must be lit for a judgement."""
BLUR_LIKENESS = 0.3
"""Where light and dark still lie as in the reference, what lost its structure is blurred, not covered."""
REFERENCE_LUMA = 50.0
REFERENCE_STRUCTURED = 0.3
REFERENCE_SHARPNESS = 0.3

NO_JUDGEMENT = Finding(None)


def judge_light(measures: PictureMeasures, parameters: HealthParameters) -> dict[HealthKind, Finding]:
    """Judge black and overexposed."""
    black = measures.bright_luma < parameters.black_luma
    white = measures.white_share >= parameters.white_share
    return {
        HealthKind.BLACK: Finding(black, {"bright_luma": measures.bright_luma, "mean_luma": measures.mean_luma}),
        HealthKind.OVEREXPOSED: Finding(white, {"white_share": measures.white_share}),
    }


def is_good_reference(measures: PictureMeasures) -> bool:
    """Tell whether the others may be compared with this picture: by day, with structure, sharp."""
    return (
        measures.mean_luma >= REFERENCE_LUMA
        and float(measures.structured.mean()) >= REFERENCE_STRUCTURED
        and measures.sharpness >= REFERENCE_SHARPNESS
    )


def judge_structure(
    measures: PictureMeasures, reference: PictureMeasures, parameters: HealthParameters
) -> dict[HealthKind, Finding]:
    """Judge covered and blurred or dirty, by the tiles that have structure in the reference."""
    structured = reference.structured
    lit = structured & (measures.luma > DARK_LUMA) & (measures.luma < BRIGHT_LUMA)
    if lit.sum() < max(1.0, LEAST_JUDGED * structured.sum()):
        return {HealthKind.COVERED: NO_JUDGEMENT, HealthKind.BLURRED_OR_DIRTY: NO_JUDGEMENT}
    lost = lit & (measures.structure < parameters.lost_contrast * reference.structure)
    lost_share = float(lost.sum() / lit.sum())
    sharpness = _relative_sharpness(measures, reference, lit & ~lost)
    likeness = _correlation(measures.luma[lost], reference.luma[lost])
    covered = lost_share >= parameters.covered_share and likeness < BLUR_LIKENESS
    blurred = sharpness < parameters.blur_share or lost_share >= parameters.dirty_share
    figures = {"lost_share": lost_share, "sharpness": sharpness, "likeness": likeness}
    return {
        HealthKind.COVERED: Finding(covered, figures),
        # What is covered can't be told to be sharp.
        HealthKind.BLURRED_OR_DIRTY: Finding(None if covered else blurred, figures),
    }


def judge_sharpness_alone(measures: PictureMeasures) -> Finding:
    """Judge blurred without a reference, where the picture is lit and has structure enough."""
    if measures.mean_luma < REFERENCE_LUMA or measures.structured.mean() < REFERENCE_STRUCTURED:
        return NO_JUDGEMENT
    return Finding(measures.sharpness < REFERENCE_SHARPNESS, {"sharpness_alone": measures.sharpness})


def _relative_sharpness(
    measures: PictureMeasures, reference: PictureMeasures, chosen: "np.typing.NDArray[np.bool_]"
) -> float:
    """Return the median tile's sharpness by its reference's; 0 where nothing has structure."""
    if not chosen.any():
        return 0.0
    now = measures.detail[chosen] / measures.structure[chosen]
    then = np.maximum(reference.detail[chosen] / reference.structure[chosen], 0.01)
    return float(np.median(now / then))


def _correlation(values: "np.typing.NDArray[np.float32]", others: "np.typing.NDArray[np.float32]") -> float:
    """Return Pearson's correlation; 0 where there is nothing to correlate."""
    if len(values) < 2 or values.std() < 1e-3 or others.std() < 1e-3:
        return 0.0
    return float(np.corrcoef(values, others)[0, 1])
