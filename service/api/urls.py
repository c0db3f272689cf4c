"""Where a case's evidence is found over HTTP."""

from service.domain.cases import Case, LaterPackage


def evidence_url(case: Case, name: str) -> str:
    """Return the URL path of a file of the case."""
    return f"/api/cases/{case.id}/evidence/{name}"


def manifest_url(case: Case) -> str:
    """Return the URL path of the case's manifest."""
    return f"/api/cases/{case.id}/evidence"


def thumbnail_url(case: Case) -> str:
    """Return the URL path of the small picture that lists show."""
    return f"/api/cases/{case.id}/thumbnail"


def later_evidence_url(case: Case, later: LaterPackage, name: str) -> str:
    """Return the URL path of a file of a later picture of the case."""
    return f"/api/cases/{case.id}/later/{later.number}/evidence/{name}"


def later_thumbnail_url(case: Case, later: LaterPackage) -> str:
    """Return the URL path of a later picture of the case, small."""
    return f"/api/cases/{case.id}/later/{later.number}/thumbnail"


def case_file_url(case: Case) -> str:
    """Return the URL path of the case's printed file, a PDF."""
    return f"/api/cases/{case.id}/casefile.pdf"


def redacted_url(case: Case, name: str) -> str:
    """Return the URL path of a picture of the case with the people in it blurred."""
    return f"/api/cases/{case.id}/redacted/{name}"


def attachment_url(case: Case, sha256: str) -> str:
    """Return the URL path of something that was attached to the case."""
    return f"/api/v1/cases/{case.id}/attachments/{sha256}"
