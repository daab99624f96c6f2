internal import GroveManifest
internal import KubernetesModel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A recording that cannot be used, in words for whoever runs the check.
struct UnusableRecording: Error, CustomStringConvertible {
  var description: String
}

/// The few things that the check does with files.
enum Files {
  /// The names in a folder in byte order; nil when there is no such folder.
  static func names(in path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The bytes of a file; nil when there is no such file.
  static func bytes(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
  }

  /// The documents of a YAML file that a recorder wrote; nil when there is no such file.
  ///
  /// Recordings are written by PyYAML, which does not quote `y` and `n`.
  static func recorded(_ path: String) throws(UnusableRecording) -> [Value]? {
    guard let bytes = bytes(of: path) else { return nil }
    do throws(ReadError) {
      let tape = try YAMLReader.read(bytes, dialect: .singleLettersAreText)
      return tape.roots.map { Value(tape: tape, index: $0) }.filter { !$0.isNull }
    } catch {
      throw UnusableRecording(description: "\(path): \(error)")
    }
  }
}
