"""What a case tells of itself."""


def test_evidence_is_found_by_role(make_case):
    case = make_case()
    assert case.evidence_of("clean").name == "clean.jpg"
    assert case.evidence_of("clip") is None
