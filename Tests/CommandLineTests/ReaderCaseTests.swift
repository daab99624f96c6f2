import Foundation
import Testing

/// The small inputs of `../shared/cases` that are about reading, defaulting, refusing and explaining (issue 9): each
/// row's command, run in that folder, and what is right.
@Suite(.enabled(if: ReaderCase.arePresent, ReaderCase.absence))
struct ReaderCaseTests {
  @Test(arguments: ReaderCase.all)
  func row(_ row: ReaderCase) throws {
    let result = try Tool.shell("cd '\(ReaderCase.folder.path)' && \(row.command)")
    let text = result.output + result.messages
    #expect(result.status == row.status, "\(row.id): \(text)")
    for part in row.says { #expect(text.contains(part), "\(row.id) does not say \(part): \(text)") }
    for part in row.keepsQuiet { #expect(!text.contains(part), "\(row.id) says \(part): \(text)") }
  }
}

/// A row of a table in `../shared/cases/README.md`.
struct ReaderCase: Sendable, CustomTestStringConvertible {
  static let folder = Tool.root.deletingLastPathComponent().appendingPathComponent("shared/cases")
  static let arePresent = FileManager.default.fileExists(atPath: folder.path)
  static let absence: Comment = "no cases beside the package (../shared/cases)"

  var id: String
  var command: String
  var status: Int32
  var says: [String]
  var keepsQuiet: [String] = []

  var testDescription: String { id }

  private static func validate(
    _ id: String, _ arguments: String, _ status: Int32, _ says: [String], not: [String] = []
  ) -> ReaderCase {
    ReaderCase(
      id: id, command: "grove-demo validate \(arguments)", status: status, says: says, keepsQuiet: not)
  }

  static let all: [ReaderCase] =
    yaml + numbers + nulls + nearMisses + positions + hints + texts + roads + small

  private static let yaml = [
    validate(
      "YE1", "-f yaml-escapes-and-block-ends/question-mark.yaml", 1, ["did not find expected ',' or ']'"]),
    validate(
      "YE2", "-f yaml-escapes-and-block-ends/escaped-slash.yaml", 1, ["found unknown escape character"]),
    ReaderCase(
      id: "YE3",
      command: "grove-demo expand -f yaml-escapes-and-block-ends/escaped-quote.yaml --kind Pod -o json",
      status: 0, says: ["'"]),
    ReaderCase(
      id: "YE4",
      command: "grove-demo expand -f yaml-escapes-and-block-ends/no-final-newline.yaml --kind Pod -o json",
      status: 0, says: [#""exec foo\n""#]),
    validate(
      "YE5", "-f yaml-escapes-and-block-ends/directive.yaml", 1, ["did not find expected <document start>"]),
    validate(
      "YE6", "-f yaml-escapes-and-block-ends/map-question-mark.yaml", 1, ["did not find expected ',' or '}'"]),
    ReaderCase(
      id: "YE9",
      command: "grove-demo expand -f yaml-escapes-and-block-ends/strip-end.yaml --kind Pod -o json",
      status: 0, says: [#""exec foo""#]),
    validate(
      "YE10", "-f yaml-escapes-and-block-ends/slash-in-key.yaml", 1, ["found unknown escape character"]),
    ReaderCase(
      id: "MK1", command: "grove-demo expand -f merge-key-order/after.yaml --totals", status: 0,
      says: ["TOTAL", "kubectl applies it where it stands"]),
    ReaderCase(
      id: "MK2", command: "grove-demo expand -f merge-key-order/labels-after.yaml --kind Pod -o json",
      status: 0, says: ["kubectl applies it where it stands"], keepsQuiet: [#""tier": "own""#]),
    ReaderCase(
      id: "MK3", command: "grove-demo expand -f merge-key-order/before.yaml --kind Pod -o json", status: 0,
      says: [#""tier": "own""#], keepsQuiet: ["warning"]),
    ReaderCase(
      id: "MK6",
      command: "grove-demo schedule -f merge-key-order/resources.yaml --cluster node=1,cpu=4,memory=8Gi",
      status: 1, says: ["does not fit"]),
  ]

  private static let numbers = [
    validate("JN1", "-f json-numbers/integral-float.json", 0, ["is valid"]),
    validate("JN2", "-f json-numbers/beyond-63-bits.json", 1, ["must be of type integer,string: \"number\""]),
    validate("JN4", "-f json-numbers/real-fraction.json", 1, ["expected an integer, found the number 1.5"]),
    validate("JN6", "-f json-numbers/largest.json", 0, ["is valid"]),
  ]

  private static let nulls = [
    ("NF1", "simulate", "topology-constraint"), ("NF2", "simulate", "clique-annotations"),
    ("NF3", "simulate", "env"), ("NF4", "simulate", "command"), ("NF5", "get pods", "group-constraint"),
    ("NF9", "simulate", "starts-after"),
  ].flatMap { id, command, file in
    [
      ReaderCase(
        id: id, command: "grove-demo \(command) -f null-fields/\(file).yaml", status: 0, says: ["Running"]),
      validate("\(id) validate", "-f null-fields/\(file).yaml", 0, ["is valid"]),
    ]
  }

  private static let nearMisses =
    [
      ("NM1", "group", "grove.ai/v1alpha1", "PodCliqueSet"),
      ("NM2", "version", "grove.io/v1", "PodCliqueSet"),
      ("NM3", "letter-case", "grove.io/v1alpha1", "PodCliqueset"),
      ("NM4", "old-kind", "grove.io/v1alpha1", "PodGangSet"), ("NM5", "no-group", "v1alpha1", "PodCliqueSet"),
      ("NM8", "gang-version", "scheduler.grove.io/v1", "PodGang"),
    ].map { id, file, version, kind in
      validate(
        id, "-f near-miss-kinds/\(file).yaml", 1,
        [
          "no matches for kind \"\(kind)\" in version \"\(version)\"",
          id == "NM8"
            ? "did you mean apiVersion: scheduler.grove.io/v1alpha1, kind: PodGang?"
            : "did you mean apiVersion: grove.io/v1alpha1, kind: PodCliqueSet?",
        ])
    } + [
      ReaderCase(
        id: "NM6", command: "printf '' | grove-demo validate -f -", status: 2,
        says: ["error: no objects in -"]),
      validate(
        "NM11", "-f near-miss-kinds/comments.yaml", 2, ["error: no objects in near-miss-kinds/comments.yaml"]),
    ]

  private static let positions = [
    ("PO1", "group-minimum.yaml --old positions/old.yaml", "17:62: ", "[A-388]"),
    ("PO2", "role.yaml --old positions/old.yaml", "12:19: ", "[A-383]"),
    ("PO3", "renamed.yaml --old positions/old.yaml", "10:13: ", "[A-381]"),
    ("PO4", "unknown-clique.yaml", "15:26: ", "[A-089]"), ("PO5", "circle.yaml", "15:23: ", "[A-090]"),
    ("PO6", "same-role.yaml", "11:24: ", "[A-085]"), ("PO8", "member-twice.yaml", "19:24: ", "[A-137]"),
    ("PO11", "same-names.yaml --fail-on warning", "13:18: metadata.name", "[W-B-R38]"),
  ].map { id, arguments, place, rule in
    let file = arguments.prefix { $0 != " " }
    return validate(
      id, "-f positions/\(arguments)", 1, ["positions/\(file):\(place)", rule])
  }

  private static let hints = [
    ("HW1", "trailing-zero", "1.10"), ("HW2", "hexadecimal", "0x1F"), ("HW3", "octal", "012"),
    ("HW4", "exponent", "1e3"), ("HW6", "fraction", ".50"),
  ].map { id, file, text in
    validate(
      id, "-f hints-and-warnings/\(file).yaml", 1,
      ["found the number \(text) ", "quote it: \"\(text)\""])
  }

  private static let texts = [
    validate(
      "XL1", "-f extra-lines-and-texts/binding.yaml", 1, ["spec.levels[0].key: Required value"],
      not: ["some validation rules were not checked"]),
    validate(
      "XL2", "-f extra-lines-and-texts/labels.yaml", 1,
      [
        "a valid label key must consist of", "must be no more than 63 bytes",
        "extra-lines-and-texts/labels.yaml:9:23: ", "extra-lines-and-texts/labels.yaml:9:29: ",
      ]),
  ]

  private static let roads = [
    ReaderCase(
      id: "TD1", command: "grove-demo get pcs -f two-roads-of-defaulting/service.yaml -o yaml", status: 0,
      says: ["publishNotReadyAddresses: true"]),
    ReaderCase(
      id: "TD2", command: "grove-demo get svc -f two-roads-of-defaulting/service.yaml -o yaml", status: 0,
      says: ["publishNotReadyAddresses: true"]),
    ReaderCase(
      id: "TD3", command: "grove-demo expand -f two-roads-of-defaulting/service.yaml --kind Service",
      status: 0, says: ["publishNotReadyAddresses: true"]),
  ]

  private static let small = [
    validate(
      "SM1", "-f small/set.yaml --config small/old-config.yaml", 2,
      ["[W-B-C04]", "did you mean \"topologyAwareScheduling\"?"]),
    validate(
      "SM2", "-f small/set.yaml --old small/other.yaml", 0,
      ["PodCliqueSet st of small/set.yaml is not in small/other.yaml: it is checked as a new object"]),
    validate("SM3", "-f small/more.yaml --old small/set.yaml", 0, ["[W-A-391]", "small/more.yaml:11:19: "]),
    validate("SM5", "-f small/left-out.yaml", 0, ["[W-A-430]"]),
    validate("SM6", "-f small/chart.yaml", 1, ["helm template"]),
    ReaderCase(
      id: "SM7", command: "grove-demo crds --kind PodCliqueSet | grep -c 'x-kubernetes-map-type: atomic'",
      status: 0, says: ["59"]),
    ReaderCase(
      id: "SM12", command: "grove-demo expand -f small/template.yaml", status: 1, says: ["helm template"]),
    validate(
      "SM14", "-f small/set.yaml --old small/other-namespace.yaml", 0,
      ["is not in small/other-namespace.yaml: it is checked as a new object"]),
  ]
}
