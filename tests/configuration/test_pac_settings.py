import pytest
from pydantic import ValidationError

from promptguard.configuration.pac_settings import PacSettings, return_value
from promptguard.configuration.settings import Settings


@pytest.mark.parametrize(
    ("proxy", "returned"),
    [
        ("proxy.example:8080", "PROXY proxy.example:8080"),
        ("http://10.0.0.1:3128", "PROXY 10.0.0.1:3128"),
        ("https://proxy.example:443", "HTTPS proxy.example:443"),
        ("socks5://proxy.example:1080", "SOCKS5 proxy.example:1080"),
        ("[fd00::1]:8080", "PROXY [fd00::1]:8080"),
    ],
)
def test_what_a_pac_function_returns(proxy: str, returned: str) -> None:
    assert return_value(proxy) == returned


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"proxies": ["proxy.example"]}, "write HOST:PORT"),
        ({"proxies": ["ftp://proxy.example:1"]}, "no scheme of a proxy"),
        ({"proxies": ["a b:1"]}, "write HOST:PORT"),
        ({"proxies": ['x";evil//:1']}, "write HOST:PORT"),
        ({"proxies": ["u:p@proxy.example:1"]}, "write HOST:PORT"),
        ({"proxies": ["proxy.example:0"]}, "write HOST:PORT"),
        ({"direct": ["https://x.example"]}, "is no host"),
        ({"direct": ["*example"]}, "is no host"),
        ({"listen": "127.0.0.1:8082"}, "a PAC file needs a proxy"),
        ({"listen": "127.0.0.1:8080", "proxies": ["p.example:1"]}, "where the proxy itself listens"),
        ({"listen": "127.0.0.1:9090", "proxies": ["p.example:1"]}, "where something else of PromptGuard listens"),
        ({"listen": "127.0.0.1:8081", "proxies": ["p.example:1"]}, "where something else of PromptGuard listens"),
    ],
)
def test_mistakes(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate({"pac": settings, "monitoring": {"listen": "127.0.0.1:9090"}})


def test_by_default_there_is_none() -> None:
    assert PacSettings().address is None


@pytest.mark.parametrize(
    ("listen", "proxy", "url"),
    [
        (None, "proxy.example:8080", None),
        ("pac.example:80", "proxy.example:8080", "http://pac.example:80/proxy.pac"),
        ("0.0.0.0:8082", "https://proxy.example:8443", "http://proxy.example:8082/proxy.pac"),
        ("[::]:8082", "[2001:db8::1]:8080", "http://[2001:db8::1]:8082/proxy.pac"),
    ],
)
def test_laptops_fetch_the_file_where_it_is_served(listen: str | None, proxy: str, url: str | None) -> None:
    assert PacSettings.model_validate({"listen": listen}).url_at(proxy) == url
