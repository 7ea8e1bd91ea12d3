import pytest

from promptguard.console.place import Place


@pytest.mark.parametrize(
    ("place", "url", "good", "bad"),
    [
        (Place("127.0.0.1", 8081, False), "http://127.0.0.1:8081", "localhost:8081", "127.0.0.1"),
        (Place("::1", 8081, False), "http://[::1]:8081", "[::1]:8081", "::1"),
        (Place("0.0.0.0", 443, True), "https://127.0.0.1:443", "127.0.0.1", "guard.example.com"),
        (
            Place("0.0.0.0", 8081, True, ("Guard.Example.com",)),
            "https://Guard.Example.com:8081",
            "guard.example.com",
            "x",
        ),
    ],
)
def test_under_which_names_it_is_reached(place: Place, url: str, good: str, bad: str) -> None:
    assert place.url == url
    assert good in place.hosts
    assert bad not in place.hosts
