"""The Helm chart, rendered by Helm: valid to Kubernetes, closed by default, and of one mind with PromptGuard itself."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.monitoring import Monitoring
from promptguard.typed_yaml.reading import YamlFile
from promptguard.wire.formats import load_formats

ROOT: Final = Path(__file__).parents[2]
CHART: Final = ROOT / "deploy" / "helm" / "promptguard"
VALUES: Final = sorted(path.name for path in (CHART / "ci").glob("*.yaml"))
LEAST, COMPANY, ALONE = "least-values.yaml", "company-values.yaml", "proxies-alone-values.yaml"
Render = Callable[..., list[dict[str, Any]]]


def one(objects: list[dict[str, Any]], kind: str, name: str = "") -> dict[str, Any]:
    """The object of a kind whose name ends so."""
    found = [each for each in objects if each["kind"] == kind and each["metadata"]["name"].endswith(name)]
    assert len(found) == 1, (kind, name, [each["metadata"]["name"] for each in found])
    return found[0]


def workloads(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in objects if each["kind"] in {"StatefulSet", "Deployment"}]


def containers(objects: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in workloads(objects):
        pod = each["spec"]["template"]["spec"]
        yield from [*pod["initContainers"], *pod["containers"]]


@pytest.mark.parametrize("values", VALUES)
def test_helm_lints_it(helm: str, values: str) -> None:
    command = [helm, "lint", "--strict", CHART, "--values", CHART / "ci" / values]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("values", "version"), [(COMPANY, "1.27"), *((values, "1.37") for values in VALUES)])
def test_kubernetes_knows_every_object_and_field(render: Render, values: str, version: str) -> None:
    """By the schemas of Kubernetes' own API, strictly: nothing is there that it does not name."""
    for each in render(values):
        if each["kind"] != "PodMonitor":  # the Prometheus Operator's
            kubernetes_validate.validate(each, version, strict=True)


def test_every_value_has_a_place_in_the_schema() -> None:
    def places(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        for key, inner in value.items() if isinstance(value, dict) else ():
            named = schema.get("properties", {}).get(key)
            if named is None and schema.get("additionalProperties") is False:
                yield f"{path}.{key}"
            elif named is not None:
                yield from places(inner, named, f"{path}.{key}")

    schema = json.loads((CHART / "values.schema.json").read_text())
    assert not list(places(yaml.safe_load((CHART / "values.yaml").read_text()), schema, ""))


@pytest.mark.parametrize(
    ("single", "told"),
    [
        ('database.existingSecret=""', "/database/existingSecret"),
        ('masterKey.existingSecret=""', "/masterKey/existingSecret"),
        ('ca.existingSecret=""', "/ca/existingSecret"),
        ("console.hosts=[]", "/console/hosts"),
        ('console.tlsSecret=""', "/console/tlsSecret"),
        ("networkPolicy.databaseTo=[]", "/networkPolicy/databaseTo"),
        ("pac.enabled=true", "/pac/proxies"),
        ("proxy.replica=3", "replica"),
        ("proxy.replicas=0", "/proxy/replicas"),
        ("settngs={}", "settngs"),
        ('files={"promptguard.yaml":"listen: 1"}', "promptguard.yaml"),
        ('files={"../secret":"x"}', "'../secret'"),
        ('files={"a__b.yaml":"x"}', "a__b.yaml"),
        ('image.digest="latest"', "/image/digest"),
        ('networkPolicy.clients=["everyone"]', "/networkPolicy/clients"),
    ],
)
def test_what_is_missing_or_unknown_is_told_by_its_name(refusal: Callable[..., str], single: str, told: str) -> None:
    assert told in refusal(LEAST, single)


@pytest.mark.parametrize("values", VALUES)
def test_nothing_has_more_rights_than_it_needs(render: Render, values: str) -> None:
    objects = render(values)
    for each in workloads(objects):
        pod = each["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        assert not [volume for volume in pod["volumes"] if "hostPath" in volume]
    for container in containers(objects):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("values", VALUES)
def test_what_is_mounted_exists(render: Render, values: str) -> None:
    objects = render(values)
    files = one(objects, "ConfigMap")["data"]
    for each in workloads(objects):
        pod = each["spec"]["template"]["spec"]
        volumes = {volume["name"] for volume in pod["volumes"]}
        volumes |= {claim["metadata"]["name"] for claim in each["spec"].get("volumeClaimTemplates", [])}
        for container in [*pod["initContainers"], *pod["containers"]]:
            mounts = container["volumeMounts"]
            assert {mount["name"] for mount in mounts} <= volumes
            assert len({mount["mountPath"] for mount in mounts}) == len(mounts)
            assert all(mount["subPath"] in files for mount in mounts if "subPath" in mount)


@pytest.mark.parametrize("values", VALUES)
def test_secrets_are_named_and_never_held(render: Render, values: str) -> None:
    objects = render(values)
    assert not [each for each in objects if each["kind"] == "Secret"]
    for container in containers(objects):
        for variable in container.get("env", []):
            if variable["name"] == "PROMPTGUARD_DATABASE":
                assert variable["valueFrom"]["secretKeyRef"]["name"] == "promptguard-database"
                break
        else:
            assert container["name"] == "keys"


@pytest.mark.parametrize("values", VALUES)
def test_promptguard_takes_the_settings_that_are_rendered(render: Render, values: str, tmp_path: Path) -> None:
    objects = render(values)
    file = tmp_path / "promptguard.yaml"
    file.write_text(one(objects, "ConfigMap")["data"]["promptguard.yaml"])
    settings = YamlFile(file).read_as(Settings)
    ports = {port["name"]: port["containerPort"] for each in containers(objects) for port in each.get("ports", [])}
    assert settings.address == ("0.0.0.0", ports["proxy"])
    assert settings.monitoring.address == ("0.0.0.0", ports["monitoring"])
    if "console" in ports:
        assert settings.console.address == ("0.0.0.0", ports["console"])
    if "pac" in ports:
        assert settings.pac.address == ("0.0.0.0", ports["pac"])
    mounted = {mount["mountPath"] for each in containers(objects) for mount in each["volumeMounts"]}
    named = [
        settings.console.certificate,
        settings.console.key,
        settings.identity.htpasswd,
        *settings.evidence.public_keys,
    ]
    assert all(str(path.parent) in mounted for path in named if path is not None)


def test_what_a_company_sets_stays_beside_what_the_chart_sets(render: Render) -> None:
    settings = yaml.safe_load(one(render(COMPANY), "ConfigMap")["data"]["promptguard.yaml"])
    assert settings["console"]["staff_links"] is True
    assert settings["console"]["hosts"] == ["guard.example.com", "guard.internal.example.com"]
    assert settings["audit"] == {"durability": "always", "spool": {"size_mb": 1024}}
    overruled = render(LEAST, 'settings={"listen":"127.0.0.1:1","names":{"workers":9,"deadline_s":5}}')
    settings = yaml.safe_load(one(overruled, "ConfigMap")["data"]["promptguard.yaml"])
    assert settings["listen"] == "0.0.0.0:8080"
    assert settings["names"] == {"workers": 1, "deadline_s": 5}


def test_files_of_the_configuration_arrive_byte_by_byte(render: Render) -> None:
    content = 'a: "b"\n\n# {{ not a template }} é\n  x\n'
    objects = render(LEAST, f"files={json.dumps({'notices/fr.yaml': content})}")
    assert one(objects, "ConfigMap")["data"]["notices__fr.yaml"] == content
    mounts = one(objects, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert {"/etc/promptguard/notices/fr.yaml"} <= {mount["mountPath"] for mount in mounts}


def test_promptguard_takes_the_whole_configuration(render: Render, tmp_path: Path) -> None:
    """As it is mounted over the one in the image."""
    config = shutil.copytree(ROOT / "config", tmp_path / "config")
    objects = render(COMPANY)
    files = one(objects, "ConfigMap")["data"]
    for mount in one(objects, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]:
        if mount["name"] == "configuration" and mount["subPath"] != "promptguard.yaml":
            place = config / Path(mount["mountPath"]).relative_to("/etc/promptguard")
            place.write_text(files[mount["subPath"]])
    bundle = load_bundle(config, formats=load_formats())
    assert bundle.registry.find_host("assistant.example.com") is not None


def test_pods_are_made_anew_when_their_configuration_changes(render: Render) -> None:
    def sums(*single: str) -> set[str]:
        pods = [each["spec"]["template"]["metadata"] for each in workloads(render(LEAST, *single))]
        return {pod["annotations"]["checksum/configuration"] for pod in pods}

    before, after = sums(), sums('settings={"body_limit_mb":20}')
    assert len(before) == len(after) == 1 and before != after


@pytest.mark.parametrize("values", VALUES)
def test_containers_start_commands_that_exist(render: Render, values: str) -> None:
    for container in containers(render(values)):
        if container["name"] != "keys":
            command = container["command"]
            assert command[0] == "promptguard"
            told = CliRunner().invoke(main, [*command[1:], "--help"])
            assert told.exit_code == 0
            assert all(word in told.output for word in command if word.startswith("--"))


def test_keys_are_put_where_their_user_alone_can_read_them(render: Render, tmp_path: Path) -> None:
    """The script of the container that begins, run here with the folders that stand for its mounts."""
    container = next(each for each in containers(render(LEAST)) if "mitmproxy-ca.pem" in each.get("args", [""])[0])
    secrets = tmp_path / "secrets"
    for name, content in (("master/master.key", os.urandom(32)), ("ca/mitmproxy-ca.pem", b"key and certificate")):
        (secrets / name).parent.mkdir(parents=True)
        (secrets / name).write_bytes(content)
        (secrets / name).chmod(0o440)
    data = tmp_path / "data"
    data.mkdir(mode=0o770)
    script = container["args"][0].replace("/run/secrets", str(secrets)).replace("/var/lib/promptguard", str(data))
    for _ in range(2):  # a pod that is made anew finds its data
        subprocess.run([*container["command"], script], check=True)
    (secrets / "ca" / "anchor.pem").write_bytes(b"what laptops trust")
    subprocess.run([*container["command"], script], check=True)
    assert (data / "ca" / "anchor.pem").read_bytes() == b"what laptops trust"
    (secrets / "ca" / "anchor.pem").unlink()
    subprocess.run([*container["command"], script], check=True)
    assert not (data / "ca" / "anchor.pem").exists(), "of a change of CAs that is over"
    assert Keys.load(data / "keys").audit
    assert (data / "ca" / "mitmproxy-ca.pem").read_bytes() == b"key and certificate"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*")}
    assert modes == {0o700, 0o600}


def test_probes_ask_for_what_is_answered(render: Render) -> None:
    pod = one(render(LEAST), "StatefulSet")["spec"]["template"]["spec"]
    (proxy,) = pod["containers"]
    probes = [proxy[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")]
    monitoring = Monitoring(bytes, list)
    for probe in probes:
        assert probe["port"] == "monitoring"
        assert monitoring.found(probe["path"]) is not None
    settings = yaml.safe_load(one(render(LEAST), "ConfigMap")["data"]["promptguard.yaml"])
    assert settings["proxy"] == {"processes": 1, "drain_s": 60}
    assert settings["proxy"]["drain_s"] < pod["terminationGracePeriodSeconds"], "it is let drain to its end"


def test_a_proxy_keeps_its_folder(render: Render) -> None:
    spec = one(render(COMPANY), "StatefulSet")["spec"]
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == "8Gi"
    assert claim["spec"]["storageClassName"] == "fast"
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert "replicas" not in spec, "it would undo what the autoscaler has done"
    assert one(render(LEAST), "StatefulSet")["spec"]["replicas"] == 3


def test_scaling_follows_a_metric_that_there_is(render: Render) -> None:
    scaler = one(render(COMPANY), "HorizontalPodAutoscaler")["spec"]
    target = scaler["scaleTargetRef"]
    assert one(render(COMPANY), target["kind"])["metadata"]["name"] == target["name"]
    cpu, queue = scaler["metrics"]
    assert cpu["resource"]["target"]["averageUtilization"] == 70
    dashboard = (ROOT / "docs" / "monitoring" / "grafana.json").read_text()
    assert queue["pods"]["metric"]["name"] in dashboard, "whose metrics are held against those that there are"
    assert queue["pods"]["target"]["averageValue"] == "30"
    assert not [each for each in render(LEAST) if each["kind"] == "HorizontalPodAutoscaler"]
    assert len(one(render(LEAST, "proxy.autoscaling.enabled=true"), "HorizontalPodAutoscaler")["spec"]["metrics"]) == 1


@pytest.mark.parametrize("values", VALUES)
def test_every_workload_has_a_budget_and_every_selector_finds_its_pods(render: Render, values: str) -> None:
    objects = render(values)
    pods = [each["spec"]["template"]["metadata"]["labels"] for each in workloads(objects)]
    budgets = [each for each in objects if each["kind"] == "PodDisruptionBudget"]
    assert len(budgets) == len(pods)
    selectors = [each["spec"]["selector"]["matchLabels"] for each in [*budgets, *workloads(objects)]]
    selectors += [each["spec"]["selector"] for each in objects if each["kind"] == "Service"]
    for selector in selectors:
        assert sum(selector.items() <= labels.items() for labels in pods) == 1


def test_nothing_passes_but_what_is_named(render: Render) -> None:
    objects = render(COMPANY)
    nothing = one(objects, "NetworkPolicy", "nothing")["spec"]
    assert nothing.keys() == {"podSelector", "policyTypes"}
    assert nothing["policyTypes"] == ["Ingress", "Egress"]
    for each in workloads(objects):
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert nothing["podSelector"]["matchLabels"].items() <= labels.items()
    assert one(render(LEAST), "NetworkPolicy", "console")["spec"]["ingress"] == []
    ports = [
        port["port"]
        for rule in one(render(LEAST), "NetworkPolicy", "proxy")["spec"]["ingress"]
        for port in rule["ports"]
    ]
    assert ports == [8080], "metrics and the PAC file are open to nobody unless it is said"
    assert not [each for each in render(ALONE) if each["kind"] == "NetworkPolicy"]


def allowed(policy: dict[str, Any], address: str, port: int) -> bool:
    """Whether a policy lets a pod reach an address."""
    for rule in policy["spec"]["egress"]:
        if port not in [each["port"] for each in rule["ports"]]:
            continue
        for block in (peer["ipBlock"] for peer in rule["to"] if "ipBlock" in peer):
            where = ipaddress.ip_address(address)
            inside = where in ipaddress.ip_network(block["cidr"])
            if inside and not any(where in ipaddress.ip_network(hole) for hole in block.get("except", [])):
                return True
    return False


@pytest.mark.parametrize(
    ("component", "address", "port", "passes"),
    [
        ("proxy", "203.0.113.7", 443, True),
        ("proxy", "2001:db8::7", 443, True),
        ("proxy", "203.0.113.7", 80, False),
        ("proxy", "203.0.113.7", 25, False),
        ("proxy", "10.20.0.5", 5432, True),
        ("proxy", "10.20.0.6", 5432, False),
        ("proxy", "10.20.0.5", 443, False),
        ("proxy", "169.254.169.254", 443, False),
        ("proxy", "100.100.0.1", 443, False),
        ("proxy", "172.20.1.1", 443, False),
        ("proxy", "192.168.1.1", 443, False),
        ("proxy", "fd00::1", 443, False),
        ("proxy", "fe80::1", 443, False),
        ("console", "10.20.0.5", 5432, True),
        ("console", "203.0.113.7", 443, False),
    ],
)
def test_where_pods_can_go(render: Render, component: str, address: str, port: int, passes: bool) -> None:
    assert allowed(one(render(LEAST), "NetworkPolicy", component), address, port) is passes


def test_a_balancer_takes_connections_from_the_same_networks_as_the_policy(render: Render) -> None:
    service = one(render(COMPANY), "Service", "-proxy")["spec"]
    assert service["externalTrafficPolicy"] == "Local", "the client's address reaches the proxy"
    policy = one(render(COMPANY), "NetworkPolicy", "proxy")["spec"]
    clients = [peer["ipBlock"]["cidr"] for peer in policy["ingress"][0]["from"]]
    assert service["loadBalancerSourceRanges"] == clients == ["10.0.0.0/8", "fd00::/8"]
    assert one(render(LEAST), "Service", "-proxy")["spec"]["type"] == "ClusterIP"


def test_the_values_that_the_manual_begins_with_are_taken(helm: str, tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "kubernetes.md").read_text()
    example = re.search(r"^\*\*The values\*\*.*?^```yaml\n(.*?)^```", manual, re.DOTALL | re.MULTILINE)
    assert example
    (tmp_path / "values.yaml").write_text(example[1])
    command = [helm, "template", "guard", CHART, "--values", tmp_path / "values.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = {each["metadata"]["name"] for each in yaml.safe_load_all(done.stdout) if each}
    assert {f"guard-promptguard-{name}" for name in ("proxy", "console")} <= made, "as the manual calls them"


def test_the_values_of_a_names_server_let_proxies_reach_it(render: Render) -> None:
    manual = (ROOT / "docs" / "names-server.md").read_text("utf-8")
    values, keda = re.findall(r"^```yaml\n(settings:.*?|apiVersion:.*?)^```", manual, re.DOTALL | re.MULTILINE)
    example = yaml.safe_load(values)
    given = [f"{key}={json.dumps(example[key])}" for key in ("settings", "files")]
    objects = render(LEAST, *given, f"networkPolicy.proxyEgress={json.dumps(example['networkPolicy']['proxyEgress'])}")
    settings = yaml.safe_load(one(objects, "ConfigMap")["data"]["promptguard.yaml"])
    names = Settings.model_validate(settings, strict=False).names
    assert names.server is not None
    port = urlsplit(names.server.url).port
    egress = one(objects, "NetworkPolicy", "proxy")["spec"]["egress"]
    assert [each["ports"] for each in egress if each["ports"][0]["port"] == port] == [
        [{"protocol": "TCP", "port": port}]
    ]
    mounts = one(objects, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert f"/etc/promptguard/{names.server.ca_file}" in {mount["mountPath"] for mount in mounts}
    (trigger,) = yaml.safe_load(keda)["spec"]["triggers"]
    (metric,) = re.findall(r"promptguard_(\w+)_total", trigger["metadata"]["query"])
    assert f'"{metric}"' in (ROOT / "src/promptguard/runtime/names_server.py").read_text("utf-8")


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version and chart["appVersion"] == version[1]


def notes(helm: str, values: str, *single: str) -> str:
    """What is told after an installation, which no cluster is needed for."""
    command = [helm, "install", "guard", CHART, "--dry-run=client", "--values", CHART / "ci" / values]
    command += [word for each in single for word in ("--set-json", each)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.partition("NOTES:")[2]


@pytest.mark.parametrize(
    ("values", "single", "warned"),
    [
        (LEAST, (), "all clients are turned away"),
        (LEAST, ('identity.htpasswdSecret="users"',), ""),
        (ALONE, (), "whoever reaches the proxies may use them"),
        (ALONE, ('networkPolicy.clients=["10.0.0.0/8"]',), ""),
        (COMPANY, (), ""),
    ],
)
def test_notes_warn_of_proxies_that_serve_nobody_or_everybody(
    helm: str, values: str, single: tuple[str, ...], warned: str
) -> None:
    told = notes(helm, values, *single)
    assert ("WARNING" in told) is bool(warned)
    assert warned in told.replace("\n", " ")
