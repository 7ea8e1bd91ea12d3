from __future__ import annotations

from dataclasses import replace

import pytest

from promptguard.configuration.identities import Identities, IdentitiesFile
from promptguard.configuration.workspace_settings import WorkspaceEntry
from promptguard.controls import settings_checks
from promptguard.controls.outcome import Standing
from promptguard.destinations.entries import DataHandlingEntry, DestinationEntry
from promptguard.destinations.registry import Registry
from promptguard.destinations.workspaces import Provider
from promptguard.installation.presets import Preset
from promptguard.model import Kind, Status
from promptguard.policy.acknowledgements import Document
from promptguard.policy.acknowledging import Acknowledging
from promptguard.policy.policy import Policy
from promptguard.review.incidents.kinds import IncidentsFile

MET, PARTLY, MISSING = Standing.MET, Standing.PARTLY, Standing.MISSING
OPENAI = WorkspaceEntry(provider=Provider.OPENAI, allowed=("7a1c2f5e-93b1-4d55-8a53-1f0c6e2d4b90",))


@pytest.mark.parametrize(
    ("check", "settings", "expected"),
    [
        (settings_checks.allow_list, {}, MET),
        (settings_checks.data_handling_known, {}, PARTLY),
        (settings_checks.unapproved_tool_incident, {}, MET),
        (settings_checks.data_incident, {}, MET),
        (settings_checks.credential_incident, {}, MET),
        (settings_checks.entered_incidents, {}, MET),
        (settings_checks.assessment_first, {}, MET),
        (settings_checks.incident_kinds, {}, PARTLY),
        (settings_checks.console_on, {}, MET),
        (settings_checks.console_on, {"console": {"enabled": False}}, MISSING),
        (settings_checks.exceptions, {}, MET),
        (settings_checks.exceptions, {"console": {"enabled": False}}, MISSING),
        (settings_checks.prior_violations, {}, PARTLY),
        (settings_checks.prior_violations, {"console": {"enabled": False}}, MISSING),
        (settings_checks.suspension, {}, PARTLY),
        (settings_checks.suspension, {"console": {"enabled": False}}, MISSING),
        (settings_checks.workspaces, {}, MISSING),
        (settings_checks.workspaces, {"workspaces": (OPENAI,)}, MET),
        (settings_checks.redacted_copy, {}, MET),
        (settings_checks.redacted_copy, {"notices": {"redacted_copy": False}}, PARTLY),
        (
            settings_checks.redacted_copy,
            {"notices": {"redacted_copy": False, "in_page": False}, "console": {"enabled": False}},
            MISSING,
        ),
        (settings_checks.staff_page, {"console": {"enabled": False}}, PARTLY),
        (settings_checks.people_informed, {}, PARTLY),
        (settings_checks.people_informed, {"notices": {"contact": "IT"}}, MET),
        (settings_checks.embedded_tools, {}, PARTLY),
        (settings_checks.identities_known, {}, MISSING),
    ],
)
def test_the_settings_are_looked_at(install, check, settings, expected: Standing) -> None:
    assert check(install(**settings)).standing is expected


@pytest.mark.parametrize(
    ("preset", "handling", "standing", "because"),
    [
        (Preset.BALANCED, {}, PARTLY, "is not entered for 1 of 1 approved services"),
        (Preset.POLICY_A, {}, PARTLY, "Where training is not known, `training-on-personal-data` decides."),
        (Preset.BALANCED, {"trains_on_prompts": False}, MET, "known of all 1 approved services."),
        (Preset.BALANCED, {"trains_on_prompts": True}, PARTLY, "no rule asks for that"),
        (Preset.POLICY_A, {"trains_on_prompts": True}, MET, "`training-on-personal-data` decides."),
        (Preset.POLICY_B, {"trains_on_prompts": False}, MET, "`training-on-data` decides."),
    ],
)
def test_what_is_known_of_providers(
    install, preset: Preset, handling: dict[str, bool], standing: Standing, because: str
) -> None:
    known = {"retention_days": 30, "agreement": "https://acme.example/dpa", **handling} if handling else {}
    entry = DestinationEntry(
        id="acme",
        name="Acme",
        hosts=("acme.example",),
        kind=Kind.API,
        status=Status.APPROVED,
        data_handling=DataHandlingEntry(**known),
    )
    installation = install(preset)
    bundle = replace(installation.bundle, registry=Registry([entry]))
    told = settings_checks.data_handling_known(replace(installation, bundle=bundle))
    assert (told.standing, because in told.because) == (standing, True)


def test_an_index_of_customers(install) -> None:
    installation = install()
    assert settings_checks.tenant_index(installation).standing is MISSING
    (installation.data / "tenants.index").write_bytes(b"")
    assert settings_checks.tenant_index(installation).standing is MET


def test_groups(install) -> None:
    installation = install()
    known = Identities(IdentitiesFile(users={"anna": ("support",)}))
    bundle = replace(installation.bundle, identities=known)
    told = settings_checks.identities_known(replace(installation, bundle=bundle))
    assert (told.standing, told.because) == (MET, "Groups of identities.yaml: 1; `classes` says who is a contractor.")
    assert settings_checks.suspension(replace(installation, bundle=bundle)).standing is MET
    assert settings_checks.prior_violations(replace(installation, bundle=bundle)).standing is MET
    nobody = IncidentsFile.model_validate({"earlier": {"months": 0}})
    off = replace(bundle, incidents=nobody)
    assert settings_checks.prior_violations(replace(installation, bundle=off)).standing is PARTLY


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, MISSING),
        ({"document": "policy.md"}, MET),
        ({"document": "policy.md", "every_days": 700}, PARTLY),
        ({"document": "policy.md", "applies_to": ("employee",)}, PARTLY),
    ],
)
def test_acknowledgement(install, terms, expected: Standing) -> None:
    installation = install(console={"url": "https://guard.example"})
    asked = Acknowledging.model_validate(terms, strict=False)
    policy = Policy(installation.bundle.policy.file.model_copy(update={"acknowledgement": asked}))
    document = Document(asked, "0" * 64, "Be kind.") if terms else None
    changed = replace(installation.bundle, policy=policy, document=document)
    assert settings_checks.acknowledgement(replace(installation, bundle=changed)).standing is expected
    without = replace(changed, settings=install().bundle.settings)
    assert settings_checks.acknowledgement(replace(installation, bundle=without)).standing is MISSING


def test_reviews_that_are_overdue(install) -> None:
    assert settings_checks.reviews_in_time(install()).standing is MET
    late = settings_checks.reviews_in_time(replace(install(), today="2099-01-01"))
    assert late.standing is PARTLY
    assert "overdue" in late.because


@pytest.mark.parametrize(("retention", "expected"), [({}, MET), ({"actions": {"block": None}}, PARTLY)])
def test_retention(install, retention, expected: Standing) -> None:
    assert settings_checks.retention(install(**({"retention": retention} if retention else {}))).standing is expected


@pytest.mark.parametrize(
    ("check", "part"),
    [
        (settings_checks.unapproved_tool_incident, "no kind `unapproved_tool`"),
        (settings_checks.data_incident, "no kind `data_exposed`"),
        (settings_checks.credential_incident, "no kind `credential_exposed`"),
        (settings_checks.assessment_first, "No kind of incident"),
        (settings_checks.incident_kinds, "There are no kinds"),
    ],
)
def test_without_kinds_of_incidents(install, check, part: str) -> None:
    installation = install()
    outcome = check(replace(installation, bundle=replace(installation.bundle, incidents=IncidentsFile())))
    assert outcome.standing is MISSING
    assert part in outcome.because


def test_a_longer_deadline_is_told(install) -> None:
    installation = install()
    incidents = installation.bundle.incidents
    kinds = tuple(
        each.model_copy(update={"deadline_min": 600, "opened_by": ()} if each.id == "data_exposed" else {})
        for each in incidents.kinds
    )
    changed = replace(installation.bundle, incidents=incidents.model_copy(update={"kinds": kinds}))
    told = settings_checks.data_incident(replace(installation, bundle=changed))
    assert told.because == "The deadline of `data_exposed` is 600 minutes, and not 15."
