"""`dustwatch dust`: listens to dust monitors, or plays them."""

import asyncio
import errno
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import structlog
import typer

from service.cli.options import VerboseOption, console
from service.cli.serve import sqlite_url
from service.cli.serve_options import DatabaseOption
from service.dust.instruments import InstrumentsConfig, load_instruments
from service.dust.receiver import DEFAULT_PORT, DustReceiver
from service.dust.simulator import Mischief, SimulatedInstrument, made_readings
from service.logs import set_up_logs
from service.simulated_camera import PortTaken
from service.storage.database import open_database
from service.storage.dust_store import DustStore

log = structlog.get_logger(__name__)

app = typer.Typer(help="扬尘在线监测仪（HJ 212-2017）。Dust monitors.", no_args_is_help=True)
COUNTS_EVERY_S = 300.0

InstrumentsOption = Annotated[Path, typer.Option(help="监测仪清单 File that lists the instruments (YAML).")]
ShareOption = Annotated[float, typer.Option(min=0, max=1, help="出错比例 Share of packets.")]


@app.command()
def serve(
    instruments: InstrumentsOption,
    data: Annotated[Path, typer.Option(help="数据目录 Folder of the database.")] = Path("dustwatch-data/service"),
    host: Annotated[str, typer.Option(help="监听地址 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = DEFAULT_PORT,
    database: DatabaseOption = None,
    log_json: Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """接收监测仪数据并入库。Receive what dust monitors send, and store it.

    Example: [bold]dustwatch dust serve --instruments instruments.yaml --host 0.0.0.0[/bold]
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    config = load_instruments(instruments)
    data.mkdir(parents=True, exist_ok=True)
    store = DustStore(open_database(database or sqlite_url(data)))
    asyncio.run(_receive(DustReceiver(config, store), host, port))


@app.command()
def simulate(
    instruments: InstrumentsOption,
    host: Annotated[str, typer.Option(help="接收端地址 Address of the receiver.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = DEFAULT_PORT,
    readings: Annotated[int, typer.Option(min=1, help="每台条数 Minute readings of each instrument.")] = 10,
    pause: Annotated[float, typer.Option(min=0, help="间隔秒数 Seconds between them.")] = 1.0,
    cut: ShareOption = 0.0,
    garbage: ShareOption = 0.0,
    bad_checksum: ShareOption = 0.0,
    resend: ShareOption = 0.0,
    disconnect: Annotated[float, typer.Option(min=0, max=0.9, help="断线比例 Share of packets.")] = 0.0,
    parts: ShareOption = 0.0,
) -> None:
    """模拟清单中的全部监测仪，可带各种故障。Play all instruments of a file, with faults on demand.

    The readings end with the present minute. Example: [bold]dustwatch dust simulate --instruments instruments.yaml
    --readings 60 --disconnect 0.1 --resend 0.1[/bold]
    """
    config = load_instruments(instruments)
    mischief = Mischief(cut, garbage, bad_checksum, resend, disconnect, parts)
    acknowledged = asyncio.run(_play(config, mischief, host, port, readings, pause))
    typer.echo(acknowledged)


async def _receive(receiver: DustReceiver, host: str, port: int) -> None:
    try:
        await receiver.start(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(port=port, option="--port") from error
    console.print(f"监测仪接入 dust monitors: [bold]{host}:{port}[/bold]", highlight=False)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    while not stop.is_set():
        try:
            async with asyncio.timeout(COUNTS_EVERY_S):
                await stop.wait()
        except TimeoutError:
            log.info("dust.counts", connections=receiver.connections, **receiver.counts)
    await receiver.stop()
    log.info("dust.stopped", **receiver.counts)


async def _play(
    config: InstrumentsConfig, mischief: Mischief, host: str, port: int, readings: int, pause: float
) -> int:
    now = datetime.now(UTC).replace(second=0, microsecond=0)

    async def play(number: int) -> int:
        instrument = config.instruments[number]
        start = now - timedelta(minutes=readings * instrument.minutes_per_record)
        played = SimulatedInstrument(instrument, config.zone, mischief, seed=number)
        sent = await played.play(host, port, made_readings(instrument, start, readings), pause_s=pause)
        return sent.acknowledged

    return sum(await asyncio.gather(*(play(number) for number in range(len(config.instruments)))))
