from __future__ import annotations

import shutil
from pathlib import Path

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.deciding_files import deciding_text

CONFIG = Path(__file__).parents[2] / "config"


def test_what_decides_is_kept_and_nothing_of_people(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    (folder / "identities.yaml").write_text("users: {}\n")
    (folder / "recognizers" / ".own.yaml.swp").write_text("x")
    bundle = load_bundle(folder)
    kept = deciding_text(bundle)
    assert kept is not None
    assert {name.split("/")[0] for name in kept.files} == {
        "policy.yaml",
        "destinations",
        "recognizers",
        *(["never_decrypt.yaml"] if (folder / "never_decrypt.yaml").exists() else []),
    }
    assert kept.policy_hash == bundle.policy.hash
    assert deciding_text(load_bundle(folder)).hash == kept.hash  # type: ignore[union-attr]
    (folder / "policy.yaml").write_text((folder / "policy.yaml").read_text() + "# changed\n")
    assert deciding_text(bundle) is None
    assert deciding_text(load_bundle(folder)).hash != kept.hash  # type: ignore[union-attr]
