from promptguard.runtime.rate_limit import MAX_CLIENTS, RateLimit


def test_so_many_tries_in_so_much_time_from_each() -> None:
    now = [0.0]
    limit = RateLimit(2, 10, lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    now[0] = 11
    assert limit.allows("a")


def test_tries_that_were_no_guesses_count_for_nothing() -> None:
    limit = RateLimit(2, 10, lambda: 0.0)
    limit.give_back("a", 1)
    assert limit.allows("a") and limit.allows("a")
    limit.give_back("a", 1)
    assert [limit.allows("a") for _ in range(2)] == [True, False]


def test_no_number_of_clients_fills_the_memory() -> None:
    limit = RateLimit(1, 1e9, lambda: 0.0)
    for number in range(MAX_CLIENTS + 10):
        limit.allows(str(number))
    assert len(limit._clients) == MAX_CLIENTS
    assert not limit.allows(str(MAX_CLIENTS + 9))
