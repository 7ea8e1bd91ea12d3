import pytest

from promptguard.destinations.hosts import HostTable, host_mistake, normalised


@pytest.mark.parametrize(
    ("host", "right"),
    [
        ("example.com", True),
        ("*.example.com", True),
        ("a-*.b.example.com", True),
        ("*.a.*.example.com", True),
        ("xn--bcher-kva.example", True),
        ("_dns.example.com", True),
        ("example", False),
        ("*.com", False),
        ("a.*.com", False),
        ("Example.com", False),
        ("example.com.", False),
        ("example.com:443", False),
        ("192.0.2.1", False),
        ("https://example.com", False),
        ("example.com/path", False),
        ("bücher.example", False),
    ],
)
def test_how_hosts_are_written(host: str, right: bool) -> None:
    assert (host_mistake(host) is None) is right


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (" Example.COM. ", "example.com"),
        ("example.com:8443", "example.com"),
        ("2001:db8::1", "2001:db8::1"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a..ü", "a..ü"),
    ],
)
def test_one_name_for_all_ways_of_writing_it(host: str, name: str) -> None:
    assert normalised(host) == name


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("api.example.com", "exact"),
        ("x.api.example.com", "all below"),
        ("a.b.example.com", "nearer below"),
        ("run-1.b.example.com", "parts"),
        ("example.com", None),
    ],
)
def test_the_more_exact_owner_counts(name: str, owner: str | None) -> None:
    table: HostTable[str] = HostTable()
    table.add("*.example.com", "all below")
    table.add("*.b.example.com", "nearer below")
    table.add("run-*.b.example.com", "parts")
    table.add("api.example.com", "exact")
    assert table.find(name) == owner
