/// Which version this is, and which version of the original it agrees with.
public enum GroveVersion {
  /// The version of Swift Grove.
  public static let current = "0.1.0"
  /// The project and commit whose behaviour this version reproduces; every machine-readable output names it.
  public static let target = "grove@fcc3b3bb"
  /// The Kubernetes release whose API types are built in.
  public static let kubernetes = "1.35"
}
