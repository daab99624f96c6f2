// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "grove-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "swift-grove", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
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
  ],
  swiftLanguageModes: [.v6]
)
