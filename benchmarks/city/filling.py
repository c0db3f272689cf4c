"""Puts every camera of the city into the database, as its edge would have told it before, with its lease and memory."""

from sqlalchemy import Engine, text

from benchmarks.city.traffic import Traffic

_NEWS = text(
    "INSERT INTO camera_news (site_id, camera_id, site_name, camera_name, told_at, news) "
    "SELECT 'city-' || n / :a_site, 'city-' || n / :a_site || '-' || n % :a_site, '工地', 'camera', now(), "
    "CAST(:news AS json) FROM generate_series(0, :cameras - 1) AS n"
)
_LEASES = text(
    "INSERT INTO camera_leases (camera_id, holder, token, expires_at) "
    "SELECT 'city-' || n / :a_site || '-' || n % :a_site, 'node-' || n / :a_node, 1, now() "
    "FROM generate_series(0, :cameras - 1) AS n"
)
_MEMORIES = text(
    "INSERT INTO camera_memories (camera_id, since_case, memory) "
    "SELECT 'city-' || n / :a_site || '-' || n % :a_site, 0, repeat('0', 1000) "
    "FROM generate_series(0, :cameras - 1) AS n"
)


def fill_cameras(engine: Engine, traffic: Traffic) -> None:
    """Write the rows; leases are over, so that nobody is kept out."""
    numbers = {"cameras": traffic.cameras, "a_site": traffic.cameras_a_site}
    news = traffic.camera_news("camera").model_dump_json()
    with engine.begin() as connection:
        connection.execute(_NEWS, {**numbers, "news": news})
        connection.execute(_LEASES, {**numbers, "a_node": traffic.cameras_a_node})
        connection.execute(_MEMORIES, numbers)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
