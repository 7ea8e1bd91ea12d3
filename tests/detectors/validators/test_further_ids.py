"""Check digits of identity and tax numbers of further countries."""

import pytest

from promptguard.detectors.validators.registry import load_validators

VALID = {
    "kr_rrn": ["840312-1234567", "690711-2345671"],
    "sg_nric": ["S1234567D", "T0000001E", "F1234567N", "G1234567X"],
    "hk_id": ["A123456(3)", "C123456(9)", "AB987654(3)"],
    "cn_id": ["11010519491231002X", "440524188001010014"],
    "th_id": ["1-1014-00123-45-1"],
    "ae_id": ["784-1984-1234567-4", "784198412345674"],
    "tr_id": ["10000000146"],
    "ro_cnp": ["1800101221144"],
    "cz_birth_number": ["840312/1232", "845312/1237"],
    "ru_snils": ["112-233-445 95"],
    "ru_inn": ["500100732259", "7707083893"],
    "il_id": ["039012117"],
    "cl_rut": ["12.345.678-5", "12345670-K"],
    "ar_cuit": ["20-12345678-6"],
    "br_cnpj": ["11.222.333/0001-81"],
    "au_abn": ["51 824 753 556"],
    "in_gstin": ["27AAPFU0939F1ZV"],
    "eu_vat": ["DE136695976", "FR40303265045", "BE0428759497", "IT00743110157", "PL8567346215"],
    "machine_readable_zone": ["L898902C36UTO7408122F1204159ZE184226B<<<<<10", "7408122F1204159UTO<<<<<<<<<<<6"],
    "solana_address": ["7EcDhSYGxXyscszYEp35" + "KHN8vvw3svAuLKTzXwCFLtV"],
}
DROPPED = {
    "kr_rrn": ["841312-1234567", "84031212345678"],
    "sg_nric": ["S1234567A", "G1234567A"],
    "hk_id": ["A123456(4)"],
    "cn_id": ["110105194912310021", "11010519491331002X"],
    "th_id": ["1-1014-00123-45-2"],
    "ae_id": ["784198412345675"],
    "tr_id": ["10000000147", "00000000146"],
    "ro_cnp": ["1800101221145", "1801301221144"],
    "cz_birth_number": ["849912/1232"],
    "ru_snils": ["112-233-445 96", "000-000-000 00"],
    "ru_inn": ["500100732258", "7707083894", "0000000000"],
    "il_id": ["039012118", "000000000"],
    "cl_rut": ["12.345.678-9"],
    "ar_cuit": ["20-12345678-7", "99-12345678-6"],
    "br_cnpj": ["11.222.333/0001-82", "00.000.000/0000-00"],
    "au_abn": ["51 824 753 557"],
    "in_gstin": ["27AAPFU0939F1ZW"],
    "eu_vat": ["DE136695977", "FR41303265045", "BE0428759498", "IT00743110158", "PL8567346216"],
    "machine_readable_zone": ["L898902C36UTO7408123F1204159ZE184226B<<<<<10"],
    "solana_address": ["1" * 43],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in VALID.items() for text in texts])
def test_valid(name: str, text: str) -> None:
    assert load_validators()[name](text) is not False


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in DROPPED.items() for text in texts])
def test_dropped(name: str, text: str) -> None:
    assert load_validators()[name](text) is False


def test_forms_without_a_known_check_are_left_to_the_words() -> None:
    assert load_validators()["eu_vat"]("ATU12345675") is None
