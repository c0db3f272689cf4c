"""The receiver over real TCP: stores each reading once, whatever happens to connections, and bounds strangers."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from service.dust.connection import ConnectionLimits
from service.dust.hj212.packet import Packet
from service.dust.hj212.stream import PacketStream, encode
from service.dust.reading import Period
from service.dust.receiver import DustReceiver
from service.dust.simulator import Mischief, SimulatedInstrument, made_readings
from service.storage.database import open_database
from service.storage.dust_store import DustStore
from tests.service.dust.dust_packets import MN, NOON, PASSWORD, make_config, make_packet, make_reading

HOST = "127.0.0.1"
PATIENCE_S = 60.0
QUICK = ConnectionLimits(packets_per_s=10_000.0)


@pytest.fixture
def engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    yield engine
    engine.dispose()


@asynccontextmanager
async def receiving(engine, config, **options) -> AsyncIterator[tuple[DustReceiver, int]]:
    receiver = DustReceiver(config, DustStore(engine), **{"limits": QUICK, **options})
    port = await receiver.start(HOST, 0)
    try:
        yield receiver, port
    finally:
        await receiver.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - nobody tells when it holds
            await asyncio.sleep(0.02)


async def next_packet(reader: asyncio.StreamReader) -> Packet:
    stream = PacketStream()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            data = await reader.read(4096)
            assert data, "the receiver closed the connection"
            for packet in stream.feed(data):
                assert isinstance(packet, Packet)
                return packet


async def is_closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(PATIENCE_S):
        try:
            while await reader.read(4096):
                pass
        except ConnectionError:
            pass
    return True


def stored(engine, number, count=1000):
    return DustStore(engine).readings(number, Period.MINUTE, NOON, NOON + timedelta(minutes=count))


def test_fifty_instruments_that_lose_connections_and_resend_store_each_reading_once(engine):
    config = make_config(50)
    mischief = Mischief(cut=0.2, garbage=0.1, bad_checksum=0.1, resend=0.3, disconnect=0.15, parts=0.2)
    sent = {each.mn: made_readings(each, NOON, 6) for each in config.instruments}

    async def run():
        async with receiving(engine, config) as (receiver, port):
            instruments = [SimulatedInstrument(each, config.zone, mischief, seed=7) for each in config.instruments]
            plays = [
                instrument.play(HOST, port, sent[each.mn], answer_s=PATIENCE_S)
                for instrument, each in zip(instruments, config.instruments, strict=True)
            ]
            return await asyncio.gather(*plays), dict(receiver.counts)

    played, counts = asyncio.run(run())
    for number, readings in sent.items():
        assert stored(engine, number) == tuple(readings)
    assert all(each.acknowledged == 6 for each in played)
    # It was as bad as it was meant to be.
    assert sum(each.connections for each in played) > 60
    assert sum(each.sent for each in played) > 400
    assert counts["new"] == 300
    assert counts["known"] > 50
    assert counts["checksum"] > 10


def test_a_reading_is_stored_before_it_is_acknowledged(engine):
    async def run():
        async with receiving(engine, make_config()) as (_, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(encode(make_packet()))
            answer = await next_packet(reader)
            rows = stored(engine, MN)
            writer.close()
            return answer, rows

    answer, rows = asyncio.run(run())
    assert (answer.command, answer.request) == ("9014", "20250601120100123")
    assert len(rows) == 1


def test_what_can_not_be_stored_is_not_acknowledged_and_comes_again(engine):
    config = make_config()

    async def run():
        async with receiving(engine, config) as (receiver, port):
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE dust_readings RENAME TO away"))
            instrument = SimulatedInstrument(config.instruments[0], config.zone)
            playing = asyncio.create_task(instrument.play(HOST, port, [make_reading()], answer_s=0.3))
            await until(lambda: receiver.counts.get("not_stored", 0) >= 2)
            assert not playing.done()
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE away RENAME TO dust_readings"))
            async with asyncio.timeout(PATIENCE_S):
                await playing

    asyncio.run(run())
    assert stored(engine, MN) == (make_reading(),)


def test_a_wrong_checksum_is_not_answered_and_what_follows_is(engine):
    good = encode(make_packet(request="20250601120100999"))
    bad = bytearray(encode(make_packet()))
    bad[40] ^= 1

    async def run():
        async with receiving(engine, make_config()) as (receiver, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(bytes(bad) + good)
            answer = await next_packet(reader)
            return answer, dict(receiver.counts)

    answer, counts = asyncio.run(run())
    assert answer.request == "20250601120100999"
    assert counts["checksum"] == 1


def test_a_wrong_password_is_told_and_no_password_reaches_the_log(engine):
    async def run():
        async with receiving(engine, make_config()) as (_, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(encode(make_packet(password="guessed-one")))
            refusal = await next_packet(reader)
            writer.write(encode(make_packet()))
            await next_packet(reader)
            return refusal

    with capture_logs() as logs:
        refusal = asyncio.run(run())
    assert (refusal.command, refusal.content) == ("9011", "QnRtn=3")
    assert any(entry["event"] == "dust.refused" for entry in logs)
    assert "guessed-one" not in str(logs)
    assert PASSWORD not in str(logs)


def test_passwords_are_not_stored(engine, tmp_path):
    async def run():
        async with receiving(engine, make_config()) as (_, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(encode(make_packet()))
            await next_packet(reader)

    asyncio.run(run())
    engine.dispose()
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert any(MN.encode() in content for content in files)
    assert not any(PASSWORD.encode() in content for content in files)


def test_who_sends_nothing_good_is_closed(engine):
    limits = ConnectionLimits(idle_s=0.2)

    async def run():
        async with receiving(engine, make_config(), limits=limits) as (receiver, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(b"##0100QN=2025")
            assert await is_closed(reader)
            await until(lambda: receiver.counts.get("idle") == 1)

    asyncio.run(run())


@pytest.mark.parametrize(
    "noise", [b"##000x" * 2000, random.Random(1).randbytes(40_000), encode(make_packet(password="no"))]
)
def test_who_sends_only_rubbish_is_closed(engine, noise):
    limits = ConnectionLimits(packets_per_s=10_000.0, faults=20, garbage_bytes=20_000)

    async def run():
        async with receiving(engine, make_config(), limits=limits) as (receiver, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(noise * 30)
            assert await is_closed(reader)
            await until(lambda: receiver.counts.get("too_many_faults") == 1)

    asyncio.run(run())


def test_who_errs_now_and_then_may_stay(engine):
    limits = ConnectionLimits(packets_per_s=10_000.0, faults=3, garbage_bytes=500)
    spoilt = b"##000x" * 2 + b"x" * 300

    async def run():
        async with receiving(engine, make_config(), limits=limits) as (_, port):
            reader, writer = await asyncio.open_connection(HOST, port)
            for _ in range(8):
                writer.write(spoilt + encode(make_packet()))
                assert (await next_packet(reader)).command == "9014"

    asyncio.run(run())


def test_more_connections_than_allowed_are_closed_and_the_others_go_on(engine):
    async def run():
        async with receiving(engine, make_config(), most_connections=1) as (receiver, port):
            first_reader, first_writer = await asyncio.open_connection(HOST, port)
            await until(lambda: receiver.connections == 1)
            second_reader, _ = await asyncio.open_connection(HOST, port)
            assert await is_closed(second_reader)
            first_writer.write(encode(make_packet()))
            assert (await next_packet(first_reader)).command == "9014"
            first_writer.close()
            await until(lambda: receiver.connections == 0)

    asyncio.run(run())


def test_who_is_too_fast_is_read_slowly_and_loses_nothing(engine):
    limits = ConnectionLimits(packets_per_s=40.0)
    packets = [make_packet(content=f"DataTime=2025060112{minute:02d}00;a34002-Avg=1") for minute in range(20)]

    async def run():
        loop = asyncio.get_running_loop()
        async with receiving(engine, make_config(), limits=limits) as (receiver, port):
            _, writer = await asyncio.open_connection(HOST, port)
            began = loop.time()
            writer.write(b"".join(map(encode, packets)))
            await until(lambda: receiver.counts.get("new") == 20)
            return loop.time() - began

    assert asyncio.run(run()) >= 19 / 40
    assert len(stored(engine, MN)) == 20


def test_stopping_closes_connections(engine):
    async def run():
        async with receiving(engine, make_config()) as (receiver, port):
            reader, _ = await asyncio.open_connection(HOST, port)
            await until(lambda: receiver.connections == 1)
            await receiver.stop()
            assert await is_closed(reader)
            assert receiver.connections == 0

    asyncio.run(run())
