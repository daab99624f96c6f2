import KubernetesModel
import TestSupport
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "the vectors of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func vectors(plain: String, encoded: String) throws {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(try Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test("the alphabet is the standard one")
  func alphabet() throws {
    #expect(Base64.encode([0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF]) == "++++////")
    #expect(try Base64.decode("++++////") == [0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF])
  }

  @Test(
    "line breaks are skipped and loose bits ignored, as in Go",
    arguments: [
      ("Zm9v\nYmFy", "foobar"), ("Zg=\r\n=\n", "f"), ("\nZg==", "f"), ("Zh==", "f"), ("\n", ""),
    ])
  func leniency(encoded: String, plain: String) throws {
    #expect(try Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test(
    "what is not base64 is refused at the byte that Go names",
    arguments: [
      ("Zg", 0), ("Zg=", 3), ("Zm9vZ", 4), ("Zm9vYg=", 7), ("Z===", 1), ("=", 0), ("Zm 9v", 2), ("Zm-v", 2),
      ("Zg==Zg==", 4), ("Zm8=x", 4), ("Zg=x", 2), ("é", 0), ("Zm9v\nZ", 5),
    ])
  func errors(encoded: String, offset: Int) {
    let error = #expect(throws: Base64Error.self) { try Base64.decode(encoded) }
    #expect(error?.offset == offset)
    #expect(error?.description == "illegal base64 data at input byte \(offset)")
  }

  @Test("what is encoded is decoded, and random bytes are decoded or refused")
  func fuzz() throws {
    var random = SplitMix64(seed: 11)
    let any = (0...255).map { UInt8($0) }
    let likely = Array("ABCDabcd0123+/==\n".utf8)
    for _ in 0..<3_000 {
      let bytes = random.bytes(from: any, upTo: 40)
      #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
      let text = random.bytes(from: likely, upTo: 16)
      text.withUnsafeBufferPointer { buffer in
        do throws(Base64Error) {
          let decoded = try Base64.decode(utf8: buffer)
          #expect(decoded.count <= text.count / 4 * 3)
        } catch {
          #expect((0...text.count).contains(error.offset))
        }
      }
    }
  }
}
