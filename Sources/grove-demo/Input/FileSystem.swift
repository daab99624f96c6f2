#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Why a file could not be read or written, in the words of the system.
struct FileError: Error, CustomStringConvertible {
  var path: String
  var reason: String

  init(_ path: String, errno code: Int32) {
    self.path = path
    reason = String(cString: strerror(code))
  }

  init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  var description: String { "\(path): \(reason)" }
}

/// The few file operations that commands need.
enum FileSystem {
  /// The whole of a file, or of standard input for `-`.
  static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, errno: errno) }
    defer { if descriptor > 0 { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path, errno: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path, "is a directory") }
    // One byte more than the size, so that the end is seen without growing the buffer.
    var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size) + 1, 1 << 14))
    var filled = 0
    while true {
      if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
      let room = bytes.count - filled
      let got = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { systemRead(descriptor, $0 + filled, room) } ?? 0
      }
      if got < 0 {
        if errno == EINTR { continue }
        throw FileError(path, errno: errno)
      }
      if got == 0 { break }
      filled += got
    }
    bytes.removeSubrange(filled...)
    return bytes
  }

  /// Whether a path names a directory.
  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a directory in byte order, without `.` and `..`.
  static func names(in path: String) throws(FileError) -> [String] {
    guard let directory = opendir(path) else { throw FileError(path, errno: errno) }
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

  /// Makes a directory and those above it.
  static func makeDirectory(_ path: String) throws(FileError) {
    var current = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      current += current.isEmpty || current.hasSuffix("/") ? String(part) : "/" + part
      if mkdir(current, 0o777) != 0, errno != EEXIST { throw FileError(current, errno: errno) }
    }
    guard isDirectory(path) else { throw FileError(path, "is not a directory") }
  }

  /// Writes a file whole: a reader sees the old one or the new one, never a part.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = path + ".part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path, errno: errno) }
    let problem = writeAll(bytes, to: descriptor)
    close(descriptor)
    if let problem {
      unlink(temporary)
      throw FileError(path, errno: problem)
    }
    if rename(temporary, path) != 0 {
      let code = errno
      unlink(temporary)
      throw FileError(path, errno: code)
    }
  }

  /// Writes all bytes; the system's error code when that fails.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count, let base = buffer.baseAddress {
        let wrote = systemWrite(descriptor, base + offset, buffer.count - offset)
        if wrote < 0 {
          if errno == EINTR { continue }
          return errno
        }
        offset += wrote
      }
      return nil
    }
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
