"""`python deploy/grafana/write_dashboard.py`: writes the dashboard, a table of panels as Grafana's JSON."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "dashboards" / "dustwatch.json"
COLUMNS, WIDTH, HEIGHT = 3, 8, 7


@dataclass(frozen=True)
class Panel:
    """One picture: its title, its question and how its lines are called."""

    title: str
    query: str
    legend: str = "{{instance}}"
    unit: str = "short"
    kind: str = "timeseries"


PANELS = (
    Panel("摄像头在线 cameras up", "sum(dustwatch_camera_up)", "在线 up", kind="stat"),
    Panel("摄像头总数 cameras", "count(dustwatch_camera_up)", "总数 all", kind="stat"),
    Panel("待审核 cases to review", 'max(dustwatch_cases{state="found"})', "待审核", kind="stat"),
    Panel(
        "新案件 cases found, an hour",
        'sum(increase(dustwatch_requests_total{route="/api/violations",status="201"}[1h]))',
        "新案件",
    ),
    Panel("案件状态 cases by state", "max by (state) (dustwatch_cases)", "{{state}}"),
    Panel("待送证据 packages that wait", "dustwatch_edge_outbox_waiting"),
    Panel("请求 requests a second", "sum by (status) (rate(dustwatch_requests_total[5m]))", "{{status}}", "reqps"),
    Panel(
        "响应时间 p95 answers, slowest of twenty",
        "histogram_quantile(0.95, sum by (le, route) (rate(dustwatch_request_seconds_bucket[5m])))",
        "{{route}}",
        "s",
    ),
    Panel(
        "数据库与证据 database and evidence",
        "min(dustwatch_database_up) * min(dustwatch_evidence_writable) * min(dustwatch_evidence_room)",
        "正常 works",
    ),
    Panel("异常 what ails cameras", "sum by (kind) (dustwatch_camera_trouble)", "{{kind}}"),
    Panel("CPU 核 cores a box", "sum by (instance) (rate(process_cpu_seconds_total[5m]))"),
    Panel("内存 memory", "process_resident_memory_bytes", unit="bytes"),
    Panel("视频流量 video received", "sum by (instance) (rate(dustwatch_camera_received_bytes_total[5m]))", unit="Bps"),
    Panel("判定延迟 age when judged", "max by (instance) (dustwatch_camera_lag_seconds)", unit="s"),
    Panel("未及判定 looks left out a second", "sum by (instance) (rate(dustwatch_camera_dropped_total[5m]))"),
)


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana reads it."""
    return {
        "uid": "dustwatch",
        "title": "尘视 dustwatch",
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "Asia/Shanghai",
        "tags": ["dustwatch"],
        "panels": [_panel(number, panel) for number, panel in enumerate(PANELS)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "prometheus"}
    row, column = divmod(number, COLUMNS)
    return {
        "id": number + 1,
        "title": panel.title,
        "type": panel.kind,
        "datasource": source,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": [{"refId": "A", "datasource": source, "expr": panel.query, "legendFormat": panel.legend}],
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(dashboard(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
