internal import ArgumentParser

/// `-f` and `-R`, as kubectl has them.
struct InputOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")], parsing: .singleValue,
    help: ArgumentHelp(
      "A manifest: a file, a directory, or - for standard input. May be given several times.",
      valueName: "file"))
  var files: [String] = []

  @Flag(name: [.customShort("R"), .customLong("recursive")], help: "Go into the directories of directories.")
  var recursive = false

  /// Fails as wrong usage when no manifest is given.
  func requireFiles() throws {
    if files.isEmpty {
      throw ValidationError("Give at least one manifest with -f FILE, or -f - for standard input.")
    }
  }

  /// The files, or a message and exit code 2.
  func readOrFail(_ console: Console) throws -> [(name: String, bytes: [UInt8])] {
    do throws(FileError) {
      return try InputFiles.read(files, recursive: recursive)
    } catch {
      throw console.fail("\(error)")
    }
  }

  /// One file, or a message and exit code 2.
  static func bytes(_ path: String, _ console: Console) throws -> [UInt8] {
    do throws(FileError) {
      return try FileSystem.read(path)
    } catch {
      throw console.fail("\(error)")
    }
  }
}

/// Finds and reads manifests.
enum InputFiles {
  /// The bytes of every file, in the order given; directories give their `.yaml`, `.yml` and `.json` files by name.
  static func read(_ paths: [String], recursive: Bool) throws(FileError) -> [(name: String, bytes: [UInt8])] {
    var inputs: [(name: String, bytes: [UInt8])] = []
    for path in paths { try append(path, isTop: true, recursive, to: &inputs) }
    return inputs
  }

  private static func append(
    _ path: String, isTop: Bool, _ recursive: Bool, to inputs: inout [(name: String, bytes: [UInt8])]
  ) throws(FileError) {
    guard path != "-", FileSystem.isDirectory(path) else {
      inputs.append((path == "-" ? "<stdin>" : path, try FileSystem.read(path)))
      return
    }
    guard isTop || recursive else { return }
    let before = inputs.count
    for name in try FileSystem.names(in: path) {
      let child = path.hasSuffix("/") ? path + name : path + "/" + name
      if FileSystem.isDirectory(child) {
        try append(child, isTop: false, recursive, to: &inputs)
      } else if [".yaml", ".yml", ".json"].contains(where: { name.hasSuffix($0) }) {
        inputs.append((child, try FileSystem.read(child)))
      }
    }
    if isTop, inputs.count == before {
      throw FileError(
        path, "no .yaml, .yml or .json files\(recursive ? "" : " (use -R to look into sub-directories)")")
    }
  }
}
