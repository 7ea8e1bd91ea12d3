from pathlib import Path

from promptguard.installation.shipped import files_of, is_packaged, shipped_configuration

CONFIG = Path(__file__).parents[2] / "config"


def test_a_checkout_has_it_at_its_top() -> None:
    assert shipped_configuration() == CONFIG
    assert not is_packaged(CONFIG), "there people edit it"


def test_files_are_named_by_their_paths_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("policy.yaml", "destinations/apis.yaml", ".shipped.json", "notices/.en.yaml.swp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert files_of(tmp_path) == {name: name.encode() for name in ("destinations/apis.yaml", "policy.yaml")}
