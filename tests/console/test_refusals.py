from promptguard.console.refusals import MAX_NOTED, NOTED_SECONDS, Refusals


def test_a_flood_is_counted_and_told_afterwards() -> None:
    now = [0.0]
    refusals = Refusals(lambda: now[0])
    told = [refusals.told("sign-in Ann") for _ in range(MAX_NOTED + 70)]
    assert told[: MAX_NOTED - 1] == [{}] * (MAX_NOTED - 1)
    assert told[MAX_NOTED - 1] == {"further_ones": "counted for an hour"}
    assert told[MAX_NOTED:] == [None] * 70
    assert refusals.told("sign-in Bob") == {}
    now[0] += NOTED_SECONDS
    assert refusals.told("sign-in Ann") == {"not_written_before": "70"}
    assert refusals.told("sign-in Ann") == {}
