"""The tampering drill: whatever is done to a camera's packages is found and named."""

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.vision.evidence.packages import make_chain, read_manifest, seal_again
from vision.evidence.chain import SignedHead, read_head
from vision.evidence.chain_check import ChainExtent, check_chains, read_chained
from vision.evidence.errors import HeadDamaged
from vision.evidence.faults import Fault, Problem
from vision.evidence.keyring import Keyring
from vision.evidence.verify import find_packages, verify_package

COUNT = 5


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("edge")
    make_chain(root, COUNT)
    return root


class Copy:
    """A copy of the edge's packages, to tamper with."""

    def __init__(self, edge: Path, folder: Path) -> None:
        self.edge = Path(shutil.copytree(edge, folder))
        found = find_packages(self.edge / "ready")
        self.packages = sorted(found, key=lambda package: read_manifest(package).chain.number)  # type: ignore[union-attr]
        (self.first_key,) = Keyring(self.edge / "keys").keys().fingerprints

    @property
    def key(self) -> Ed25519PrivateKey:
        (private,) = (self.edge / "keys").glob("*.pem")
        key = load_pem_private_key(private.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey)
        return key

    @property
    def head(self) -> SignedHead:
        return read_head(self.edge / "chain" / "gate.json")

    def remove(self, number: int) -> None:
        shutil.rmtree(self.packages[number - 1])

    def faults(self, *, trust: bool = True, head: bool = True) -> list[tuple[Problem, str]]:
        """Return what is found: the problem, and its place as the package's name."""
        packages = find_packages(self.edge / "ready")
        faults: list[Fault] = []
        for package in packages:
            faults += verify_package(package, {self.first_key} if trust else None)
        chained = [one for package in packages if (one := read_chained(package))]
        faults += check_chains(chained, {"gate": self.head} if head else {})[0]
        for fault in faults:
            assert "{" not in fault.problem
        return [(fault.kind, fault.package.name) for fault in faults]

    def name(self, number: int) -> str:
        return self.packages[number - 1].name


@pytest.fixture
def copy(edge: Path, tmp_path: Path) -> Copy:
    return Copy(edge, tmp_path / "copy")


def thief() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def test_a_whole_chain_has_no_fault(copy: Copy) -> None:
    assert copy.faults() == []
    chained = [one for package in copy.packages if (one := read_chained(package))]
    assert check_chains(chained, {"gate": copy.head})[1] == [ChainExtent("gate", COUNT, COUNT, has_head=True)]
    assert check_chains(chained, {})[1] == [ChainExtent("gate", COUNT, COUNT, has_head=False)]


def test_a_changed_manifest_is_named_and_its_successor_no_longer_follows(copy: Copy) -> None:
    path = copy.packages[1] / "manifest.json"
    path.write_text(path.read_text().replace('"wash_seconds": 3.5', '"wash_seconds": 9.5'))
    assert copy.faults() == [(Problem.SIGNATURE_BROKEN, copy.name(2)), (Problem.REORDERED, copy.name(3))]


@pytest.mark.parametrize("number", range(1, COUNT))
def test_a_removed_package_is_a_gap(copy: Copy, number: int) -> None:
    copy.remove(number)
    assert copy.faults() == [(Problem.REMOVED, copy.name(number + 1))]


def test_several_removed_packages_are_told_with_their_numbers(copy: Copy) -> None:
    for number in (2, 3):
        copy.remove(number)
    chained = [one for package in find_packages(copy.edge / "ready") if (one := read_chained(package))]
    ((fault,), _) = check_chains(chained, {})
    assert fault.problem == "camera gate: packages 2 to 3 of the chain were removed"


def test_a_cut_off_end_is_found_by_the_head_alone(copy: Copy) -> None:
    copy.remove(COUNT)
    copy.remove(COUNT - 1)
    assert copy.faults(head=False) == []
    assert copy.faults() == [(Problem.END_CUT, copy.name(COUNT - 2))]


def test_a_camera_whose_packages_are_all_gone_is_found_by_its_head(copy: Copy) -> None:
    for number in range(1, COUNT + 1):
        copy.remove(number)
    assert [kind for kind, _ in copy.faults()] == [Problem.END_CUT]


def test_two_packages_whose_numbers_were_swapped(copy: Copy) -> None:
    second, third = copy.packages[1:3]
    links = read_manifest(second).chain, read_manifest(third).chain
    texts = [(package / "manifest.json").read_bytes() for package in (second, third)]
    for package, link in ((second, links[1]), (third, links[0])):
        changed = read_manifest(package).model_copy(update={"chain": link}).model_dump_json(indent=2)
        (package / "manifest.json").write_text(changed)
    assert [(package / "manifest.json").read_bytes() for package in (second, third)] != texts
    found = copy.faults()
    assert {(Problem.SIGNATURE_BROKEN, second.name), (Problem.SIGNATURE_BROKEN, third.name)} <= set(found)
    assert (Problem.REORDERED, copy.name(4)) in found


def test_numbers_swapped_and_signed_with_the_edges_own_key_are_found_too(copy: Copy) -> None:
    second, third = copy.packages[1:3]
    links = read_manifest(second).chain, read_manifest(third).chain
    seal_again(second, copy.key, chain=links[1])
    seal_again(third, copy.key, chain=links[0])
    assert set(copy.faults()) == {(Problem.REORDERED, second.name), (Problem.REORDERED, copy.name(4))}


@pytest.mark.parametrize("number", [2, 3, COUNT])
def test_a_package_signed_again_with_another_key(copy: Copy, number: int) -> None:
    seal_again(copy.packages[number - 1], thief())
    found = copy.faults(trust=False, head=False)
    assert found == [(Problem.RESIGNED, copy.name(number))]
    assert (Problem.UNTRUSTED, copy.name(number)) in copy.faults()


def test_a_chain_signed_again_as_a_whole_is_found_by_trust_and_by_the_head(copy: Copy) -> None:
    forger = thief()
    for package in copy.packages:
        seal_again(package, forger)
    assert copy.faults(trust=False, head=False) == []
    assert copy.faults(trust=False) == [(Problem.HEAD_OTHER_KEY, copy.name(COUNT))]
    assert {kind for kind, _ in copy.faults(head=False)} == {Problem.UNTRUSTED}


def test_a_last_package_forged_with_the_edges_own_key_is_found_by_the_head(copy: Copy) -> None:
    seal_again(copy.packages[-1], copy.key, measures={"wash_seconds": 99.0})
    assert copy.faults() == [(Problem.HEAD_DIFFERS, copy.name(COUNT))]


def test_a_number_that_comes_twice(copy: Copy) -> None:
    shutil.copytree(copy.packages[2], copy.edge / "ready" / "twin")
    assert [kind for kind, _ in copy.faults()] == [Problem.DUPLICATED]


def test_a_changed_head_is_no_head(copy: Copy) -> None:
    path = copy.edge / "chain" / "gate.json"
    path.write_text(path.read_text().replace(f'"number": {COUNT}', f'"number": {COUNT - 1}'))
    with pytest.raises(HeadDamaged, match="something else"):
        read_head(path)


def test_rotations_are_followed_from_the_first_key_on(copy: Copy) -> None:
    Keyring(copy.edge / "keys").rotate()
    copy.packages += make_chain(copy.edge, 2, first=COUNT)
    assert copy.faults() == []


def test_a_package_signed_with_an_old_key_after_a_rotation_is_named(copy: Copy) -> None:
    stolen = copy.key
    Keyring(copy.edge / "keys").rotate()
    copy.packages += make_chain(copy.edge, 2, first=COUNT)
    seal_again(copy.packages[-1], stolen)
    assert copy.faults(head=False) == [(Problem.RESIGNED, copy.name(COUNT + 2))]


def test_a_head_that_was_fetched_earlier_does_not_complain_about_later_packages(copy: Copy) -> None:
    earlier = copy.head
    copy.packages += make_chain(copy.edge, 1, first=COUNT)
    chained = [one for package in copy.packages if (one := read_chained(package))]
    assert check_chains(chained, {"gate": earlier})[0] == []
