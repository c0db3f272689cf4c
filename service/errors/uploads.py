"""What can go wrong with what edges and people send: packages and attachments."""

from service.errors.base import ServiceError


class BadUpload(ServiceError):
    """The request is no multipart form with the parts that make a package."""

    template = "the package can't be read: {detail}"


class NotAttachable(ServiceError):
    """What somebody attaches is none of the files that are taken."""

    template = "only pictures (JPEG, PNG, WebP) and PDF can be attached to a case"


class PictureUnreadable(ServiceError):
    """A picture that somebody attaches can't be drawn."""

    template = "the picture is damaged, or has more than {most} million pixels"


class BadManifest(ServiceError):
    """The manifest is not one that dustwatch writes."""

    template = "the manifest is not valid: {detail}"


class SealBroken(ServiceError):
    """The seal does not hold the manifest's SHA-256."""

    template = "the seal does not match the manifest: expected {expected}  manifest.json"


class SignatureBroken(ServiceError):
    """The signature over the manifest does not hold."""

    template = "the signature does not fit the manifest: {detail}"


class KeyMismatch(ServiceError):
    """The header names another violation than the manifest."""

    template = "the header Idempotency-Key must be present and equal the manifest's key"


class WrongFiles(ServiceError):
    """The files are not the ones that the manifest lists."""

    template = "the files are not those of the manifest: missing {missing}, not listed {extra}"


class FileAltered(ServiceError):
    """A file differs from what the manifest says about it."""

    template = "{name} is not the file that the manifest describes: {detail}"


class TooLarge(ServiceError):
    """The package, or a part of it, is larger than allowed."""

    template = "{what} is larger than {limit_bytes} bytes"


class UploadQuotaUsed(ServiceError):
    """Somebody of a site has attached as much as they may on one day."""

    template = "more than {limit_mb} MB a day can't be attached; go on tomorrow"


class KeyTaken(ServiceError):
    """The key was used for another manifest before."""

    template = "the key {key} belongs to another manifest already; a package never changes after it was made"


class FirstPackageMissing(ServiceError):
    """A later picture came before the package that it follows."""

    template = "the violation {key} that this package follows has not been handed in; send it again after that one"


class LeaseSuperseded(ServiceError):
    """Another node of the cluster has taken the camera over."""

    template = "camera {camera_id} is watched by another node; what the one before found there no longer counts"
