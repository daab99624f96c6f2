// swift-tools-version: 6.2
import PackageDescription

// A program that embeds the model alone. Scripts/embedding-check builds and runs it, and looks at what was
// fetched and compiled: nothing but KubernetesModel and GroveModel.
let package = Package(
  name: "embedding",
  dependencies: [.package(name: "swift-grove", path: "../..")],
  targets: [
    .executableTarget(
      name: "Embedder",
      dependencies: [
        .product(name: "GroveModel", package: "swift-grove"),
        .product(name: "KubernetesModel", package: "swift-grove"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
