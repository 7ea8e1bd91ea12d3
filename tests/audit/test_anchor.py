import pytest

from promptguard.audit.anchor import MAX_LOSSES, Anchor, Loss, LossKind, opened, sealed
from promptguard.audit.chain import Chain

CHAIN = Chain(bytes(range(32)))
ANCHOR = Anchor(7, (Loss(3, "2026-03-01T09:30:00.000Z", LossKind.MISSING),))


@pytest.mark.parametrize("anchor", [Anchor(), Anchor(1), ANCHOR])
def test_opened_as_sealed(anchor: Anchor) -> None:
    assert opened(sealed(anchor, CHAIN), CHAIN) == anchor


def test_nothing_noted_yet() -> None:
    assert opened(None, CHAIN) == Anchor()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        sealed(ANCHOR, Chain(bytes(32))),
        sealed(ANCHOR, Chain(bytes(range(32)), "2")),
        sealed(ANCHOR, CHAIN).replace("missing", "damaged"),
        sealed(ANCHOR, CHAIN)[:-1],
    ],
)
def test_what_somebody_changed(text: str) -> None:
    with pytest.raises(ValueError, match="was changed"):
        opened(text, CHAIN)


def test_losses_are_kept_once_and_bounded() -> None:
    anchor = ANCHOR.with_loss(Loss(3, "later", LossKind.MISSING))
    assert anchor == ANCHOR
    for number in range(2 * MAX_LOSSES):
        anchor = anchor.with_loss(Loss(number, "t", LossKind.OLDER))
    assert len(anchor.losses) == MAX_LOSSES
    assert anchor.losses[0] == ANCHOR.losses[0]
