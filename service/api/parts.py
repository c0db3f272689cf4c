"""What the service is made of: its stores, all at one database, with one folder of evidence and one clock."""

from dataclasses import dataclass
from pathlib import Path

from service.accounts.accounts import Accounts
from service.api.event_feed import EventFeed
from service.api.machine_reach import MachineReach
from service.api.statistics import StatisticsDesk
from service.clock import Clock
from service.domain.due import load_due_times
from service.domain.live_views import LiveViews
from service.office_rules import office_rules
from service.storage.advice_store import AdviceStore
from service.storage.alert_store import AlertStore
from service.storage.audit_store import AuditStore
from service.storage.camera_store import CameraStore
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.dust_cases import DustCases
from service.storage.dust_store import DustStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.health_store import HealthStore
from service.storage.interval_store import IntervalStore
from service.storage.layout_store import LayoutStore
from service.storage.lease_store import LeaseStore
from service.storage.live_view_store import LiveViewStore
from service.storage.look_back_store import LookBackStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.notice_store import NoticeStore
from service.storage.office_desk import OfficeDesk
from service.storage.pruning_store import PruningStore
from service.storage.regional_dust_store import RegionalDustStore
from service.storage.reminder_store import ReminderStore
from service.storage.scope_rows import ScopeRows
from service.storage.site_store import SiteStore
from service.storage.statistics_store import StatisticsStore
from service.storage.upload_quota import UploadQuota


@dataclass(frozen=True)
class Parts:
    """The stores by their subject; `open_parts` makes them."""

    clock: Clock
    evidence: EvidenceFolder
    accounts: Accounts
    store: CaseStore
    quota: UploadQuota
    office: OfficeDesk
    advice: AdviceStore
    alerts: AlertStore
    look_backs: LookBackStore
    reminders: ReminderStore
    notices: NoticeStore
    feed: EventFeed
    statistics: StatisticsDesk
    sites: SiteStore
    scopes: ScopeRows
    reach: MachineReach
    cameras: CameraStore
    layouts: LayoutStore
    intervals: IntervalStore
    leases: LeaseStore
    live: LiveViews
    shared_looks: LiveViewStore
    health: HealthStore
    maintenance: MaintenanceStore
    dust: DustStore
    dust_cases: DustCases
    regional_dust: RegionalDustStore
    audit: AuditStore
    pruning: PruningStore


def open_parts(database_url: str, evidence: EvidenceFolder, clock: Clock, office_data: Path | None) -> Parts:
    """Bring the database up to date and return what works with it.

    `office_data` is a folder with the office's own due times and working days, where it has any.
    """
    due_times, rules = load_due_times(office_data), office_rules(office_data)
    engine = open_database(database_url)
    store, notices, live = CaseStore(engine, due_times, rules), NoticeStore(engine), LiveViews()
    cameras, dust = CameraStore(engine), DustStore(engine)
    return Parts(
        clock=clock,
        evidence=evidence,
        accounts=Accounts(engine, clock),
        store=store,
        quota=UploadQuota(engine),
        office=OfficeDesk(engine, rules, clock),
        advice=AdviceStore(store, rules),
        alerts=AlertStore(engine, rules),
        look_backs=LookBackStore(store),
        reminders=ReminderStore(engine, due_times),
        notices=notices,
        feed=EventFeed(notices),
        statistics=StatisticsDesk(StatisticsStore(engine), clock),
        sites=SiteStore(engine),
        scopes=ScopeRows(engine),
        reach=MachineReach(engine),
        cameras=cameras,
        layouts=LayoutStore(engine),
        intervals=IntervalStore(engine, rules),
        leases=LeaseStore(engine),
        live=live,
        shared_looks=LiveViewStore(engine, live),
        health=HealthStore(engine),
        maintenance=MaintenanceStore(engine),
        dust=dust,
        dust_cases=DustCases(store, dust, cameras, evidence, clock),
        regional_dust=RegionalDustStore(engine),
        audit=AuditStore(engine),
        pruning=PruningStore(engine),
    )
