"""Where the pages get everything from."""

from dataclasses import dataclass

from service.accounts.accounts import Accounts
from service.api.statistics import StatisticsDesk
from service.clock import Clock
from service.domain.live_views import LiveViews
from service.pages.administration.administered import Administered
from service.storage.advice_store import AdviceStore
from service.storage.camera_store import CameraStore
from service.storage.case_store import CaseStore
from service.storage.dust_store import DustStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.health_store import HealthStore
from service.storage.layout_store import LayoutStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.notice_store import NoticeStore
from service.storage.office_desk import OfficeDesk


@dataclass(frozen=True)
class CameraSources:
    """What the cameras' pages read, and where they say what is looked at live."""

    cameras: CameraStore
    layouts: LayoutStore
    health: HealthStore
    live: LiveViews


@dataclass(frozen=True)
class Sources:
    """The stores and the clock; `accounts` is None where the service is open to everybody.

    `tiles` is the address of a map's tiles (`https://host/{z}/{x}/{y}.png`), empty where maps show a plain grid.
    """

    store: CaseStore
    evidence: EvidenceFolder
    dust: DustStore
    maintenance: MaintenanceStore
    notices: NoticeStore
    clock: Clock
    accounts: Accounts | None
    watched: CameraSources
    statistics: StatisticsDesk
    office: Administered
    lists: OfficeDesk
    advice: AdviceStore
    tiles: str = ""
