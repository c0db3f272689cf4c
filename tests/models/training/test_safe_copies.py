"""Checkpoints that survive being killed."""

from models.training.safe_copies import drop_checkpoints, keep_checkpoints, restore_checkpoints


def write(weights, **contents):
    weights.mkdir(exist_ok=True)
    for name, content in contents.items():
        (weights / f"{name}.pt").write_bytes(content)


def test_a_checkpoint_that_was_being_written_is_put_back_whole(tmp_path):
    weights = tmp_path / "weights"
    write(weights, last=b"epoch 1", best=b"epoch 1")
    keep_checkpoints(weights, tmp_path)
    write(weights, last=b"epo", best=b"e")
    last = restore_checkpoints(weights, tmp_path)
    assert last.read_bytes() == b"epoch 1"
    assert (weights / "last.pt").read_bytes() == (weights / "best.pt").read_bytes() == b"epoch 1"


def test_there_is_nothing_to_put_back_before_the_first_epoch_and_after_the_end(tmp_path):
    assert restore_checkpoints(tmp_path / "weights", tmp_path) is None
    write(tmp_path / "weights", last=b"1", best=b"1")
    keep_checkpoints(tmp_path / "weights", tmp_path)
    drop_checkpoints(tmp_path)
    assert restore_checkpoints(tmp_path / "weights", tmp_path) is None
