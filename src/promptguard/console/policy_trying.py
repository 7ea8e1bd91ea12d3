"""A policy tried at the command line on what an installation has recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import POLICY, load_bundle
from promptguard.keys import Keys
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.review.policies import Policies
from promptguard.review.policy_trials import PolicyTrial, Shift, tried
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_to_read, opened_store
from promptguard.typed_yaml.reading import load

__all__ = ["PolicyTrial", "Shift", "try_policy"]


def try_policy(config: Path, data: Path, file: Path, since: timedelta) -> PolicyTrial:
    """What a policy would have done with all decisions of some time, up to now. Nothing is written.

    Args:
        file: the policy's file.

    Raises:
        PromptGuardError: there is a mistake in the file, or no record.
    """
    bundle, folder = load_bundle(config), DataFolder(data)
    policy = Policy(load(file, PolicyFile))
    keys = Keys.load(folder.keys)
    kinds = {each.id: each.kind for each in bundle.registry.destinations}
    with open_to_read(bundle.settings, folder) as backend:
        own = (bundle.folder / POLICY).read_text("utf-8", "replace")
        policies = Policies(backend.policy_versions(keys.configuration), own, kinds)
        began = timestamp(datetime.now(UTC) - since)
        records = opened_store(backend, keys).records(since=began)
        return tried(policy, records, policies.policy_that_decided, kinds)
