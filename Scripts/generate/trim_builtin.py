#!/usr/bin/env python3
"""Writes builtin-types.tsv: the shapes of Kubernetes' own types, how they merge, and their protobuf numbers.

Two sources say it. What a Go program of a release knows of its types (names, JSON names, patch strategies, protobuf
field numbers) is read out of the type information inside its binary; list and map types come from the JSON schemas of
the PyPI package kubernetes-validate. Run this only to move to another release:

    pip install kubernetes-validate
    python3 trim_builtin.py path/to/kubectl 1.36.0 > builtin-types.tsv

One line for each type and field, tab-separated:

    T  name  Go name  group/version/kind or nothing  mapType=atomic or nothing
    F  JSON name  shape  protobuf number (0: none)  R|A|P flags  [listType=…] [keys=…] [patch=…] [patchKey=…] [mapType=…] [default=…]

Shapes are those of generate.py (`s`, `i`, `a:…`, `m:…`, `o:type` …), and `f` for FieldsV1, `w:…` for a list that
protobuf wraps in a message of its own. A field without a JSON name is an embedded struct whose fields are its
owner's in JSON.
"""

import array
import json
import pathlib
import re
import struct
import sys

PACKAGES = {
    f"k8s.io/api/{name}": name for name in (
        "admissionregistration/v1", "apps/v1", "authentication/v1", "authorization/v1", "autoscaling/v1",
        "autoscaling/v2", "batch/v1", "certificates/v1", "coordination/v1", "core/v1", "discovery/v1", "events/v1",
        "flowcontrol/v1", "networking/v1", "node/v1", "policy/v1", "rbac/v1", "resource/v1", "scheduling/v1",
        "storage/v1")
}
PACKAGES["k8s.io/apimachinery/pkg/apis/meta/v1"] = "meta/v1"
GROUPS = {
    "core": "", "admissionregistration": "admissionregistration.k8s.io", "authentication": "authentication.k8s.io",
    "authorization": "authorization.k8s.io", "certificates": "certificates.k8s.io",
    "coordination": "coordination.k8s.io", "discovery": "discovery.k8s.io", "events": "events.k8s.io",
    "flowcontrol": "flowcontrol.apiserver.k8s.io", "networking": "networking.k8s.io", "node": "node.k8s.io",
    "rbac": "rbac.authorization.k8s.io", "resource": "resource.k8s.io", "scheduling": "scheduling.k8s.io",
    "storage": "storage.k8s.io", "apiextensions": "apiextensions.k8s.io",
}
META = "k8s.io/apimachinery/pkg/apis/meta/v1"
SPECIAL = {
    f"{META}.Time": "t", f"{META}.MicroTime": "u", f"{META}.Duration": "d", f"{META}.FieldsV1": "f",
    "k8s.io/apimachinery/pkg/api/resource.Quantity": "q", "k8s.io/apimachinery/pkg/util/intstr.IntOrString": "x",
    "k8s.io/apimachinery/pkg/runtime.RawExtension": "v",
}
SCALARS = {"string": "s", "bool": "b", "int32": "i", "int64": "l", "int": "l", "uint8": "i", "float64": "n"}
KINDS = ("invalid bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 complex64 "
         "complex128 array chan func interface map ptr slice string struct unsafeptr").split()
EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."


class Binary:
    """The struct types of a Go binary for 64-bit machines, by package and name."""

    def __init__(self, path):
        self.data = pathlib.Path(path).read_bytes()
        offset, = struct.unpack_from("<Q", self.data, 32)
        count, = struct.unpack_from("<H", self.data, 56)
        self.segments = []
        for index in range(count):
            kind, _, start, address, _, size, _, _ = struct.unpack_from("<IIQQQQQQ", self.data, offset + 56 * index)
            if kind == 1:
                self.segments.append((address, start, size))

    def offset(self, address):
        for start, offset, size in self.segments:
            if start <= address < start + size:
                return address - start + offset
        raise ValueError(hex(address))

    def address(self, offset):
        return next(a - o + offset for a, o, size in self.segments if o <= offset < o + size)

    def word(self, address):
        return struct.unpack_from("<Q", self.data, self.offset(address))[0]

    def varint(self, offset):
        value = shift = 0
        while True:
            byte = self.data[offset]
            value |= (byte & 127) << shift
            offset, shift = offset + 1, shift + 7
            if byte < 128:
                return value, offset

    def name(self, address):
        """A name with its tag, and whether it is embedded."""
        offset = self.offset(address)
        flags = self.data[offset]
        length, start = self.varint(offset + 1)
        text, tag = self.data[start:start + length].decode("utf8", "replace"), ""
        if flags & 2:
            size, first = self.varint(start + length)
            tag = self.data[first:first + size].decode("utf8", "replace")
        return text, tag, bool(flags & 8)

    def tagged_names(self):
        found = set()
        for match in re.finditer(rb'json:"[^"]*"[^\x00]{0,80}?protobuf:"', self.data):
            for back in range(2, 120):
                start = match.start() - back
                if self.data[start] not in (2, 3, 10, 11):
                    continue
                length, first = self.varint(start + 1)
                if 0 < length <= 80 and self.data[first:first + length].isalnum():
                    if self.varint(first + length)[1] == match.start():
                        found.add(self.address(start))
                        break
        return found

    def structs(self):
        names, fields, found = self.tagged_names(), set(), {}
        words = []
        for address, offset, size in self.segments:
            block = array.array("Q")
            block.frombytes(self.data[offset:offset + size // 8 * 8])
            words.append((address, block))
            fields.update(address + index * 8 for index, word in enumerate(block) if word in names)
        for address, block in words:
            for index in range(len(block) - 2):
                first, length = block[index], block[index + 1]
                if length == block[index + 2] and 0 < length < 200 and (
                        first in fields or first + 24 in fields or first + 48 in fields):
                    found[address + index * 8 - 56] = (first, length)
        return found

    def read(self):
        structs = self.structs()
        table, = struct.unpack_from("<Q", self.data, 40)
        sections, = struct.unpack_from("<H", self.data, 60)
        addresses = [struct.unpack_from("<IIQQ", self.data, table + 64 * index)[3] for index in range(sections)]

        def plausible(base):
            count = 0
            for address in list(structs)[:300]:
                try:
                    count += self.name(base + struct.unpack_from("<i", self.data, self.offset(address) + 40)[0])[0][:1] == "*"
                except (ValueError, IndexError, StopIteration):
                    pass
            return count

        self.base = max(addresses, key=plausible)
        types = {}
        for address, (first, length) in structs.items():
            if self.kind(address) != "struct" or not self.package(address):
                continue
            fields = [self.name(self.word(first + 24 * index)) + (self.describe(self.word(first + 24 * index + 8)),)
                      for index in range(length)]
            types[f"{self.package(address)}.{self.type_name(address).rsplit('.', 1)[-1]}"] = fields
        return types

    def kind(self, address):
        return KINDS[self.data[self.offset(address) + 23] & 31]

    def type_name(self, address):
        offset = self.offset(address)
        text = self.name(self.base + struct.unpack_from("<i", self.data, offset + 40)[0])[0]
        return text[1:] if self.data[offset + 20] & 2 else text

    def package(self, address):
        offset = self.offset(address)
        size = {"struct": 80, "ptr": 56, "slice": 56, "map": None}.get(self.kind(address), 48)
        if not self.data[offset + 20] & 1 or size is None:
            return ""
        path, = struct.unpack_from("<i", self.data, offset + size)
        return self.name(self.base + path)[0] if path else ""

    def describe(self, address):
        kind = self.kind(address)
        name = f"{self.package(address)}.{self.type_name(address).rsplit('.', 1)[-1]}"
        if name in SPECIAL:
            return SPECIAL[name]
        if kind == "ptr":
            return "*" + self.describe(self.word(address + 48))
        if kind == "slice":
            element = self.describe(self.word(address + 48))
            if self.kind(self.word(address + 48)) == "uint8":
                return "y"
            return ("w:" if self.package(address) else "a:") + element.lstrip("*")
        if kind == "map":
            return "m:" + self.describe(self.word(address + 56)).lstrip("*")
        if kind == "struct":
            package, short = name.rsplit(".", 1)
            return f"o:{PACKAGES.get(package, package)}.{short}"
        return SCALARS.get(kind, "v")


def tag(text, key):
    found = re.search(key + r':"([^"]*)"', text)
    return found.group(1) if found else ""


def from_binary(path, schemas):
    lines, known = [], {}
    types = Binary(path).read()
    for full in sorted(types, key=lambda name: (PACKAGES.get(name.rsplit(".", 1)[0], ""), name)):
        package, short = full.rsplit(".", 1)
        if package not in PACKAGES or full in SPECIAL or short.endswith("List"):
            continue
        name = f"{PACKAGES[package]}.{short}"
        group, version = PACKAGES[package].split("/")
        schema = schemas.get("io.k8s." + ("apimachinery.pkg.apis.meta" if group == "meta" else f"api.{group}")
                             + f".{version}.{short}", {})
        fields, is_kind = [], False
        for go_name, text, embedded, shape in types[full]:
            names, numbers = tag(text, "json").split(","), tag(text, "protobuf").split(",")
            number = int(numbers[1]) if len(numbers) > 1 else 0
            if embedded and shape == "o:meta/v1.TypeMeta":
                is_kind = True
                continue
            if number == 0 and not names[0]:
                continue
            flags = ("R" if names[0] in schema.get("required", []) else "") + \
                ("" if "omitempty" in names or "omitzero" in names else "A") + ("P" if shape[0] == "*" else "")
            fields.append([names[0], shape.lstrip("*"), str(number), flags,
                           *attributes(schema.get("properties", {}).get(names[0], {}),
                                       tag(text, "patchStrategy"), tag(text, "patchMergeKey"))])
        kind = f"{GROUPS.get(group, group)}/{version}/{short}" if is_kind and group != "meta" else ""
        known[name] = (short, kind, schema.get("x-kubernetes-map-type", ""), fields)
    for name, (short, kind, map_type, fields) in known.items():
        lines.append(["T", name, short, kind] + ([f"mapType={map_type}"] if map_type else []))
        if kind:
            lines.append(["F", "kind", "s", "0", ""])
            lines.append(["F", "apiVersion", "s", "0", ""])
        lines += [["F", *field] for field in fields]
    return lines


def attributes(schema, strategy, key):
    result = []
    if "x-kubernetes-list-type" in schema:
        result.append("listType=" + schema["x-kubernetes-list-type"])
    if "x-kubernetes-list-map-keys" in schema:
        result.append("keys=" + "|".join(schema["x-kubernetes-list-map-keys"]))
    if "x-kubernetes-map-type" in schema:
        result.append("mapType=" + schema["x-kubernetes-map-type"])
    if strategy:
        result.append("patch=" + strategy)
    if key:
        result.append("patchKey=" + key)
    return result


def from_schemas(schemas):
    """The types of CustomResourceDefinitions: kubectl does not have them, so they have no protobuf numbers."""
    lines = []

    def shape(schema):
        if "$ref" in schema:
            short = schema["$ref"].rsplit(".", 1)[-1]
            if short in ("JSON", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrArray", "JSONSchemaPropsOrStringArray",
                         "CustomResourceSubresourceStatus"):
                return "v"
            if short == "Time":
                return "t"
            return f"o:{'meta' if '.meta.' in schema['$ref'] else 'apiextensions'}/v1.{short}"
        kind = schema.get("type")
        kind = next(name for name in kind if name != "null") if isinstance(kind, list) else kind
        if kind == "array":
            return "a:" + shape(schema["items"])
        if kind == "object":
            return "m:" + shape(schema["additionalProperties"]) if "additionalProperties" in schema else "v"
        form = schema.get("format")
        return {"string": "y" if form == "byte" else "s", "boolean": "b", "number": "n",
                "integer": "i" if form == "int32" else "l"}.get(kind, "v")

    for full in sorted(name for name in schemas if name.startswith(EXTENSIONS)):
        short, schema = full[len(EXTENSIONS):], schemas[full]
        if "properties" not in schema or short.endswith("List"):
            continue
        kind = f"apiextensions.k8s.io/v1/{short}" if "x-kubernetes-group-version-kind" in schema else ""
        lines.append(["T", f"apiextensions/v1.{short}", short, kind])
        for name, value in sorted(schema["properties"].items()):
            flags = "RA" if name in schema.get("required", []) else ""
            lines.append(["F", name, shape(value), "0", flags, *attributes(
                value, value.get("x-kubernetes-patch-strategy", ""), value.get("x-kubernetes-patch-merge-key", ""))])
    return lines


def main():
    import importlib.util

    folder = pathlib.Path(importlib.util.find_spec("kubernetes_validate").origin).parent / "kubernetes-json-schema"
    schemas = json.loads((folder / f"v{sys.argv[2]}-local" / "_definitions.json").read_text())["$defs"]
    lines, owner = from_binary(sys.argv[1], schemas) + from_schemas(schemas), ""
    for line in lines:
        # The only keys of list elements that have defaults; the schemas of the package lack them.
        if line[:2] == ["F", "protocol"] and owner in ("ContainerPort", "ServicePort"):
            line.append("default=TCP")
        owner = line[2] if line[0] == "T" else owner
    names = {line[1] for line in lines if line[0] == "T"}
    for line in lines:
        for missing in re.findall(r"o:(\S+)", line[2] if line[0] == "F" else ""):
            if missing not in names:
                sys.exit(f"no type {missing}")
    for line in lines:
        print("\t".join(line).rstrip("\t"))


if __name__ == "__main__":
    main()
