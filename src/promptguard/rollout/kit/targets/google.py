"""Google Admin: managed Chrome browsers and ChromeOS."""

from __future__ import annotations

import json
from collections.abc import Mapping

from promptguard.rollout.kit.browsers import chromium_policies
from promptguard.rollout.kit.interface import Rollout, Target
from promptguard.rollout.kit.readme import readme


class Google(Target):
    """Chrome and ChromeOS under the Google Admin console."""

    id = "google"

    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        return {
            "chrome-policies.json": (json.dumps(chromium_policies(rollout), indent=2) + "\n").encode("ascii"),
            "promptguard.pem": rollout.pem.encode("ascii"),
            "README.txt": readme(rollout, self.id),
        }
