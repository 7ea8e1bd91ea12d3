"""An application on gRPC, at Google's GenerativeService (github.com/googleapis/googleapis): prints the answer.

The few fields that it needs are written and read here, as generated code would.
"""

import sys

import grpc

SERVICE = "/google.ai.generativelanguage.v1beta.GenerativeService/"
variant, prompt = sys.argv[2], sys.argv[3]


def field(number: int, value: bytes) -> bytes:
    size, length = b"", len(value)
    while length > 127:
        size, length = size + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + value


def read(message: bytes, number: int) -> bytes:
    at = 0
    while at < len(message):
        tag, at, length, shift = message[at], at + 1, 0, 0
        while True:
            length, shift, at = length | (message[at] & 127) << shift, shift + 7, at + 1
            if message[at - 1] < 128:
                break
        if tag >> 3 == number:
            return message[at : at + length]
        at += length
    return b""


def request(text: str) -> bytes:
    return field(1, b"models/gemini-2.5-flash") + field(2, field(1, field(2, text.encode())) + field(2, b"user"))


def text_of(answer: bytes) -> str:
    return read(read(read(read(answer, 1), 1), 1), 2).decode()


with grpc.secure_channel("generativelanguage.googleapis.com:443", grpc.ssl_channel_credentials()) as channel:
    try:
        if variant == "unary":
            print(channel.unary_unary(f"{SERVICE}GenerateContent", request, text_of)(prompt, timeout=20))
        else:
            for piece in channel.unary_stream(f"{SERVICE}StreamGenerateContent", request, text_of)(prompt, timeout=20):
                print(piece, end="", flush=True)
    except grpc.RpcError as error:
        print(f"{type(error).__name__}: {error.code().name}: {error.details()}")
