from promptguard.audit.forms.interface import counts


def test_counts() -> None:
    findings = [{"data_class": "personal_data"}, {"data_class": "credentials"}, {"data_class": "personal_data"}]
    assert counts({"findings": findings}, "data_class") == "credentials 1, personal_data 2"
    assert counts({"findings": []}, "data_class") == ""
