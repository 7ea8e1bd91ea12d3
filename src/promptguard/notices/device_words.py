"""The words of the pages on which somebody signs a device in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.notices.texts import Names, Text, Texts


class DeviceWords(Texts):
    """How a device gets its credentials for the proxy. English where a language's file has none."""

    start_title: Annotated[Text, Names(())] = Field(
        default="Sign this device in",
        description="Heading of the page where a device begins to sign in.",
    )
    start: Annotated[Text, Names(("company",))] = Field(
        default=(
            "Programs on this device reach AI services through your company's proxy. For that they need a "
            "user and a password of their own, which you get by signing in at {company}."
        ),
        description="What that is for.",
    )
    sign_in: Annotated[Text, Names(())] = Field(
        default="Sign in",
        description="Its button.",
    )
    code_title: Annotated[Text, Names(())] = Field(
        default="Sign in with this code",
        description="Heading while somebody signs in elsewhere.",
    )
    code: Annotated[Text, Names(("address",))] = Field(
        default="Open {address}, and sign in with this code:",
        description="Where to enter the code, which stands below.",
    )
    goes_on: Annotated[Text, Names(())] = Field(
        default="This page goes on by itself then. Enter no code that somebody else sent you.",
        description="What happens then, and what not to do.",
    )
    done_title: Annotated[Text, Names(())] = Field(
        default="This device is signed in",
        description="Heading once a device is signed in.",
    )
    done: Annotated[Text, Names(("until",))] = Field(
        default=(
            "Note user and password now: they are kept nowhere, and are not shown again. They hold until "
            "{until}, for this device alone."
        ),
        description="That user and password are shown once.",
    )
    user: Annotated[Text, Names(())] = Field(
        default="User",
        description="Name of the user.",
    )
    password: Annotated[Text, Names(())] = Field(
        default="Password",
        description="Name of the password.",
    )
    proxy: Annotated[Text, Names(())] = Field(
        default="Proxy",
        description="Name of the address of the proxy.",
    )
    pac: Annotated[Text, Names(())] = Field(
        default="PAC file",
        description="Name of the address of the PAC file.",
    )
    use: Annotated[Text, Names(())] = Field(
        default=(
            "Browsers and the system take the PAC file as “automatic proxy configuration”. They ask for user "
            "and password once."
        ),
        description="What to do with them.",
    )
    failed_title: Annotated[Text, Names(())] = Field(
        default="This device is not signed in",
        description="Heading where it came to nothing.",
    )
    again: Annotated[Text, Names(())] = Field(
        default="Begin anew",
        description="The link to another try.",
    )
    denied: Annotated[Text, Names(())] = Field(
        default="At the company's sign-on, it was refused.",
        description="It was refused at the provider.",
    )
    expired: Annotated[Text, Names(())] = Field(
        default="This sign-in has run out, or was not begun here.",
        description="It took too long, or is none.",
    )
    used: Annotated[Text, Names(())] = Field(
        default="This sign-in is over: user and password were shown once already.",
        description="It is over.",
    )
    too_many: Annotated[Text, Names(())] = Field(
        default="Too many devices have begun to sign in from here. Wait some minutes.",
        description="Too many have begun.",
    )
    ended: Annotated[Text, Names(())] = Field(
        default="Devices do not sign in here any more.",
        description="The company has taken it out.",
    )
    unverified: Annotated[Text, Names(())] = Field(
        default="Your e-mail address is not verified at the company's sign-on.",
        description="The e-mail address is not verified.",
    )
    domain: Annotated[Text, Names(())] = Field(
        default="Your account is of none of the domains that may use this proxy.",
        description="The account is of another domain.",
    )
    groups: Annotated[Text, Names(("contact",))] = Field(
        default="You are in too many groups to name them all. Ask {contact}.",
        description="There are too many groups.",
    )
    unbelieved: Annotated[Text, Names(())] = Field(
        default="What the company's sign-on said does not hold. Begin anew.",
        description="What the provider says does not hold.",
    )
    away: Annotated[Text, Names(())] = Field(
        default="The company's sign-on cannot be used at the moment. Try again later.",
        description="The provider cannot be used.",
    )
