"""Machines of their own on this one: network namespaces on a bridge, each of whose ways can be cut. Needs root."""

import subprocess
from collections.abc import Sequence
from types import TracebackType
from typing import Self

BRIDGE = "dwbr"
NETWORK = "10.77.0"
HEAD, CAMERAS, QUEUE = (f"{NETWORK}.{number}" for number in (1, 2, 3))
"""Addresses on the bridge of what is no node; apart, so that the way to one can be cut alone."""


class Spaces:
    """A bridge with the three addresses, and namespaces that reach them through it."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def __enter__(self) -> Self:
        _ip("link", "add", BRIDGE, "type", "bridge")
        for address in (HEAD, CAMERAS, QUEUE):
            _ip("address", "add", f"{address}/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in self._names:
            _ip("netns", "delete", name)
        _ip("link", "delete", BRIDGE)

    def add(self) -> tuple[str, str]:
        """Make one more namespace; return its name and its address."""
        number = len(self._names) + 1
        name, address = f"dwnode{number}", f"{NETWORK}.{10 + number}"
        _ip("netns", "add", name)
        self._names.append(name)
        _ip("link", "add", _outer(name), "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", _outer(name), "master", BRIDGE, "up")
        for inside in (f"address add {address}/24 dev eth0", "link set eth0 up", "link set lo up"):
            _ip("-n", name, *inside.split())
        return name, address

    def cut_from(self, name: str, address: str) -> None:
        """Let nothing pass any more between the namespace and the address: packets vanish, nobody is told."""
        self._at_the_way("-A", name, address)

    def let_to(self, name: str, address: str) -> None:
        """Take `cut_from` back."""
        self._at_the_way("-D", name, address)

    def take_down(self, name: str) -> None:
        """Take the namespace's only link down, as if its cable had been pulled."""
        _ip("link", "set", _outer(name), "down")

    def bring_up(self, name: str) -> None:
        """Take `take_down` back."""
        _ip("link", "set", _outer(name), "up")

    def _at_the_way(self, what: str, name: str, address: str) -> None:
        for rule in (("OUTPUT", "-d", address), ("INPUT", "-s", address)):
            subprocess.run([*within(name, ["iptables", "--wait"]), what, *rule, "-j", "DROP"], check=True)


def within(name: str, command: Sequence[str]) -> list[str]:
    """Return the command that runs another one in the namespace."""
    return ["ip", "netns", "exec", name, *command]


def _outer(name: str) -> str:
    return f"{name}-o"


def _ip(*arguments: str) -> None:
    # By its name alone: where it lies differs from machine to machine.
    subprocess.run(["ip", *arguments], check=True)  # nosec B607
