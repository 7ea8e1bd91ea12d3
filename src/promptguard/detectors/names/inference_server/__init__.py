"""Names judged on an Open Inference Protocol server, such as Triton, OpenVINO Model Server or MLServer."""
