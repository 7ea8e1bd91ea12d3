from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from tests.device_sign_in.conftest import KEY, Clock, InForce
from tests.samples.openid_provider import StandIn

from promptguard.authentication.devices import DeviceUsers
from promptguard.authentication.interface import SignedIn
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.device_sign_in import sign_ins as limits
from promptguard.device_sign_in.failures import NotAdmitted, TooMany
from promptguard.device_sign_in.sign_ins import Finished, SignIns
from promptguard.openid.device_flow import Unfinished
from promptguard.openid.failures import InvalidToken, ProviderFailed
from promptguard.openid.provider import OpenIDProvider


def approved(sign_ins: SignIns, company: StandIn, clock: Clock, address: str = "10.0.0.1") -> str:
    """The handle of a sign-in that somebody has said yes to."""
    begun = sign_ins.begin(address)
    company.devices[f"device-{len(company.devices) - 1}"] = "approved"
    clock.now += begun.interval
    return begun.handle


def test_somebody_signs_a_device_in(
    sign_ins: SignIns, company: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    begun = sign_ins.begin("10.0.0.1")
    assert sign_ins.seconds_left(begun) == 600 and sign_ins.begun(begun.handle) == begun
    assert "device-0" not in begun.handle and begun.handle not in repr(begun)
    clock.now += 2
    assert sign_ins.finish(begun.handle) is Unfinished.PENDING
    company.devices["device-0"] = "approved"
    clock.now += 2
    with caplog.at_level(logging.INFO):
        found = sign_ins.finish(begun.handle)
    assert isinstance(found, Finished) and (found.until.timestamp() - clock.now) == 30 * 86400
    user = DeviceUsers(KEY, DeviceRevocations, now=clock).remembered(found.credentials.id, found.credentials.password)
    assert isinstance(user, SignedIn) and (user.user, user.groups) == ("jane", {"sec-analysts", "all"})
    assert found.credentials.id in caplog.text and "p_4" in caplog.text
    assert "jane" not in caplog.text and found.credentials.password not in caplog.text
    clock.now += 2
    assert sign_ins.finish(begun.handle) is Unfinished.USED, "once"


def test_another_proxy_with_the_same_key_finishes_it(
    sign_ins: SignIns, company: StandIn, clock: Clock, in_force: InForce
) -> None:
    handle = approved(sign_ins, company, clock)

    def other(key: bytes) -> SignIns:
        provider = OpenIDProvider(in_force[0], "", transport=company, now=clock)
        return SignIns(lambda: in_force[0], key, str, open=lambda _: provider, now=clock)

    assert other(bytes(32)).finish(handle) is Unfinished.EXPIRED
    assert isinstance(other(KEY).finish(handle), Finished)


def test_sign_ins_are_not_mixed_up(sign_ins: SignIns, company: StandIn, clock: Clock) -> None:
    waiting = sign_ins.begin("10.0.0.1").handle
    handle = approved(sign_ins, company, clock)
    assert sign_ins.finish(waiting) is Unfinished.PENDING
    assert isinstance(sign_ins.finish(handle), Finished)


@pytest.mark.parametrize("handle", ["", "x", "A" * 200, "A" * 20_000, "ü" * 40])
def test_what_was_not_begun_here_asks_nobody(sign_ins: SignIns, company: StandIn, handle: str) -> None:
    assert sign_ins.begun(handle) is None and sign_ins.finish(handle) is Unfinished.EXPIRED
    assert company.asked == []


def test_a_changed_handle_is_none(sign_ins: SignIns, company: StandIn, clock: Clock) -> None:
    handle = approved(sign_ins, company, clock)
    for at in range(0, len(handle), 7):
        changed = handle[:at] + ("B" if handle[at] == "A" else "A") + handle[at + 1 :]
        assert sign_ins.finish(changed) is Unfinished.EXPIRED


def test_a_handle_runs_out_and_is_one_providers(
    sign_ins: SignIns, company: StandIn, clock: Clock, in_force: InForce
) -> None:
    handle = approved(sign_ins, company, clock)
    clock.now += 600
    assert sign_ins.finish(handle) is Unfinished.EXPIRED
    handle = approved(sign_ins, company, clock)
    assert in_force[0]
    in_force[0] = in_force[0].model_copy(update={"client_id": "another"})
    assert sign_ins.finish(handle) is Unfinished.EXPIRED


def test_who_asks_too_often_is_not_passed_on(sign_ins: SignIns, company: StandIn, clock: Clock) -> None:
    handle = sign_ins.begin("10.0.0.1").handle
    asked = len(company.asked)
    assert {sign_ins.finish(handle) for _ in range(20)} == {Unfinished.SLOW_DOWN}
    assert len(company.asked) == asked


@pytest.mark.parametrize("answer", ["slow_down", "access_denied", "expired_token"])
def test_what_the_provider_says(sign_ins: SignIns, company: StandIn, clock: Clock, answer: str) -> None:
    handle = sign_ins.begin("10.0.0.1").handle
    company.devices["device-0"] = answer
    clock.now += 2
    assert sign_ins.finish(handle) == Unfinished(answer)
    clock.now += 6
    assert (sign_ins.finish(handle) is Unfinished.SLOW_DOWN) is (answer == "slow_down")


def test_an_address_begins_no_more_than_so_many(
    make_sign_ins: Callable[[], SignIns], company: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OF_AN_ADDRESS", 3)
    sign_ins = make_sign_ins()
    for _ in range(limits.OF_AN_ADDRESS - 1):
        sign_ins.begin("2001:db8::1")
    finished = sign_ins.finish(approved(sign_ins, company, clock, "2001:db8::1"))
    assert isinstance(finished, Finished), "which gives its try back"
    sign_ins.begin("2001:db8::2")
    begun = len(company.devices)
    with pytest.raises(TooMany):
        sign_ins.begin("2001:db8::3")
    assert len(company.devices) == begun
    sign_ins.begin("2001:db8:0:1::1")
    clock.now += limits.WITHIN_SECONDS
    sign_ins.begin("2001:db8::3")


def test_all_begin_no_more_than_so_many(make_sign_ins: Callable[[], SignIns], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_ALL", 3)
    sign_ins = make_sign_ins()
    for number in range(3):
        sign_ins.begin(f"10.0.0.{number}")
    with pytest.raises(TooMany):
        sign_ins.begin("10.1.0.1")


def test_who_is_not_the_companys_gets_nothing(
    sign_ins: SignIns, company: StandIn, clock: Clock, in_force: InForce
) -> None:
    assert in_force[0]
    in_force[0] = in_force[0].model_copy(update={"domains": ("corp.example",)})
    with pytest.raises(NotAdmitted, match="domain"):
        sign_ins.finish(approved(sign_ins, company, clock))


def test_too_many_groups_are_told(sign_ins: SignIns, company: StandIn, clock: Clock) -> None:
    company.person["groups"] = [f"{number:036}" for number in range(100)]
    with pytest.raises(NotAdmitted, match="groups"):
        sign_ins.finish(approved(sign_ins, company, clock))


def test_a_token_of_another_client_is_not_believed(sign_ins: SignIns, company: StandIn, clock: Clock) -> None:
    company.claims = {"aud": "another"}
    with pytest.raises(InvalidToken, match="aud"):
        sign_ins.finish(approved(sign_ins, company, clock))


def test_a_provider_that_is_away(sign_ins: SignIns, company: StandIn, clock: Clock) -> None:
    handle = approved(sign_ins, company, clock)
    company.down = True
    with pytest.raises(ProviderFailed):
        sign_ins.finish(handle)
    company.down = False
    clock.now += 2
    assert isinstance(sign_ins.finish(handle), Finished), "the sign-in goes on"


def test_settings_that_are_taken_out(sign_ins: SignIns, company: StandIn, clock: Clock, in_force: InForce) -> None:
    handle = approved(sign_ins, company, clock)
    in_force[0] = None
    assert sign_ins.finish(handle) is Unfinished.EXPIRED
    with pytest.raises(NotAdmitted):
        sign_ins.begin("10.0.0.1")
