// swift-tools-version: 6.2
import PackageDescription

let upcomingFeatures: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The libraries, from the ground up: each may use those before it, never those after it
/// (docs/architecture.md). All are products; none depends on another package.
let libraries: [Target] = [
  .target(name: "KubernetesModel"),
  .target(name: "KubernetesSchema", dependencies: ["KubernetesModel"]),
  // What a Kubernetes API server fills in of built-in objects, and refuses of them.
  .target(name: "KubernetesValidation", dependencies: ["KubernetesModel"]),
  .target(
    name: "KubernetesServer", dependencies: ["KubernetesModel", "KubernetesSchema", "KubernetesValidation"]),
  .target(name: "GroveModel", dependencies: ["KubernetesModel"]),
  .target(
    name: "GroveAdmission",
    dependencies: ["GroveModel", "KubernetesModel", "KubernetesSchema", "KubernetesValidation"]),
  .target(
    name: "GroveManifest",
    dependencies: [
      "CLibYAML", "GroveAdmission", "GroveModel", "KubernetesModel", "KubernetesSchema",
      "KubernetesValidation",
    ]),
  .target(name: "GroveReconcile", dependencies: ["GroveModel", "KubernetesModel"]),
  .target(name: "GroveSchedule", dependencies: ["GroveModel", "KubernetesModel"]),
  .target(
    name: "GroveSimulate",
    dependencies: [
      "GroveAdmission", "GroveModel", "GroveReconcile", "GroveSchedule", "KubernetesModel",
      "KubernetesSchema",
    ]),
  .target(
    name: "GroveReport",
    dependencies: [
      "GroveAdmission", "GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel",
    ]),
  .target(
    name: "GroveScenario",
    dependencies: [
      "GroveManifest", "GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel",
      "KubernetesSchema",
    ]),
  .target(
    name: "GroveExplore",
    dependencies: ["GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel"]),
  .target(
    name: "GroveChange",
    dependencies: [
      "GroveAdmission", "GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel",
      "KubernetesSchema",
    ]),
]

let everyLibrary = libraries.map { Target.Dependency(stringLiteral: $0.name) }

let package = Package(
  name: "swift-grove",
  products: libraries.map { .library(name: $0.name, targets: [$0.name]) },
  dependencies: [
    // Used by executables only: who embeds a library fetches nothing.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: libraries + [
    .systemLibrary(
      name: "CLibYAML",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
    ),
    .executableTarget(
      name: "grove-demo",
      // All libraries that a command uses; the API server as a value is not one of them yet.
      dependencies: libraries.map(\.name).filter { $0 != "KubernetesServer" }
        .map { Target.Dependency(stringLiteral: $0) } + [argumentParser]),
    // Compares the libraries with recordings of the real operator; not a product.
    .executableTarget(
      name: "grove-fidelity",
      dependencies: [
        "GroveAdmission", "GroveManifest", "GroveModel", "GroveReconcile", "GroveSimulate", "KubernetesModel",
        argumentParser,
      ]
    ),
    // Replays recordings of a real API server; not a product.
    .executableTarget(
      name: "grove-conformance",
      dependencies: [
        "GroveAdmission", "GroveManifest", "GroveModel", "KubernetesModel", "KubernetesSchema",
        "KubernetesServer",
      ]),
    // Compares the scheduler with a brute force on random clusters; not a product.
    .executableTarget(
      name: "grove-schedule-check", dependencies: ["GroveModel", "GroveSchedule", "KubernetesModel"]),
    // Where tests find the recordings and inputs beside the package.
    .target(
      name: "TestSupport",
      dependencies: ["GroveAdmission", "GroveManifest", "GroveModel", "KubernetesModel"],
      path: "Tests/TestSupport"),
    .testTarget(name: "KubernetesModelTests", dependencies: ["KubernetesModel", "TestSupport"]),
    .testTarget(name: "KubernetesSchemaTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(name: "KubernetesValidationTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(
      name: "KubernetesServerTests", dependencies: everyLibrary + ["TestSupport", "grove-conformance"]),
    .testTarget(name: "GroveModelTests", dependencies: everyLibrary + ["TestSupport"], exclude: ["Inputs"]),
    .testTarget(name: "GroveAdmissionTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(
      name: "GroveManifestTests", dependencies: everyLibrary + ["TestSupport"], exclude: ["Inputs"]),
    .testTarget(name: "GroveReconcileTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(
      name: "GroveScheduleTests", dependencies: everyLibrary + ["TestSupport", "grove-schedule-check"]),
    .testTarget(name: "GroveSimulateTests", dependencies: everyLibrary + ["TestSupport", "grove-fidelity"]),
    .testTarget(name: "GroveReportTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(name: "GroveScenarioTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(name: "GroveChangeTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(name: "GroveExploreTests", dependencies: everyLibrary + ["TestSupport"]),
    .testTarget(
      name: "CommandLineTests", dependencies: everyLibrary + ["TestSupport", "grove-demo"],
      exclude: ["Inputs"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + upcomingFeatures
}
