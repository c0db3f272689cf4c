"""What somebody of a site may attach on one day; on either database."""

from datetime import timedelta

import pytest

from service.domain.cases import EvidenceItem
from service.domain.lifecycle import Actor, Role, Step, Told
from service.errors import UploadQuotaUsed
from service.storage.upload_quota import UploadQuota
from tests.service.made_cases import MORNING, finding

BUILDER = Actor("王工", Role.SITE)


@pytest.fixture
def quota(store):
    """A quota of 10 bytes, of which the builder has used 6."""
    case, _ = store.add_or_get(finding())
    told = Told("照片", attachments=(EvidenceItem("a.jpg", "attachment", "image/jpeg", 6, "0" * 64),))
    store.take_step(case.id, Step.NOTE, BUILDER, told, at=MORNING)
    return UploadQuota(store.engine, site_bytes_a_day=10)


def test_what_goes_over_the_day_s_bytes_is_refused(quota):
    quota.check(BUILDER, 4, MORNING)
    with pytest.raises(UploadQuotaUsed):
        quota.check(BUILDER, 5, MORNING)


def test_the_next_day_of_the_office_begins_anew(quota):
    with pytest.raises(UploadQuotaUsed):
        quota.check(BUILDER, 5, MORNING + timedelta(hours=14, minutes=59))
    quota.check(BUILDER, 5, MORNING + timedelta(hours=15))  # midnight in Beijing


def test_others_are_not_counted_with_them(quota):
    quota.check(Actor("李工", Role.SITE), 10, MORNING)
    quota.check(Actor("王工", Role.INSPECTOR), 1000, MORNING)
