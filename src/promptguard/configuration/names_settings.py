"""The detector of names: the section `names` of `promptguard.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from promptguard.configuration.names_server_settings import NamesServer
from promptguard.typed_yaml.fields import Section, none_for_auto
from promptguard.typed_yaml.mistakes import mistake


class Names(Section):
    """The detector of names and addresses: a language model in processes of its own."""

    enabled: bool = Field(default=True, description="Whether names of persons and addresses are looked for.")
    workers: Annotated[int | None, BeforeValidator(none_for_auto)] = Field(
        default=None,
        ge=1,
        le=64,
        description=(
            "How many worker processes; each takes about 70 MB (150 MB with `rampart`) and one core. `auto`, as "
            "by default: one for each core beside the proxy's, at least one, at most eight (twice as many with "
            "`server`), and at most a quarter of the machine's memory."
        ),
    )
    wait_s: float = Field(
        default=10.0,
        gt=0,
        le=600,
        description=(
            "Seconds that a request may be held up by what others have waiting. One that would wait longer is told at "
            "once that PromptGuard is busy, and when to try again, and counts as not inspected. At most `deadline_s`."
        ),
    )
    deadline_s: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="Seconds that looking for names in one request may take. After that it counts as not inspected.",
    )
    model: Literal["compact", "rampart"] = Field(
        default="compact",
        description=(
            "Which model judges words: `compact`, PromptGuard's own, or `rampart`, a transformer that needs ten times "
            "the time and the extra `rampart`."
        ),
    )
    spacy_model: str | None = Field(
        default=None,
        min_length=1,
        description="Name of an installed spaCy package, or the path of one, to run beside the built-in model.",
    )
    server: NamesServer | None = Field(
        default=None,
        description=(
            "A server of the Open Inference Protocol that runs the model in place of the workers, which send it "
            "tokens and keep the rest of the work. For `model: rampart` without a spaCy package. By default there is "
            "none."
        ),
    )
    second_look: Literal["none", "rampart"] = Field(
        default="none",
        description=(
            "Whether requests are looked at again when they have gone on: `rampart`, by that model, with what nobody "
            "else wants of the machine. What it finds counts from the next request on, and is recorded beside the "
            "decision. It takes the extra `rampart` and a worker of 150 MB."
        ),
    )
    second_look_queue_mb: float = Field(
        default=16.0,
        gt=0,
        le=1024,
        description=(
            "Megabytes (2^20 bytes) of memory that texts may take which wait for the second look. Requests beyond that "
            "are not looked at again, and are counted."
        ),
    )

    @model_validator(mode="after")
    def _looks_twice(self) -> Self:
        if self.model == self.second_look:
            raise mistake(
                ("second_look",),
                f"‘{self.second_look}’ would look a second time at what it has just looked at",
                "Write `none`, or `model: compact`.",
            )
        return self

    @model_validator(mode="after")
    def _has_what_the_server_runs(self) -> Self:
        if self.server is not None and self.model != "rampart":
            raise mistake(
                ("server",),
                f"a server runs the model ‘rampart’, and the model here is ‘{self.model}’, which needs none",
                "Write `model: rampart`, or leave `server` out.",
            )
        if self.server is not None and self.spacy_model is not None:
            raise mistake(
                ("server",),
                "a spaCy package does not run beside a model on a server",
                "Leave `spacy_model` out, or `server`.",
            )
        return self
