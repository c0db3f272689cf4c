"""What can be wrong with a camera or a recording: each error is one line that says what to do and holds no secret."""

from typing import ClassVar

from streams.secrets import mask_secrets


class StreamError(Exception):
    """A camera or a file that can't be read.

    `template` is the English text with named places; `params` fill them. Both are kept so that the text can be shown
    in another language. Secrets in the params are masked.
    """

    template: ClassVar[str] = "the video can't be read: {detail}"

    def __init__(self, **params: object) -> None:
        self.params = {name: mask_secrets(str(value)) for name, value in params.items()}
        super().__init__(self.template.format(**self.params))


class BadAddress(StreamError):
    """The address is neither a camera's URL nor a file's path."""

    template = "{url} is no camera address: write rtsp://user:password@host:554/path, or the path of a video file"


class NoSuchFile(StreamError):
    """The file is not there."""

    template = "{url}: there is no such file"


class ForbiddenAddress(StreamError):
    """The host is at an address where no camera may be."""

    template = "{url}: no camera is at {address}; give the camera an address of its own network"


class TooMuchSent(StreamError):
    """The camera sends more than any camera has to."""

    template = "{url}: the camera sends more than is taken ({detail}); check that it is the camera you mean"


class HostUnknown(StreamError):
    """The host's name is not known."""

    template = "{url}: the host {host} is unknown; check the name or use its IP address"


class CameraUnreachable(StreamError):
    """Nothing answers at the address."""

    template = "{url}: nothing answers ({detail}); check address, port and network, and that the camera is on"


class AccessRefused(StreamError):
    """The camera refused the user name or the password."""

    template = "{url}: the camera refused the user name or the password"


class NoSuchStream(StreamError):
    """The camera answers but has no stream of this path."""

    template = "{url}: the camera answers but has no stream of this path; look it up in the camera's manual"


class StreamStalled(StreamError):
    """The camera stopped sending."""

    template = "{url}: the camera sent nothing for {seconds} s"


class StreamEnded(StreamError):
    """The camera closed the stream."""

    template = "{url}: the camera ended the stream"


class NotVideo(StreamError):
    """The file or stream holds no video that can be read."""

    template = "{url}: this is no video ({detail})"


class TruncatedVideo(StreamError):
    """The file breaks off."""

    template = "{url}: the video is cut off ({detail}); copy it again"


class UnsupportedCodec(StreamError):
    """A codec other than H.264 and H.265."""

    template = "{url}: the codec {codec} is not supported; set the camera to H.264 or H.265"
