// swift-tools-version: 6.2
import PackageDescription

let upcomingFeatures: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "swift-grove",
  products: [
    .library(name: "KubernetesModel", targets: ["KubernetesModel"]),
    .library(name: "KubernetesServer", targets: ["KubernetesServer"]),
    .library(name: "KubernetesValidation", targets: ["KubernetesValidation"]),
    .library(name: "GroveModel", targets: ["GroveModel"]),
    .library(name: "GroveManifest", targets: ["GroveManifest"]),
    .library(name: "GroveReconcile", targets: ["GroveReconcile"]),
    .library(name: "GroveSchedule", targets: ["GroveSchedule"]),
    .library(name: "GroveSimulate", targets: ["GroveSimulate"]),
    .library(name: "GroveChange", targets: ["GroveChange"]),
  ],
  dependencies: [
    // Used by the executable only: who embeds a library fetches nothing.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "KubernetesModel"),
    .target(name: "KubernetesServer", dependencies: ["KubernetesModel", "KubernetesValidation"]),
    // What a Kubernetes API server fills in of built-in objects, and refuses of them.
    .target(name: "KubernetesValidation", dependencies: ["KubernetesModel"]),
    .target(name: "GroveModel", dependencies: ["KubernetesModel", "KubernetesValidation"]),
    .systemLibrary(
      name: "CLibYAML",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
    ),
    .target(name: "GroveManifest", dependencies: ["CLibYAML", "GroveModel", "KubernetesModel"]),
    .target(name: "GroveReconcile", dependencies: ["GroveModel", "KubernetesModel"]),
    .target(name: "GroveSchedule", dependencies: ["GroveModel", "KubernetesModel"]),
    .target(
      name: "GroveSimulate",
      dependencies: [
        "GroveManifest", "GroveModel", "GroveReconcile", "GroveSchedule", "KubernetesModel",
        "KubernetesValidation",
      ]
    ),
    .target(
      name: "GroveChange",
      dependencies: ["GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel"]
    ),
    .executableTarget(
      name: "grove-demo",
      dependencies: [
        "GroveChange", "GroveManifest", "GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate",
        "KubernetesModel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    // Compares the libraries with recordings of the real operator; not a product.
    .executableTarget(
      name: "grove-fidelity",
      dependencies: [
        "GroveManifest", "GroveModel", "GroveReconcile", "GroveSimulate", "KubernetesModel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    // Replays recordings of a real API server; not a product.
    .executableTarget(
      name: "grove-conformance",
      dependencies: ["GroveManifest", "GroveModel", "KubernetesModel", "KubernetesServer"]
    ),
    // Compares the scheduler with a brute force on random clusters; not a product.
    .executableTarget(
      name: "grove-schedule-check", dependencies: ["GroveModel", "GroveSchedule", "KubernetesModel"]),
    .testTarget(name: "KubernetesModelTests", dependencies: ["KubernetesModel"]),
    .testTarget(
      name: "KubernetesServerTests",
      dependencies: ["GroveModel", "KubernetesModel", "KubernetesServer", "grove-conformance"]),
    .testTarget(
      name: "KubernetesValidationTests", dependencies: ["KubernetesModel", "KubernetesValidation"]),
    .testTarget(
      name: "GroveModelTests",
      dependencies: ["GroveManifest", "GroveModel", "KubernetesModel"],
      exclude: ["Inputs"]
    ),
    .testTarget(
      name: "GroveManifestTests",
      dependencies: ["GroveManifest", "GroveModel", "KubernetesModel"],
      exclude: ["Inputs"]
    ),
    .testTarget(
      name: "GroveReconcileTests",
      dependencies: ["GroveManifest", "GroveModel", "GroveReconcile", "KubernetesModel"]
    ),
    .testTarget(
      name: "GroveScheduleTests",
      dependencies: ["GroveModel", "GroveSchedule", "KubernetesModel", "grove-schedule-check"]
    ),
    .testTarget(
      name: "GroveSimulateTests",
      dependencies: [
        "GroveManifest", "GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel",
        "grove-fidelity",
      ]
    ),
    .testTarget(
      name: "GroveChangeTests",
      dependencies: [
        "GroveChange", "GroveManifest", "GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate",
        "KubernetesModel",
      ]
    ),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["GroveManifest", "GroveModel", "KubernetesModel", "grove-demo"],
      exclude: ["Inputs"]
    ),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + upcomingFeatures
}
