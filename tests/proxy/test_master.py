from __future__ import annotations

from pathlib import Path

import pytest
from mitmproxy import exceptions

from promptguard.proxy.master import ProxyMaster
from promptguard.rollout.ca import make_ca
from promptguard.runtime.data_folder import DataFolder

CONFIG = Path(__file__).parents[2] / "config"


async def test_options_leave_no_way_around(tmp_path: Path) -> None:
    master = ProxyMaster(CONFIG, tmp_path, listen=("127.0.0.1", 0))
    options = master.options
    assert (options.listen_host, options.listen_port) == ("127.0.0.1", 0)
    assert options.connection_strategy == "lazy"
    assert options.rawtcp is False
    assert options.ssl_insecure is False
    assert options.body_size_limit is None, "it would end long answers"


async def test_further_cas_are_trusted_beside_the_public_ones(tmp_path: Path) -> None:
    own = make_ca(DataFolder(tmp_path / "company"))
    master = ProxyMaster(CONFIG, tmp_path / "data", upstream_ca=own)
    trusted = Path(master.options.ssl_verify_upstream_trusted_ca).read_bytes()
    assert own.read_bytes() in trusted
    assert trusted.count(b"BEGIN CERTIFICATE") > 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"config": Path("/nonexistent")}, "no such configuration folder"),
        ({"connect_to": ("nonsense",)}, "HOST=ADDRESS:PORT"),
    ],
)
async def test_mistakes_end_the_start(tmp_path: Path, arguments: dict[str, object], said: str) -> None:
    with pytest.raises(exceptions.OptionsError, match=said):
        ProxyMaster(**{"config": CONFIG, "data": tmp_path, **arguments})  # type: ignore[arg-type]
