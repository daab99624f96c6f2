// swift-tools-version: 6.2
import PackageDescription

/// A suite of benchmarks with the libraries that it measures.
func suite(_ name: String, measures libraries: [String]) -> Target {
  .executableTarget(
    name: name,
    dependencies: [.product(name: "Benchmark", package: "benchmark")]
      + libraries.map { .product(name: $0, package: "swift-grove") },
    path: "Benchmarks/\(name)",
    plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}

let package = Package(
  name: "grove-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "swift-grove", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
<<<<<<< HEAD
    .executableTarget(
      name: "Manifests",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "GroveManifest", package: "swift-grove"),
        .product(name: "GroveModel", package: "swift-grove"),
        .product(name: "KubernetesModel", package: "swift-grove"),
      ],
      path: "Benchmarks/Manifests",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    .executableTarget(
      name: "Expansion",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "GroveModel", package: "swift-grove"),
        .product(name: "GroveReconcile", package: "swift-grove"),
        .product(name: "GroveSimulate", package: "swift-grove"),
        .product(name: "KubernetesModel", package: "swift-grove"),
      ],
      path: "Benchmarks/Expansion",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    .executableTarget(
      name: "Reconcile",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "GroveModel", package: "swift-grove"),
        .product(name: "GroveReconcile", package: "swift-grove"),
        .product(name: "GroveSimulate", package: "swift-grove"),
        .product(name: "KubernetesModel", package: "swift-grove"),
      ],
      path: "Benchmarks/Reconcile",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    .executableTarget(
      name: "Cluster",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "GroveModel", package: "swift-grove"),
        .product(name: "GroveReconcile", package: "swift-grove"),
        .product(name: "GroveSchedule", package: "swift-grove"),
        .product(name: "GroveSimulate", package: "swift-grove"),
        .product(name: "KubernetesModel", package: "swift-grove"),
      ],
      path: "Benchmarks/Cluster",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
=======
    suite("Manifests", measures: ["GroveManifest", "GroveModel", "KubernetesModel"]),
    suite("Expansion", measures: ["GroveModel", "GroveReconcile", "GroveSimulate", "KubernetesModel"]),
    suite("Reconcile", measures: ["GroveModel", "GroveReconcile", "GroveSimulate", "KubernetesModel"]),
    suite("Scheduling", measures: ["GroveModel", "GroveSchedule", "KubernetesModel"]),
    suite(
      "Cluster",
      measures: ["GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel"]),
>>>>>>> main
  ],
  swiftLanguageModes: [.v6]
)
