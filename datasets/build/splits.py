"""Which split a scene or a source goes to: the same one for ever, and never two."""

import hashlib

from models.data.records import Split

FIRST_TEST_SEED = 900_000
LAST_TRAINING_SEED = 799_999
VAL_SHARE = 0.12
TEST_SHARE = 0.15


def split_of_seed(seed: int) -> Split:
    """Return the split of a rendered scene. Raises ValueError for seeds that are kept free."""
    if seed >= FIRST_TEST_SEED:
        return "test"
    if not 0 <= seed <= LAST_TRAINING_SEED:
        raise ValueError(f"seeds {LAST_TRAINING_SEED + 1} to {FIRST_TEST_SEED - 1} belong to no split")
    return "val" if seed % 10 == 9 else "train"


def split_of_group(group: str, test_share: float = TEST_SHARE) -> Split:
    """Return the split of a real scene or source, by a hash of its name: new groups never move old ones.

    With `test_share` 0 it goes to train or val, as for groups that were kept out of the test split by hand.
    """
    place = int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) / 2**32
    if place < test_share:
        return "test"
    return "val" if place < test_share + VAL_SHARE else "train"
