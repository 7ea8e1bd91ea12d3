import pytest

from promptguard.detectors.deobfuscation.views import views
from promptguard.errors import ScanFailed

KEY = "AKIA" + "3KV7QWZ5TJ2NDLX6"
HALF = f'<!DOCTYPE a [<!ENTITY h "{KEY[:9]}">'


@pytest.mark.parametrize(
    "text",
    [
        f"{HALF}]><a>&h;{KEY[9:]}</a>",
        f'{HALF}<!ENTITY t "{KEY[9:]}">]><a>&h;&t;</a>',
        f"<!DOCTYPE a [<!ENTITY\n  h '{KEY[:9]}' >]><a>&h;{KEY[9:]}</a>",
        f'{HALF}<!ENTITY whole "&h;{KEY[9:]}">]><a>&whole;</a>',
        f'{HALF}<!ENTITY h "other">]><a>&h;{KEY[9:]}</a>',
    ],
)
def test_what_a_document_declares_is_put_in(text: str) -> None:
    assert any(f"<a>{KEY}</a>" in view.text for view in views(text))


@pytest.mark.parametrize(
    "text", ["<a>&h;</a>", '<!ENTITY h SYSTEM "a.txt"> &h;', '<!ENTITY % p "x"> &p;', '<!ENTITY h "x"> &amp; &other;']
)
def test_what_is_declared_elsewhere_or_not_used_is_left(text: str) -> None:
    assert not any("XML entity" in view.kinds for view in views(text))


def test_entities_that_swell_are_not_read_to_their_end() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
    text = f'<!ENTITY e0 "{"x" * 50}">{levels}<a>&e8;</a>'
    with pytest.raises(ScanFailed, match="too_much_hidden"):
        list(views(text))
