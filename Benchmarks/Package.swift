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
    suite("Manifests", measures: ["GroveManifest", "GroveModel", "KubernetesModel"]),
    suite("Expansion", measures: ["GroveModel", "GroveReconcile", "GroveSimulate", "KubernetesModel"]),
    suite("Reconcile", measures: ["GroveModel", "GroveReconcile", "GroveSimulate", "KubernetesModel"]),
    suite("Scheduling", measures: ["GroveModel", "GroveSchedule", "KubernetesModel"]),
    suite(
      "Cluster",
      measures: ["GroveModel", "GroveReconcile", "GroveSchedule", "GroveSimulate", "KubernetesModel"]),
  ],
  swiftLanguageModes: [.v6]
)
