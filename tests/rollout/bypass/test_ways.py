from promptguard.rollout.bypass.ways import EXPLANATIONS, Way


def test_every_way_is_explained() -> None:
    assert list(EXPLANATIONS) == list(Way)
    assert {way for way in Way if not EXPLANATIONS[way].is_bypass} == {Way.ENCRYPTED_DNS}
    assert all(each.remedy.endswith(".") for each in EXPLANATIONS.values())
