import pytest

from promptguard.policy.lint import lint

ALL_CLASSES = (
    "- {id: classes, when: {data_classes: [personal_data, credentials, tenant_data, access_logs, "
    "confidential_records, source_code], users: nobody}, action: block, reason: R.}"
)


def rule(id: str, when: str, extra: str = "") -> str:
    return f"- {{id: {id}, when: {{{when}}}, action: block, reason: R.{extra}}}\n"


@pytest.mark.parametrize(
    ("earlier", "later", "unreachable"),
    [
        ("status: approved", "status: approved", True),
        ("status: [approved, unreviewed]", "status: approved", True),
        ("status: approved", "status: [approved, unreviewed]", False),
        ("status: approved", "status: approved, users: anna", True),
        ("status: approved, users: anna", "status: approved", False),
        ("status: approved", "status: approved, data_classes: credentials", True),
        ("data_classes: credentials", "status: approved", False),
        ("data_classes: credentials", "entity_types: API_KEY", False),
        ("findings: any", "data_classes: credentials", True),
        ("findings: any", "min_score: 0.5", True),
        ("findings: any", "status: approved", False),
        ("findings: none", "status: approved", False),
        ("min_score: 0.5", "min_score: 0.9", True),
        ("min_score: 0.9", "min_score: 0.5", False),
        ("min_count: 5", "min_count: 10", True),
        ("min_count: 5", "data_classes: credentials, min_count: 10", False),
        ("min_count: 5", "findings: any", False),
        ("not: {status: prohibited}", "status: approved", True),
        ("not: {status: prohibited}", "status: [approved, prohibited]", False),
        ("not: {status: prohibited}", "not: {status: [prohibited, unreviewed]}", True),
        ("not: {status: [prohibited, unreviewed]}", "not: {status: prohibited}", False),
        ("not: {groups: staff}", "groups: support", False),
        ("groups: [staff, support]", "groups: support", True),
        ("provider: {trains_on_prompts: [yes, unknown]}", "provider: {trains_on_prompts: unknown}", True),
        ("provider: {trains_on_prompts: [yes, unknown]}", "provider: {trains_on_prompts: no}", False),
        ("provider: {region: {outside: EU, unknown: true}}", "provider: {region: {outside: US}}", False),
        ("status: approved", "status: approved, provider: {agreement: [no, unknown]}", True),
    ],
)
def test_unreachable_rules(policy, earlier: str, later: str, unreachable: bool) -> None:
    remarks = lint(policy(rule("first", earlier) + rule("second", later) + ALL_CLASSES))
    told = [remark.problem for remark in remarks if remark.rule == 1]
    expected = "the rule ‘second’ can never match, because ‘first’ above matches all that it does"
    assert told == ([expected] if unreachable else [])


def test_a_rule_on_trial_hides_none_in_force(policy) -> None:
    rules = rule("first", "status: approved", ", mode: monitor") + rule("second", "status: approved") + ALL_CLASSES
    assert lint(policy(rules)) == []


def test_a_class_without_a_rule(policy) -> None:
    remarks = lint(policy(ALL_CLASSES.replace("tenant_data, ", "")))
    assert [(remark.rule, remark.problem) for remark in remarks] == [(None, "no rule names the data class tenant_data")]


@pytest.mark.parametrize(
    ("when", "known", "problem", "remedy"),
    [
        ("destinations: opnai", {"destinations": {"openai"}}, "‘opnai’ under `destinations`", "Did you mean ‘openai’?"),
        (
            "groups: sales",
            {"groups": {"support"}},
            "‘sales’ under `groups`",
            "Groups stand in identities.yaml.",
        ),
        ("kind: api, not: {users: ana}", {"users": {"anna", "nobody"}}, "‘ana’ under `users`", "Did you mean ‘anna’?"),
        (
            "entity_types: EMAIL_ADRESS",
            {"entity_types": {"EMAIL_ADDRESS"}},
            "‘EMAIL_ADRESS’ under `entity_types`",
            "EMAIL_ADDRESS",
        ),
    ],
)
def test_unknown_names(policy, when: str, known: dict[str, set[str]], problem: str, remedy: str) -> None:
    remarks = lint(policy(rule("first", when) + ALL_CLASSES), **known)
    assert [remark.rule for remark in remarks] == [0]
    assert problem in remarks[0].problem
    assert remedy in remarks[0].remedy


@pytest.mark.parametrize(
    ("asked", "other", "remedy"),
    [
        ("trains_on_prompts: yes", "", "Name `unknown` too, or give it a rule of its own."),
        ("trains_on_prompts: yes", "retention_days: {unknown: true}", "Name `unknown` too"),
        ("trains_on_prompts: yes", "trains_on_prompts: unknown", ""),
        ("trains_on_prompts: [yes, unknown]", "", ""),
        ("agreement: no", "", "Name `unknown` too"),
        ("retention_days: {over: 30}", "", "Add `unknown: true`"),
        ("retention_days: {over: 30, unknown: true}", "", ""),
        ("region: {outside: EU}", "", "Add `unknown: true`"),
    ],
)
def test_what_is_not_known_of_a_provider_has_a_rule(policy, asked: str, other: str, remedy: str) -> None:
    rules = rule("first", f"provider: {{{asked}}}") + (rule("second", f"provider: {{{other}}}") if other else "")
    told = [each for each in lint(policy(rules + ALL_CLASSES)) if each.rule == 0]
    assert [each.problem for each in told] == (
        [
            f"the rule ‘first’ asks about `{asked.partition(':')[0]}` of the provider, and no rule says what holds "
            "where that is not known"
        ]
        if remedy
        else []
    )
    assert all(each.remedy.startswith(remedy) and not each.is_mistake for each in told)


def test_a_rule_that_allows_may_leave_out_what_is_not_known(policy) -> None:
    allowing = rule("first", "provider: {trains_on_prompts: no}").replace("action: block", "action: allow")
    assert lint(policy(allowing + ALL_CLASSES)) == []


def test_what_is_not_known_is_not_checked(policy) -> None:
    assert lint(policy(rule("first", "destinations: x, users: y, groups: z") + ALL_CLASSES)) == []


def test_operators_of_unknown_entity_types(policy) -> None:
    text = "operators:\n  EMAIL_ADRESS: {type: redact}\n  IBAN_CODE: {type: redact}\n"
    remarks = lint(policy(ALL_CLASSES, head=text), entity_types={"EMAIL_ADDRESS", "IBAN_CODE"})
    assert [(remark.operator, remark.is_mistake) for remark in remarks] == [("EMAIL_ADRESS", True)]
    assert "‘EMAIL_ADDRESS’" in remarks[0].remedy
    assert lint(policy(ALL_CLASSES, head=text)) == []


def test_groups_that_a_rule_is_rolled_out_to_are_there(policy) -> None:
    staged = rule("first", "status: approved", ", mode: monitor, enforced_for: pilot")
    remarks = lint(policy(staged + ALL_CLASSES), groups={"pilots"})
    (told,) = [each.problem for each in remarks if each.is_mistake]
    assert told == "the rule ‘first’ names ‘pilot’ under `enforced_for`, which there is not"


def test_what_is_rolled_out_is_not_hidden_by_what_is_only_tried_out(policy) -> None:
    tried = rule("first", "status: approved", ", mode: monitor")
    staged = rule("second", "status: approved", ", mode: monitor, enforced_for: pilots")
    assert not [each for each in lint(policy(tried + staged + ALL_CLASSES)) if each.rule == 1]
