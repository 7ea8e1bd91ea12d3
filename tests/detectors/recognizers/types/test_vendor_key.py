import pytest

from promptguard.detectors.recognizers.types.vendor_key import VendorKeyRecognizer

KEY = "8c1f0e7d5b3a4926" + "8f7e6d5c4b3a2910"


def found(text: str, *, vendor: str | list[str] = "acme cloud", said: str | list[str] = ()) -> list[str]:
    recognizer = VendorKeyRecognizer(supported_entity="ACME_KEY", vendor=vendor, value="[a-f0-9]{32}", said=said)
    return [text[result.start : result.end] for result in recognizer.analyze(text, ["ACME_KEY"])]


@pytest.mark.parametrize(
    "form",
    [
        "ACME_CLOUD={}", 'acme_cloud_api_key = "{}"', "acmeCloudKey: '{}'", '{{"x": {{}}, "acme-cloud_key": "{}"}}',
        "X-AcmeCloud-Key: {}", "my acme cloud key is {}", "AcmeCloud('{}')", "'acmecloud' => '{}'",
        "myAcmeCloudToken={}", "TF_VAR_acmecloud_token={}", "acme_cloud := `{}`", "acmecloudkey={}", "ACMECLOUDKEY={}",
    ],
)  # fmt: skip
def test_values_given_to_the_vendor(form: str) -> None:
    assert found(form.format(KEY)) == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"key = {KEY}",
        f"pacmecloud_key = {KEY}",
        f"acmecloudy_key = {KEY}",
        f"ACMECLOUDY_KEY = {KEY}",
        f"myAcmeCloudyKey = {KEY}",
        f"acme_cloud_commit = {KEY}",
        f"acme_cloud_md5: {KEY}",
        f"acme_cloud_project_id = {KEY}",
        f"acme_cloud = {KEY}0",
        f"acme_cloud = {KEY[:-1]}",
        "acme_cloud = " + "0123456789abcdef" * 2,
        "acme_cloud and many other words, of which some are longer than others: " + KEY,
    ],
)
def test_other_values(text: str) -> None:
    assert found(text) == []


def test_several_names_and_words_that_must_be_said() -> None:
    assert found(f"zeta_key={KEY}", vendor=["acme", "zeta"]) == [KEY]
    assert found(f"zeta_secret_2={KEY}", vendor="zeta", said=["secret", "token"]) == [KEY]
    assert found(f"zeta_name={KEY}", vendor="zeta", said="secret") == []
