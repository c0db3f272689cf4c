"""The rule of tokens that are bound to sites, without a database."""

import pytest

from service.accounts.machine_sites import check_report, check_site, holds, own_cameras, own_sites, told_token
from service.accounts.principal import ANYBODY, Kind, MachineScope, Principal, principal_of_machine
from service.accounts.scope import Scope
from service.errors import ForeignCamera, ForeignSite

SCOPES = frozenset(MachineScope)
BOUND = principal_of_machine("edge", SCOPES, frozenset({"east", "south"}))
PERSON = Principal(Kind.USER, "li", "li", frozenset(), Scope(sites=frozenset({"east"})))
FREE = (principal_of_machine("cluster", SCOPES), ANYBODY, PERSON)
REGISTERED = {
    "gate": frozenset({"east"}),
    "far": frozenset({"west"}),
    "moved": frozenset({"east", "south"}),
    "shared": frozenset({"east", "west"}),
}


@pytest.mark.parametrize("camera", ["gate", "moved", "new"])
def test_a_camera_of_its_own_sites_and_a_new_one_may_be_told_about(camera):
    check_report(BOUND, "east", camera, REGISTERED)


@pytest.mark.parametrize("camera", ["far", "shared"])
def test_a_camera_that_is_known_elsewhere_is_not_taken_over(camera):
    with pytest.raises(ForeignCamera, match=rf"camera {camera} .* token edge .* administrator"):
        check_report(BOUND, "east", camera, REGISTERED)


@pytest.mark.parametrize("camera", ["gate", "far", "new"])
def test_a_report_of_another_site_is_refused_whatever_the_camera(camera):
    with pytest.raises(ForeignSite, match="site west"):
        check_report(BOUND, "west", camera, REGISTERED)


def test_of_many_the_foreign_ones_are_left_out_and_with_no_own_one_all_is_refused():
    assert own_sites(BOUND, ["west", "south", "east"]) == ["south", "east"]
    asked = ["far", "gate", "shared", "new"]
    assert own_cameras(BOUND, asked, REGISTERED, new=True) == ["gate", "new"]
    assert own_cameras(BOUND, asked, REGISTERED, new=False) == ["gate"]
    with pytest.raises(ForeignSite):
        own_sites(BOUND, ["west"])
    with pytest.raises(ForeignCamera):
        own_cameras(BOUND, ["far", "new"], REGISTERED, new=False)
    assert own_cameras(BOUND, [], REGISTERED, new=False) == []


@pytest.mark.parametrize("free", FREE, ids=lambda each: each.kind)
def test_who_is_not_bound_passes(free):
    assert not free.is_bound
    check_site(free, "west")
    check_report(free, "west", "gate", REGISTERED)
    assert own_sites(free, ["west"]) == ["west"]
    assert own_cameras(free, ["far", "new"], REGISTERED, new=False) == ["far", "new"]
    assert holds(free, "west")


def test_the_audit_log_is_told_a_token_s_sites():
    assert told_token("edge", {MachineScope.HEALTH_WRITE}, ["b", "a"]) == "edge: health:write; sites: a, b"
    assert told_token("edge", {MachineScope.HEALTH_WRITE}, []) == "edge: health:write"
