"""What a second look costs those who do not wait for it: small prompts with and without, in turn in one run.

    python benchmarks/second_look.py [--rounds 6]

Both proxies run all the time. In each stretch one of them is sent fresh prompts of 2 KB, which the second look then has
to do with, and small prompts beside them at a person's pace, which are measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import psutil

from load import Endpoint, Sample, offered, one_after_another, paced
from promptguard.demo.proxy_process import PromptGuardProcess
from prose import Prose, chats
from report import percentile
from upstream import Upstream
from variants import ROOT, Variant, configured

WITHOUT, WITH = "without", "with"
SMALL, BESIDE = 200, 2_000
SMALL_PROMPTS, PACE_SECONDS = 150, 0.05
BESIDE_PER_SECOND = 5.0


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6, help="stretches with each proxy")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    arguments = parser.parse_args()
    prose = Prose()
    samples = {WITHOUT: Sample(), WITH: Sample()}
    cpu = {name: [0.0, 0.0, 0] for name in samples}
    with (
        tempfile.TemporaryDirectory(prefix="promptguard-bench-") as folder,
        Upstream(Path(folder) / "upstream") as upstream,
        ExitStack() as stack,
    ):
        variants = [_started(stack, name, Path(folder), upstream, arguments.config) for name in samples]
        for variant in variants:
            one_after_another(variant.endpoint, chats(prose, 500, 30), 5.0)
        for number in range(arguments.rounds):
            for variant in variants if number % 2 else reversed(variants):
                before = variant.cpu_milliseconds()
                sample = _stretch(variant.endpoint, prose)
                after = variant.cpu_milliseconds()
                samples[variant.name].milliseconds += sample.milliseconds
                cpu[variant.name][0] += after.proxy - before.proxy
                cpu[variant.name][1] += sum(after.workers) - sum(before.workers)
                cpu[variant.name][2] += SMALL_PROMPTS + _beside()
    for name, sample in samples.items():
        figures = ", ".join(f"p{each} {percentile(sample.milliseconds, each):.1f} ms" for each in (50, 95, 99))
        proxy, workers, requests = cpu[name]
        print(
            f"{name}: {figures}, of {len(sample.milliseconds)}; processor time of a request: proxy "
            f"{proxy / requests:.2f} ms, workers {workers / requests:.2f} ms"
        )
    for each in (50, 95, 99):
        ratio = percentile(samples[WITH].milliseconds, each) / percentile(samples[WITHOUT].milliseconds, each)
        print(f"p{each}, with / without: {ratio:.2f}")
    return 0


def _beside() -> int:
    return int(SMALL_PROMPTS * PACE_SECONDS * BESIDE_PER_SECOND)


def _started(stack: ExitStack, name: str, folder: Path, upstream: Upstream, config: Path) -> Variant:
    place = folder / name
    looks = "rampart" if name == WITH else "none"
    proxy = PromptGuardProcess(
        config=configured(config, place / "config", {"second_look": looks}),
        data=place / "data",
        connect_to={"*": upstream.address},
        upstream_authority=upstream.certificates.authority,
    )
    stack.enter_context(proxy)
    return Variant(name, Endpoint(proxy.port, proxy.authority, proxied=True), psutil.Process(proxy.pid))


def _stretch(endpoint: Endpoint, prose: Prose) -> Sample:
    bodies = chats(prose, BESIDE, _beside())
    others = threading.Thread(target=offered, args=(endpoint, bodies, BESIDE_PER_SECOND, 4))
    small = chats(prose, SMALL, SMALL_PROMPTS)
    others.start()
    sample = paced(endpoint, small, PACE_SECONDS)
    others.join()
    return sample


if __name__ == "__main__":
    sys.exit(main())
