#!/usr/bin/env python3
"""Cuts the JSON schema of one Kubernetes release down to what the generator reads.

The full schemas come with the PyPI package kubernetes-validate. Run this only to move to another release:

    pip install kubernetes-validate
    python3 trim_schema.py 1.35.0 > kubernetes-schema.json

Descriptions are left out; everything a field's shape depends on stays.
"""

import json
import pathlib
import sys

ROOTS = [
    "io.k8s.api.core.v1.Pod",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.core.v1.ServiceAccount",
    "io.k8s.api.core.v1.Secret",
    "io.k8s.api.core.v1.Event",
    "io.k8s.api.core.v1.Node",
    "io.k8s.api.rbac.v1.Role",
    "io.k8s.api.rbac.v1.RoleBinding",
    "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    "io.k8s.api.resource.v1.ResourceClaim",
    "io.k8s.api.resource.v1.ResourceClaimTemplate",
    "io.k8s.api.scheduling.v1.PriorityClass",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
]

KEEP = (
    "$ref", "type", "format", "items", "additionalProperties", "default", "enum", "oneOf",
    "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type",
)


def trim(schema):
    kept = {}
    for key in KEEP:
        if key in schema:
            value = schema[key]
            if key in ("items", "additionalProperties") and isinstance(value, dict):
                value = trim(value)
            if key == "$ref":
                value = value.rsplit("/", 1)[-1]
            kept[key] = value
    return kept


def main():
    import kubernetes_validate

    release = sys.argv[1]
    folder = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    definitions = json.loads((folder / f"v{release}-local" / "_definitions.json").read_text())["$defs"]
    wanted, queue = {}, list(ROOTS)
    while queue:
        name = queue.pop()
        if name in wanted:
            continue
        source = definitions[name]
        entry = trim(source)
        entry["properties"] = {key: trim(value) for key, value in sorted(source.get("properties", {}).items())}
        entry["required"] = sorted(source.get("required", []))
        if "x-kubernetes-group-version-kind" in source:
            entry["gvk"] = source["x-kubernetes-group-version-kind"][0]
        wanted[name] = entry
        text = json.dumps(entry)
        for other in definitions:
            if f'"{other}"' in text:
                queue.append(other)
    json.dump(
        {"release": release, "definitions": dict(sorted(wanted.items()))}, sys.stdout, indent=1, sort_keys=True)
    print()


main()
