internal import ArgumentParser

/// `-f` and `-R`, as kubectl has them.
struct InputOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")], parsing: .singleValue,
    help: ArgumentHelp(
      "A manifest: a file, a directory, or - for standard input. May be given several times.", valueName: "file"))
  var files: [String]

  @Flag(name: [.customShort("R"), .customLong("recursive")], help: "Go into the directories of directories.")
  var recursive = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Give at least one manifest with -f FILE, or -f - for standard input.") }
  }

  /// The bytes of every file, in the order given; directories give their `.yaml`, `.yml` and `.json` files by name.
  func read() throws(FileError) -> [InputFile] {
    var inputs: [InputFile] = []
    for file in files { try append(file, isTop: true, to: &inputs) }
    return inputs
  }

  private func append(_ path: String, isTop: Bool, to inputs: inout [InputFile]) throws(FileError) {
    guard path != "-", FileSystem.isDirectory(path) else {
      inputs.append(InputFile(name: path == "-" ? "<stdin>" : path, bytes: try FileSystem.read(path)))
      return
    }
    guard isTop || recursive else { return }
    var found = false
    for name in try FileSystem.names(in: path) {
      let child = path.hasSuffix("/") ? path + name : path + "/" + name
      if FileSystem.isDirectory(child) {
        let before = inputs.count
        try append(child, isTop: false, to: &inputs)
        found = found || inputs.count > before
      } else if [".yaml", ".yml", ".json"].contains(where: { name.hasSuffix($0) }) {
        inputs.append(InputFile(name: child, bytes: try FileSystem.read(child)))
        found = true
      }
    }
    if isTop, !found {
      throw FileError(path, "no .yaml, .yml or .json files\(recursive ? "" : " (use -R to look into sub-directories)")")
    }
  }
}

/// A file that was read.
struct InputFile {
  /// What messages call it.
  var name: String
  /// All of it.
  var bytes: [UInt8]
}
