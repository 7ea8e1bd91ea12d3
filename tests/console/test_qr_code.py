import re

import pytest

from promptguard.console.qr_code import qr_code


@pytest.mark.parametrize("text", ["otpauth://totp/PromptGuard:Ann?secret=ABC", 'a"><script>', "é" * 100])
def test_a_code_needs_neither_styles_nor_scripts(text: str) -> None:
    drawn = str(qr_code(text, 'The "same"'))
    assert drawn.startswith('<svg role="img" aria-label="The &#34;same&#34;" ')
    assert not re.search("style|script|href", drawn)
    assert drawn.count("<svg") == drawn.count("</svg>") == 1
