"""What programs put where secrets stand, and passwords that look a little like it."""

import pytest

from promptguard.detectors.secrets.expressions import is_expression


@pytest.mark.parametrize(
    "value",
    ["loginForm.password})", "model.Password}", "passwordController.text});", "$viewModel.password2)", "user?.pw2}),",
     "passwordState.value))", "widget.user!.password)", "cfg->password1);", "hashedPassword})", "hash});",
     "Hash::make($request->password),", "12)->mixedCase()],", "g_strdup(data->password);",
     "formData.get('password')});",
     "params[:password]))", "request.form['password'])", "passwordController.text.trim()));", "users[form.id]",
     "(Read-Host", "(ConvertTo-SecureString", "Uint8Array", "BigUint64Array", "Utf8String", "&login.password2",
     "active_password)", "NOT_LOGGING_PASSWORD')", "n.pbe.generatePkcs12Key", "self._lib.NID_pbe_WithSHA1And3_Key",
     "this.shiftKey=this.altKey=!1"],
)  # fmt: skip
def test_expressions(value: str) -> None:
    assert is_expression(value)


@pytest.mark.parametrize(
    "value",
    ["hunter2)", "x(yZ7)q", "hunter(2)", "abc(DEF)9", "Blue.Sky42)", "$ummer24", "Winter24!)", "{curly}7x", "pa->ss9",
     "Sommer.Regen", "blue_sky)", "n.kT3x.Zq9Lm2", "this.Kx9vTq=2",
     "Int8!", "(Lake)44x", "a[0]Bz9k", "x" * 500 + ".y)"],
)  # fmt: skip
def test_passwords(value: str) -> None:
    assert not is_expression(value)
