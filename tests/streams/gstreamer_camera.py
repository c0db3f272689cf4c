"""Plays a video as a password-protected RTSP camera with GStreamer; run by Debian's own Python.

Usage: gstreamer_camera.py FILE PORT USER PASSWORD
FILE is an .mp4 with H.264, or a .h264.ts or .h265.ts, whose pictures may change their size in its middle.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def main(path: str, port: str, user: str, password: str) -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    codec = "h265" if path.endswith(".h265.ts") else "h264"
    # A transport stream carries its parameter sets, an .mp4 has them in its index: there they are sent each second.
    demux, interval = ("qtdemux", 1) if path.endswith(".mp4") else ("tsdemux", 0)
    factory.set_launch(
        f'( filesrc location="{path}" ! {demux} ! {codec}parse ! rtp{codec}pay name=pay0 config-interval={interval} )'
    )
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    guard = GstRtspServer.RTSPAuth()
    guard.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(guard)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/camera", factory)
    server.attach(None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(*sys.argv[1:5])
