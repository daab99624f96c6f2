internal import ArgumentParser
internal import KubernetesModel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// When text is coloured.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// Standard output and standard error: data on the one, messages on the other.
struct Console {
  /// Whether messages may be coloured.
  let colorsMessages: Bool
  /// Whether data may be coloured.
  let colorsData: Bool

  init(color: ColorChoice = .auto) {
    let plain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    switch color {
    case .always: (colorsMessages, colorsData) = (true, true)
    case .never: (colorsMessages, colorsData) = (false, false)
    case .auto:
      colorsMessages = !plain && isatty(2) == 1
      colorsData = !plain && isatty(1) == 1
    }
  }

  /// Writes data. A reader that went away ends the program as the system does it; any other failure is exit code 2.
  func write(_ bytes: [UInt8]) throws {
    if let code = FileSystem.writeAll(bytes, to: 1) {
      throw fail("standard output: \(String(cString: strerror(code)))")
    }
  }

  /// Writes a text as data.
  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Writes a message line.
  func message(_ text: String) {
    _ = FileSystem.writeAll(Array((text + "\n").utf8), to: 2)
  }

  /// Writes an error message, and gives the exit code for errors.
  func fail(_ text: String) -> ExitCode {
    message(paint("error:", .red) + " " + text)
    return ExitCode(2)
  }

  /// Writes an error message about what was asked for; the command goes on, and ends with exit code 1.
  func problem(_ text: String) { message(paint("error:", .red) + " " + text) }

  /// Writes diagnostics, one line each and their hints below.
  func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
      let word = diagnostic.severity == .error ? paint("error:", .red) : paint("warning:", .yellow)
      message("\(word) \(diagnostic.located)")
      if let hint = diagnostic.hint { message("  hint: \(hint)") }
    }
  }

  enum Paint: String {
    case red = "31"
    case yellow = "33"
    case green = "32"
    case bold = "1"
    case faint = "2"
  }

  private func paint(_ text: String, _ color: Paint) -> String {
    colorsMessages ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// A text of the data stream, coloured where that is wanted.
  func dataPaint(_ text: String, _ color: Paint) -> String {
    colorsData ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension Diagnostic {
  /// `file:line:column: path: message`, as compilers print it.
  var located: String {
    guard let location else { return message }
    return "\(location.file):\(location.line):\(location.column): \(message)"
  }
}
