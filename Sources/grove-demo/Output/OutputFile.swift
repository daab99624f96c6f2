#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file that is written piece by piece. It is there under its name only when all of it is.
final class OutputFile {
  private let path: String
  private let descriptor: Int32
  private var isOpen = true
  private var buffer: [UInt8] = []

  init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw FileError(path, errno: errno) }
  }

  deinit {
    if isOpen {
      close(descriptor)
      unlink(path + ".part")
    }
  }

  /// Adds a line.
  func add(line: String) throws(FileError) {
    buffer += Array(line.utf8)
    buffer.append(0x0A)
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Ends the file.
  func finish() throws(FileError) {
    try flush()
    close(descriptor)
    isOpen = false
    if rename(path + ".part", path) != 0 { throw FileError(path, errno: errno) }
  }

  private func flush() throws(FileError) {
    if let code = FileSystem.writeAll(buffer, to: descriptor) { throw FileError(path, errno: code) }
    buffer.removeAll(keepingCapacity: true)
  }
}
