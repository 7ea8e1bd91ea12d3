import pytest
from pydantic import ValidationError

from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.model import Action, DataClass


def test_every_action_and_class_has_its_period() -> None:
    settings = RetentionSettings()
    assert settings.by_action == {str(action): 90 if action is Action.ALLOW else 365 for action in Action}
    assert settings.by_class == {str(each): 365 for each in DataClass}


@pytest.mark.parametrize("given", [{"actions": {"allow": 0}}, {"data_classes": {"passwords": 3}}, {"days": 3}])
def test_mistakes(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RetentionSettings.model_validate(given)
