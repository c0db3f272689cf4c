"""HJ 212-2017, the protocol that pollution monitors speak to their data centre: bytes to packets and back, pure."""
