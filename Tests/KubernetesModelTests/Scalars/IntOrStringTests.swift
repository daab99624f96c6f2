import KubernetesModel
import Testing

@Suite("IntOrString")
struct IntOrStringTests {
  @Test("a string stays a string even if it is a number")
  func distinctValues() {
    #expect(IntOrString.int(80) != .string("80"))
    #expect(IntOrString.int(80).description == IntOrString.string("80").description)
    #expect(IntOrString.string("80").intValue == 80)
    #expect(IntOrString.string("http").intValue == 0)
    #expect(IntOrString.int(-5).intValue == -5)
  }

  @Test(
    "command line input is a number if it is one",
    arguments: [
      ("80", 80), ("-1", -1), ("2147483647", 2_147_483_647), ("2147483648", "2147483648"), ("http", "http"),
      ("25%", "25%"), ("", ""), ("8 0", "8 0"),
    ] as [(String, IntOrString)])
  func parsing(text: String, value: IntOrString) {
    #expect(IntOrString(parsing: text) == value)
  }

  @Test(
    "percentages of a total",
    arguments: [
      ("25%", 10, 2, 3), ("25%", 8, 2, 2), ("0%", 10, 0, 0), ("100%", 7, 7, 7), ("150%", 3, 4, 5),
      ("1%", 1, 0, 1),
      ("-25%", 10, -3, -2), ("33%", 0, 0, 0), (4, 10, 4, 4), (-4, 10, -4, -4),
      ("9223372036854775807%", .max, .max, .max), ("-9223372036854775807%", .max, .min, .min),
      ("100%", .max, .max, .max),
    ] as [(IntOrString, Int, Int, Int)])
  func percentages(value: IntOrString, total: Int, down: Int, up: Int) throws {
    #expect(try value.scaled(to: total, rounding: .down) == down)
    #expect(try value.scaled(to: total, rounding: .up) == up)
  }

  @Test(
    "what is no share says why, in the words of Kubernetes",
    arguments: [
      ("http", "invalid value for IntOrString: invalid type: string is not a percentage"),
      ("80", "invalid value for IntOrString: invalid type: string is not a percentage"),
      ("", "invalid value for IntOrString: invalid type: string is not a percentage"),
      (
        "x%",
        #"invalid value for IntOrString: invalid value "x%": strconv.Atoi: parsing "x": invalid syntax"#
      ),
      (
        "%", #"invalid value for IntOrString: invalid value "%": strconv.Atoi: parsing "": invalid syntax"#
      ),
      (
        "99999999999999999999%",
        #"invalid value for IntOrString: invalid value "99999999999999999999%": "#
          + #"strconv.Atoi: parsing "99999999999999999999": value out of range"#
      ),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: IntOrStringError.self) {
      try IntOrString.string(text).scaled(to: 10, rounding: .up)
    }
    #expect(error?.description == message)
  }
}
