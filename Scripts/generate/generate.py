#!/usr/bin/env python3
"""Generates the API types, their codecs, the field vocabulary, the schema tables and the hash dump.

Reads kubernetes-schema.json (see trim_schema.py), go-types.json (order and Go types of what a pod template
holds), kubernetes_docs.py (what the fields people write most mean) and grove_types.py. Writes Sources/*/Generated/*.swift. With --check it only says whether the files on
disk are what it would write.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
import grove_types  # noqa: E402
import kubernetes_docs  # noqa: E402

KEYWORDS = {"operator", "protocol", "default", "where", "self", "in", "is", "as", "extension", "import", "case"}
RENAMED = {"io.k8s.api.core.v1.ResourceClaim": "ContainerResourceClaim"}
SCALARS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intorstring",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "microtime",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "value",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "value",
}
SWIFT = {
    "string": "String", "bytes": "String", "int32": "Int32", "int64": "Int64", "bool": "Bool", "double": "Double",
    "quantity": "Quantity", "intorstring": "IntOrString", "time": "Timestamp", "microtime": "MicroTime",
    "duration": "Duration", "value": "Value",
}
WORDS = {
    "string": "a string", "bytes": "bytes in base64", "int32": "an integer", "int64": "an integer",
    "bool": "a boolean", "double": "a number", "quantity": "a quantity", "intorstring": "an integer or a string",
    "time": "a time", "microtime": "a time with microseconds", "duration": "a duration", "value": "anything",
}
SCHEMA_CODE = {
    "string": "s", "bytes": "y", "int32": "i", "int64": "l", "bool": "b", "double": "n", "quantity": "q",
    "intorstring": "x", "time": "t", "microtime": "u", "duration": "d", "value": "v",
}
SIZE = {
    "string": 16, "bytes": 16, "int32": 4, "int64": 8, "bool": 1, "double": 8, "quantity": 24, "intorstring": 17,
    "time": 12, "microtime": 12, "duration": 8, "value": 16,
}
GO = {
    "string": "string", "bytes": "[]uint8", "int32": "int32", "int64": "int64", "bool": "bool",
    "double": "float64", "quantity": "resource.Quantity", "intorstring": "intstr.IntOrString", "time": "v1.Time",
    "microtime": "v1.MicroTime", "duration": "v1.Duration", "value": "runtime.RawExtension",
}
# Go has pointers to strings here, so that an explicit "" differs from none; the schema cannot tell.
POINTERS = {
    ("ServiceSpec", "ipFamilyPolicy"), ("ServiceSpec", "internalTrafficPolicy"),
    ("ServiceSpec", "loadBalancerClass"), ("ServiceSpec", "trafficDistribution"),
    ("DeviceConstraint", "matchAttribute"), ("DeviceConstraint", "distinctAttribute"),
    ("PriorityClass", "preemptionPolicy"), ("PodResourceClaimStatus", "resourceClaimName"),
}
# Plain in Go (0 and false are absent) although the schema alone would suggest a pointer.
PLAIN = {
    ("ServiceSpec", "publishNotReadyAddresses"), ("PriorityClass", "globalDefault"), ("NodeSpec", "unschedulable"),
    ("ObjectMeta", "generation"), ("Condition", "observedGeneration"), ("ServicePort", "nodePort"),
    ("ServiceSpec", "healthCheckNodePort"), ("Event", "count"), ("EventSeries", "count"),
    ("ExactDeviceRequest", "count"), ("DeviceSubRequest", "count"), ("HorizontalPodAutoscalerStatus", "currentReplicas"),
    ("ContainerStateTerminated", "signal"), ("PodStatus", "observedGeneration"), ("PodCondition", "observedGeneration"),
}
# Defaults that the CRD schema of a pod template carries (A-445).
DEFAULTS = {
    ("ContainerPort", "protocol"): "TCP", ("GRPCAction", "service"): "",
    ("LocalObjectReference", "name"): "", ("ConfigMapEnvSource", "name"): "", ("SecretEnvSource", "name"): "",
    ("ConfigMapKeySelector", "name"): "", ("SecretKeySelector", "name"): "",
    ("ConfigMapProjection", "name"): "", ("SecretProjection", "name"): "",
    ("ConfigMapVolumeSource", "name"): "", ("FileKeySelector", "optional"): False,
    ("AzureDiskVolumeSource", "fsType"): "ext4", ("AzureDiskVolumeSource", "readOnly"): False,
    ("ISCSIVolumeSource", "iscsiInterface"): "default", ("RBDVolumeSource", "keyring"): "/etc/ceph/keyring",
    ("RBDVolumeSource", "pool"): "rbd", ("RBDVolumeSource", "user"): "admin",
    ("ScaleIOVolumeSource", "fsType"): "xfs", ("ScaleIOVolumeSource", "storageMode"): "ThinProvisioned",
    ("DeviceToleration", "operator"): "Equal",
}

# What the CRD schemas demand of conditions (section 4 of the admission rules).
CONSTRAINTS = {
    ("Condition", "type"): {
        "maxLength": 316,
        "pattern": r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                   r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"},
    ("Condition", "status"): {"enum": ["True", "False", "Unknown"]},
    ("Condition", "reason"): {
        "minLength": 1, "maxLength": 1024, "pattern": r"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},
    ("Condition", "message"): {"maxLength": 32768},
    ("Condition", "observedGeneration"): {"minimum": 0},
}
# Go writes these even when they are empty, although the schema calls them optional.
SCHEMA_ALWAYS = {
    ("DeviceClaim", "requests"), ("ProjectedVolumeSource", "sources"), ("GRPCAction", "service"),
    ("TypedLocalObjectReference", "apiGroup"), ("TypedObjectReference", "apiGroup"),
}
# Go leaves these out when they are empty, although the schema requires them.
SCHEMA_OMITTED = {
    ("PodCertificateProjection", "signerName"), ("PodCertificateProjection", "keyType"),
    ("ContainerRestartRule", "action"), ("ContainerRestartRuleOnExitCodes", "operator"),
}
# These embed a LocalObjectReference, and in a CustomResourceDefinition the marker of what is embedded
# (structType=atomic) holds for the whole.
EMBEDDING = {"ConfigMapEnvSource", "SecretEnvSource", "ConfigMapProjection", "SecretProjection", "ConfigMapVolumeSource"}

# Plain structs in Go: always written, as {} when empty. The Swift types have optionals here.
SCHEMA_STRUCTS = {("ResourceClaimSpec", "devices"), ("AllocationResult", "devices")}
# Go leaves these out when they are zero although they are structs.
SCHEMA_OMITZERO = {("ObjectMeta", "creationTimestamp")}
# Go's order of fields where go-types.json has none; fields that are not named follow in byte order.
GO_ORDER = {
    "MetricSpec": ["type", "object", "pods", "resource", "containerResource", "external"],
    "ObjectMetricSource": ["describedObject", "target", "metric"],
    "PodsMetricSource": ["metric", "target"],
    "ResourceMetricSource": ["name", "target"],
    "ContainerResourceMetricSource": ["name", "target", "container"],
    "ExternalMetricSource": ["metric", "target"],
    "MetricIdentifier": ["name", "selector"],
    "MetricTarget": ["type", "value", "averageValue", "averageUtilization"],
    "CrossVersionObjectReference": ["kind", "name", "apiVersion"],
    "HorizontalPodAutoscalerSpec": ["scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior"],
    "ResourceClaimTemplateSpec": ["metadata", "spec"],
    "DeviceClaim": ["requests", "constraints", "config"],
    "DeviceRequest": ["name", "exactly", "firstAvailable"],
    "ExactDeviceRequest": [
        "deviceClassName", "selectors", "allocationMode", "count", "adminAccess", "tolerations", "capacity"],
    "DeviceSubRequest": [
        "name", "deviceClassName", "selectors", "allocationMode", "count", "tolerations", "capacity"],
    "DeviceConstraint": ["requests", "matchAttribute", "distinctAttribute"],
    "DeviceClaimConfiguration": ["requests", "opaque"],
    "OpaqueDeviceConfiguration": ["driver", "parameters"],
    "DeviceToleration": ["key", "operator", "value", "effect", "tolerationSeconds"],
    "Condition": ["type", "status", "observedGeneration", "lastTransitionTime", "reason", "message"],
}


class Field:
    def __init__(self, json_name, shape, always=False, pointer=False, required=False, constraints=None, doc=None,
                 go_name=None, go_type=None, group=None):
        self.json, self.shape, self.always, self.pointer = json_name, shape, always, pointer
        self.required, self.constraints, self.doc = required, constraints or {}, doc
        self.go_name, self.go_type, self.group = go_name, go_type, group
        # Plain in Go, but its absence means the schema's default, which is not the zero value.
        self.absent = False

    @property
    def swift(self):
        return f"`{self.json}`" if self.json in KEYWORDS else self.json


class Type:
    def __init__(self, name, fields, doc, gvk=None, go=None, validations=(), group="", atomic=False):
        self.name, self.fields, self.doc, self.gvk, self.atomic = name, fields, doc, gvk, atomic
        self.go, self.validations, self.group = go or name, validations, group


# MARK: Reading

def load_kubernetes():
    source = json.loads((HERE / "kubernetes-schema.json").read_text())["definitions"]
    go = {(entry["pkg"], entry["type"].split(".")[-1]): entry["fields"]
          for entry in json.loads((HERE / "go-types.json").read_text())["types"]}

    def swift_name(name):
        return RENAMED.get(name, name.rsplit(".", 1)[-1])

    def shape_of(schema):
        if "$ref" in schema:
            ref = schema["$ref"]
            return SCALARS[ref] if ref in SCALARS else swift_name(ref)
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "array":
            return "[" + shape_of(schema["items"]) + "]"
        if kind == "object":
            return "{" + shape_of(schema["additionalProperties"]) + "}" if "additionalProperties" in schema else "value"
        form = schema.get("format")
        return {"string": "bytes" if form == "byte" else "string", "boolean": "bool", "number": "double",
                "integer": "int64" if form == "int64" else "int32"}.get(kind, "value")

    types = {}
    for name, entry in source.items():
        if name in SCALARS:
            continue
        package = name.replace("io.k8s.api.", "k8s.io/api/").replace(
            "io.k8s.apimachinery.pkg.apis.", "k8s.io/apimachinery/pkg/apis/")
        package = package.rsplit(".", 1)[0].replace(".", "/").replace("k8s/io", "k8s.io")
        short = name.rsplit(".", 1)[-1]
        flat = {}

        def flatten(fields, group):
            for go_name, go_type, go_kind, key, embedding in fields:
                if embedding == "inline" and key == "":
                    flatten(go[(package, go_type.split(".")[-1])], (group or ()) + ((go_name, go_type),))
                else:
                    flat[key] = (go_name, go_type, go_kind, group)

        if (package, short) in go:
            flatten(go[(package, short)], None)
        fields = []
        properties = entry["properties"]
        order = [key for key in flat if key in properties] + [key for key in properties if key not in flat]
        for key in order:
            schema = properties[key]
            shape = shape_of(schema)
            required = key in entry["required"]
            go_name, go_type, go_kind, group = flat.get(key, (None, None, None, None))
            scalar = shape in SWIFT
            if go_kind:
                pointer = go_kind == "ptr"
            elif shape in ("int32", "int64", "bool", "double", "quantity", "intorstring"):
                pointer = not required and (swift_name(name), key) not in PLAIN
            elif shape in ("time", "microtime"):
                pointer = not required
            elif shape in ("string", "bytes"):
                pointer = (swift_name(name), key) in POINTERS
            elif shape == "value":
                pointer = True
            else:
                pointer = not scalar and shape[0] not in "[{" and not required and key not in ("metadata", "spec", "status")
            if shape in ("time", "microtime") and not required:
                pointer = True
            constraints = {}
            if "x-kubernetes-list-type" in schema:
                constraints["listType"] = schema["x-kubernetes-list-type"]
            if "x-kubernetes-list-map-keys" in schema:
                constraints["listMapKeys"] = schema["x-kubernetes-list-map-keys"]
            if "x-kubernetes-map-type" in schema:
                constraints["mapType"] = schema["x-kubernetes-map-type"]
            if (swift_name(name), key) in DEFAULTS:
                constraints["default"] = DEFAULTS[(swift_name(name), key)]
            constraints.update(CONSTRAINTS.get((swift_name(name), key), {}))
            fields.append(Field(key, shape, always=required, pointer=pointer, required=required,
                                constraints=constraints, go_name=go_name, go_type=go_type, group=group,
                                doc=kubernetes_docs.FIELDS.get((swift_name(name), key))))
        gvk = entry.get("gvk")
        group = name.replace("io.k8s.api.", "").replace("io.k8s.apimachinery.pkg.apis.", "").rsplit(".", 1)[0]
        group = group.replace(".", "/")
        types[swift_name(name)] = Type(
            swift_name(name), fields, f"`{short}` of Kubernetes {group}.",
            gvk=(gvk["group"], gvk["version"], gvk["kind"]) if gvk else None, go=short, group=group,
            atomic=entry.get("x-kubernetes-map-type") == "atomic" or swift_name(name) in EMBEDDING)
    documented = {(name, field.json) for name, type_ in types.items() for field in type_.fields}
    unknown = sorted(key for key in kubernetes_docs.FIELDS if key not in documented)
    if unknown:
        sys.exit(f"kubernetes_docs.py documents fields that do not exist: {unknown}")
    return types


def load_grove():
    types = {}
    for name, entry in grove_types.TYPES.items():
        fields = []
        for json_name, shape, flags, doc, *rest in entry["fields"]:
            constraints = dict(rest[0]) if rest else {}
            fields.append(Field(json_name, shape, always="A" in flags, pointer="P" in flags,
                                required="R" in flags, constraints=constraints, doc=doc))
            fields[-1].absent = "D" in flags
        types[name] = Type(name, fields, entry["doc"], gvk=entry["gvk"], go=entry["go"],
                           validations=entry["validations"], group="grove")
    return types


# MARK: Layout

def swift_type(shape):
    if shape[0] == "[":
        return f"[{swift_type(shape[1:-1])}]"
    if shape[0] == "{":
        return f"StringMap<{swift_type(shape[1:-1])}>"
    return SWIFT.get(shape, shape)


def align(offset, size):
    step = 8 if size >= 8 else 4 if size >= 4 else 1
    return (offset + step - 1) // step * step


def size_of(types, field, seen=()):
    shape = field.shape
    if shape[0] in "[{":
        return 8
    if shape in grove_types.STRING_ENUMS:
        return 16
    if shape in SIZE:
        size = SIZE[shape]
        return size + 1 if field.pointer and shape in ("int32", "int64", "double", "duration") else size
    if boxing(types, field):
        return 8
    return struct_size(types, shape, seen)


def struct_size(types, name, seen=()):
    if name in seen:
        return 8
    offset = 0
    for field in types[name].fields:
        if field.json in ("apiVersion", "kind") and types[name].gvk:
            continue
        size = size_of(types, field, seen + (name,))
        offset = align(offset, size) + size
    return align(offset, 8) + 8


def boxing(types, field):
    """How a sub-object is kept: None inline, Boxed when optional, Indirect when always there."""
    shape = field.shape
    if shape[0] in "[{" or shape in SWIFT or shape in grove_types.STRING_ENUMS or shape not in types:
        return None
    if shape == "ObjectMeta":
        return None
    if struct_size(types, shape) <= 64:
        return None
    return "Boxed" if field.pointer else "Indirect"


# MARK: Writing

HEADER = "// swift-format-ignore-file\n// Generated by Scripts/generate/generate.py. Do not edit.\n"


def describe(field):
    shape = field.shape
    if shape[0] == "[":
        inner = shape[1:-1]
        return "a list of " + {"string": "strings", "int32": "integers", "int64": "integers"}.get(inner, f"``{swift_type(inner)}``")
    if shape[0] == "{":
        inner = shape[1:-1]
        return "a map of " + {"string": "strings", "bytes": "bytes in base64", "quantity": "quantities"}.get(inner, f"``{swift_type(inner)}``")
    return WORDS.get(shape, f"a ``{shape}``")


def is_object(type_):
    return type_.gvk is not None


def stored_fields(type_):
    return [f for f in type_.fields if not (is_object(type_) and f.json in ("apiVersion", "kind"))]


def declared_type(field):
    base = swift_type(field.shape)
    if (field.pointer or field.absent) and field.shape[0] not in "[{":
        return base + "?"
    return base


def zero(types, field):
    if (field.pointer or field.absent) and field.shape[0] not in "[{":
        return "nil"
    shape = field.shape
    if shape[0] == "[":
        return "[]"
    if shape[0] == "{":
        return "[:]"
    return {"string": '""', "bytes": '""', "int32": "0", "int64": "0", "bool": "false", "double": "0",
            "quantity": "0"}.get(shape, f"{swift_type(shape)}()")


def writes_always(types, type_, field):
    """Whether a field is written even when zero: Go does so, or the API server has filled in a zero as default."""
    if type_.group == "grove" and field.constraints.get("default") == 0:
        return True
    return field.always and (type_.group == "grove" or not (is_object(type_) and field.shape in types))


def emit_type(types, type_, symbols, out):
    fields = stored_fields(type_)
    conformance = "KubernetesObject" if is_object(type_) else "TapeCodable"
    out.append(f"/// {type_.doc}")
    out.append(f"public struct {type_.name}: {conformance} {{")
    if is_object(type_):
        group, version, kind = type_.gvk
        api = f"{group}/{version}" if group else version
        out.append(f"  /// `{api}`.\n  public static let apiVersion = \"{api}\"")
        out.append(f"  /// `{kind}`.\n  public static let kind = \"{kind}\"")
    for field in fields:
        doc = field.doc or f"The `{field.json}` field: {describe(field)}."
        out.append(f"  /// {doc}")
        box = boxing(types, field)
        attribute = f"@{box} " if box else ""
        out.append(f"  {attribute}public var {field.swift}: {declared_type(field)} = {zero(types, field)}")
    out.append("  /// Unknown fields, and what was written out although empty.")
    out.append("  public var preserved = Preserved()")
    out.append("")
    out.append("  /// The zero value.")
    out.append("  public init() {}")
    if fields:
        out.append("")
        out.append("  /// A value with the given fields.")
        out.append("  public init(")
        out.append(",\n".join(f"    {f.swift}: {declared_type(f)} = {zero(types, f)}" for f in fields))
        out.append("  ) {")
        for field in fields:
            out.append(f"    self.{field.json} = {field.swift}")
        out.append("  }")
    # Decoding.
    out.append("")
    out.append("  /// Reads the value.")
    out.append("  public init(from node: Int, in decoder: inout TapeDecoder) {")
    out.append("    guard var cursor = decoder.object(node) else { return }")
    out.append("    while let field = decoder.next(&cursor) {")
    out.append("      switch field.symbol {")
    if is_object(type_):
        out.append(f"      case {symbols['apiVersion']}, {symbols['kind']}: break  // apiVersion, kind")
    for field in fields:
        shape = field.shape
        if shape[0] in "[{":
            call = "decoder.collection(field, &preserved)"
        elif field.pointer or field.absent:
            call = "decoder.optional(field, &preserved)"
        elif shape in types:
            call = "decoder.collection(field, &preserved)"
        else:
            call = "decoder.value(field)"
        out.append(f"      case {symbols[field.json]}: {field.swift} = {call}  // {field.json}")
    out.append("      default: decoder.unknown(field, &preserved)")
    out.append("      }")
    out.append("    }")
    out.append("  }")
    # Encoding.
    out.append("")
    out.append("  /// Writes the value, members in byte order of their names.")
    out.append("  public func encode(to encoder: inout TapeEncoder) {")
    out.append("    encoder.beginObject()")
    lines = []
    if is_object(type_):
        group, version, kind = type_.gvk
        api = f"{group}/{version}" if group else version
        lines.append(("apiVersion", f"    encoder.constant(.init({symbols['apiVersion']}), \"{api}\")"))
        lines.append(("kind", f"    encoder.constant(.init({symbols['kind']}), \"{kind}\")"))
    for field in fields:
        symbol = f".init({symbols[field.json]})"
        shape = field.shape
        if (field.pointer or field.absent) and shape[0] not in "[{":
            line = f"    encoder.optional({symbol}, {field.swift}, preserved)"
        elif writes_always(types, type_, field):
            if shape[0] in "[{":
                line = f"    encoder.alwaysCollection({symbol}, {field.swift}, preserved)"
            else:
                line = f"    encoder.always({symbol}, {field.swift})"
        elif shape[0] in "[{" or shape in types:
            line = f"    encoder.collection({symbol}, {field.swift}, preserved)"
        else:
            line = f"    encoder.unlessZero({symbol}, {field.swift})"
        lines.append((field.json, line))
    for name, line in sorted(lines, key=lambda entry: entry[0].encode()):
        out.append(f"{line}  // {name}")
    out.append("    encoder.endObject(preserved)")
    out.append("  }")
    out.append("}")
    out.append("")


def emit_enum(name, out):
    doc, cases = grove_types.STRING_ENUMS[name]
    out.append(f"/// {doc}")
    out.append("///")
    out.append("/// An unknown value is kept, so that validation can name it.")
    out.append(f"public struct {name}: RawRepresentable, Sendable, Hashable, TapeCodable {{")
    out.append("  /// The text in the API.")
    out.append("  public var rawValue: String")
    out.append("")
    out.append("  /// No value.")
    out.append("  public init() { rawValue = \"\" }")
    out.append("")
    out.append("  /// Wraps a text.")
    out.append("  public init(rawValue: String) { self.rawValue = rawValue }")
    out.append("")
    for case, raw, case_doc in cases:
        out.append(f"  /// {case_doc}")
        out.append(f"  public static let {case} = {name}(rawValue: \"{raw}\")")
    out.append("  /// All known values, in the order of the schema.")
    out.append(f"  public static let all = [{', '.join(case for case, _, _ in cases)}]")
    out.append("")
    out.append("  /// Reads the text.")
    out.append("  public init(from node: Int, in decoder: inout TapeDecoder) {")
    out.append("    rawValue = String(from: node, in: &decoder)")
    out.append("  }")
    out.append("")
    out.append("  /// Writes the text.")
    out.append("  public func encode(to encoder: inout TapeEncoder) { rawValue.encode(to: &encoder) }")
    out.append("")
    out.append("  /// Whether there is no text.")
    out.append("  public var isZero: Bool { rawValue.isEmpty }")
    out.append("}")
    out.append("")


def schema_code(shape):
    if shape[0] == "[":
        return "a:" + schema_code(shape[1:-1])
    if shape[0] == "{":
        return "m:" + schema_code(shape[1:-1])
    if shape in grove_types.STRING_ENUMS:
        return "s"
    return SCHEMA_CODE.get(shape, "o:" + shape)


def go_type(types, field, flags):
    if field.go_type:
        return field.go_type
    def name(shape):
        if shape[0] == "[":
            return "[]" + name(shape[1:-1])
        if shape[0] == "{":
            return "map[string]" + name(shape[1:-1])
        if shape in grove_types.STRING_ENUMS:
            return "v1alpha1." + shape
        if shape in GO:
            return GO[shape]
        group = types[shape].group
        package = {"grove": "v1alpha1", "autoscaling/v2": "v2"}.get(group, "v1")
        return package + "." + types[shape].go
    base = name(field.shape)
    return "*" + base if "P" in flags and field.shape[0] not in "[{" else base


def schema_order(type_):
    """The fields in Go's order, as far as it is known; objects begin with kind and apiVersion."""
    order = GO_ORDER.get(type_.name)
    if is_object(type_):
        order = ["kind", "apiVersion", "metadata", "spec", "status"]
    if not order:
        return type_.fields
    position = {name: index for index, name in enumerate(order)}
    return sorted(type_.fields, key=lambda field: position.get(field.json, len(order)))


def schema_flags(type_, field):
    key = (type_.name, field.json)
    always = (field.always or key in SCHEMA_ALWAYS) and key not in SCHEMA_OMITTED
    pointer = field.pointer and key not in SCHEMA_STRUCTS
    return ("R" if field.required else "") + ("A" if always else "") + ("P" if pointer else "") + (
        "Z" if key in SCHEMA_OMITZERO else "")


def schema_text(types, names):
    """Lines of columns: T type, X rule, F field; see SchemaTable."""
    lines = []
    for name in names:
        type_ = types[name]
        gvk = "/".join(type_.gvk) if type_.gvk else ""
        columns = ["T", name, type_.go, gvk, type_.doc if type_.group == "grove" else ""]
        lines.append("\t".join(columns + (["mapType=atomic"] if type_.atomic else [])))
        for rule, message, reason, path, creation in type_.validations:
            lines.append("\t".join(["X", rule, message, reason or "", path or "", "create" if creation else ""]))
        for field in schema_order(type_):
            flags = schema_flags(type_, field)
            parts = ["F", field.json, schema_code(field.shape), flags, go_type(types, field, flags)]
            for key in sorted(field.constraints):
                value = field.constraints[key]
                if key == "default":
                    value = json.dumps(value)
                elif isinstance(value, list):
                    value = "|".join(value)
                parts.append(f"{key}={value}")
            if field.doc:
                parts.append(f"doc={field.doc}")
            lines.append("\t".join(parts))
    return "\n".join(lines) + "\n"


def string_literal(name, doc, text, access="static let"):
    body = text.replace("\\", "\\\\").replace('"""', '\\"""')
    return f'  /// {doc}\n  {access} {name}: StaticString = """\n' + "".join(
        f"    {line}\n" if line else "\n" for line in body.split("\n")) + '    """\n'


# MARK: The dump for the hash

def emit_dump(types, out):
    """One function for each type that a PodTemplateSpec can hold: go-spew's text of it (R-105, R-106)."""
    go = {(e["pkg"], e["type"].split(".")[-1]): e["fields"]
          for e in json.loads((HERE / "go-types.json").read_text())["types"]}
    core = "k8s.io/api/core/v1"
    meta = "k8s.io/apimachinery/pkg/apis/meta/v1"
    done, queue = set(), [(core, "PodSpec")]

    def package_of(go_name):
        for package in (core, meta):
            if (package, go_name) in go:
                return package
        raise KeyError(go_name)

    def swift_of(go_name):
        return "ContainerResourceClaim" if go_name == "ResourceClaim" else go_name

    def quote(text):
        return text.replace("\\", "\\\\").replace('"', '\\"')

    while queue:
        package, short = queue.pop(0)
        if (package, short) in done:
            continue
        done.add((package, short))
        swift = swift_of(short)
        known = {f.json: f for f in types[swift].fields}
        pending = "{"
        body = []

        def text(chunk):
            nonlocal pending
            pending += chunk

        def flush():
            nonlocal pending
            if pending:
                body.append(f'    write("{quote(pending)}")')
                pending = ""

        def field_text(fields):
            first = True
            for go_name, type_name, kind, key, embedding in fields:
                text(("" if first else " ") + go_name + ":")
                first = False
                if embedding == "inline":
                    text(f"({type_name})" + "{")
                    field_text(go[(package, type_name.split(".")[-1])])
                    text("}")
                    continue
                text(f"({type_name})")
                access = f"value.{'`' + key + '`' if key in KEYWORDS else key}"
                base = type_name.lstrip("*")
                shape = known[key].shape
                if kind == "ptr":
                    flush()
                    body.append(f"    optional({access})")
                    enqueue(base)
                elif kind == "slice":
                    flush()
                    mark = f"value.preserved.isMarkedEmpty(.init({SYMBOLS[key]}))"
                    body.append(f"    list({access}, {mark})")
                    enqueue(base[2:])
                elif kind == "map":
                    flush()
                    mark = f"value.preserved.isMarkedEmpty(.init({SYMBOLS[key]}))"
                    body.append(f"    map({access}, {mark})")
                else:
                    flush()
                    body.append(f"    dump({access})")
                    enqueue(base)

        def enqueue(name):
            short_name = name.split(".")[-1]
            if short_name in ("Quantity", "IntOrString", "Time"):
                return
            for candidate in (core, meta):
                if (candidate, short_name) in go and swift_of(short_name) in types:
                    queue.append((candidate, short_name))
                    return

        field_text(go[(package, short)])
        text("}")
        flush()
        out.append(f"extension {swift}: GoDumpable {{")
        out.append("  func dump(to dump: inout GoDump) { dump.dump(self) }")
        out.append("}")
        out.append("")
        out.append("extension GoDump {")
        out.append(f"  mutating func dump(_ value: {swift}) {{")
        out.extend(body)
        out.append("  }")
        out.append("}")
        out.append("")


# MARK: Main

def chunked(types, names):
    files = {}
    for name in names:
        type_ = types[name]
        if type_.group == "core/v1":
            family = next((prefix for prefix in ("Pod", "Container", "Node", "Service", "Volume")
                           if name.startswith(prefix)), "A-M" if name < "N" else "N-Z")
            key = f"Core+{family}"
        elif type_.group == "grove":
            family = next((prefix for prefix in ("PodCliqueScalingGroup", "PodCliqueSet", "PodClique", "PodGang",
                                                 "ClusterTopology", "KAI", "Volcano", "ComputeDomain")
                           if name.startswith(prefix)), "Shared")
            key = family
        else:
            key = "".join(part[:1].upper() + part[1:] for part in type_.group.replace("/", " ").split())
        files.setdefault(key, []).append(name)
    return files


def main():
    global SYMBOLS
    kubernetes, grove = load_kubernetes(), load_grove()
    types = {**kubernetes, **grove}
    names = sorted({f.json for t in types.values() for f in t.fields}, key=lambda n: n.encode())
    SYMBOLS = {name: index + 1 for index, name in enumerate(names)}
    outputs = {}

    base = "Sources/KubernetesModel/Generated"
    text = "".join(name + "\n" for name in names)
    outputs[f"{base}/FieldVocabulary.swift"] = HEADER + (
        "\n/// The vocabulary of field names, in byte order; a name's number is its line, from 1.\n"
        "enum GeneratedFieldNames {\n"
        f"  /// How many names there are.\n  static let count = {len(names)}\n"
        + string_literal("joined", "The names, each followed by a line feed.", text) + "}\n")
    for key, members in chunked(kubernetes, sorted(kubernetes)).items():
        out = [HEADER]
        for name in members:
            emit_type(types, types[name], SYMBOLS, out)
        outputs[f"{base}/{key}.swift"] = "\n".join(out).rstrip("\n") + "\n"
    outputs["Sources/KubernetesSchema/Generated/KubernetesSchema.swift"] = (
        HEADER + "\n/// The schema table of the Kubernetes types, as ``SchemaTable`` reads it.\n"
        "enum GeneratedKubernetesSchema {\n"
        + string_literal("text", "One line for each type and field.", schema_text(types, sorted(kubernetes))) + "}\n")

    base = "Sources/GroveModel/Generated"
    marked = ["annotations", "cliques", "containers", "labels", "metadata", "requests", "resources",
              "topologySpreadConstraints"]
    outputs[f"{base}/FieldSymbols.swift"] = HEADER + "\npackage import KubernetesModel\n" + (
        "\n/// Numbers of the fields whose explicit emptiness hand-written code looks at or sets.\n"
        "package enum FieldSymbols {\n" + "".join(
            f"  package static let {name} = FieldSymbol({SYMBOLS[name]})\n" for name in marked) + "}\n")
    for key, members in chunked(grove, list(grove)).items():
        out = [HEADER, "public import KubernetesModel\n"]
        for name in members:
            emit_type(types, types[name], SYMBOLS, out)
        outputs[f"{base}/{key}.swift"] = "\n".join(out).rstrip("\n") + "\n"
    out = [HEADER, "public import KubernetesModel\n"]
    for name in grove_types.STRING_ENUMS:
        emit_enum(name, out)
    outputs[f"{base}/StringEnums.swift"] = "\n".join(out).rstrip("\n") + "\n"
    outputs["Sources/GroveAdmission/Generated/GroveSchema.swift"] = (
        HEADER + "\n/// The schema table of Grove's types and those of its backends, as `SchemaTable` reads it.\n"
        "enum GeneratedGroveSchema {\n"
        + string_literal("text", "One line for each type and field.", schema_text(types, list(grove))) + "}\n")
    out = [HEADER, "internal import KubernetesModel\n"]
    emit_dump(types, out)
    outputs[f"{base}/PodTemplateDump.swift"] = "\n".join(out).rstrip("\n") + "\n"

    outputs["Sources/KubernetesServer/Generated/BuiltInTypeText.swift"] = (
        HEADER + "\n/// The types of Kubernetes' built-in kinds, as ``TypeCatalog`` reads them; see trim_builtin.py.\n"
        "enum GeneratedBuiltInTypes {\n" + string_literal(
            "text", "One line for each type and field.",
            (HERE / "builtin-types.tsv").read_text().rstrip("\n")) + "}\n")

    stale = []
    for path, content in outputs.items():
        target = ROOT / path
        if not target.exists() or target.read_text() != content:
            stale.append(path)
            if "--check" not in sys.argv:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content)
    for folder in sorted({path.rpartition("/")[0] for path in outputs}):
        for extra in sorted((ROOT / folder).glob("*.swift")):
            relative = str(extra.relative_to(ROOT))
            if relative not in outputs:
                stale.append(relative)
                if "--check" not in sys.argv:
                    extra.unlink()
    for path in stale:
        print(("differs: " if "--check" in sys.argv else "wrote: ") + path)
    if "--check" in sys.argv and stale:
        sys.exit(1)


main()
