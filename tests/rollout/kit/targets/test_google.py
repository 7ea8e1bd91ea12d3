from __future__ import annotations

import json

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.targets.google import Google


def test_chrome_is_told_where_the_proxy_is_and_the_certificate_lies_beside_it(
    rollout: Rollout, without_pac: Rollout
) -> None:
    for given in (rollout, without_pac):
        files = Google().files(given)
        assert files.keys() == {"chrome-policies.json", "promptguard.pem", "README.txt"}
        assert files["promptguard.pem"].decode("ascii") == given.pem
        policies = json.loads(files["chrome-policies.json"])
        settings = policies["ProxySettings"]
        assert settings["ProxyMode"] == ("pac_script" if given.pac else "fixed_servers")
        assert (given.pac or given.address) in json.dumps(settings)
        assert policies["QuicAllowed"] is False
