/// Whether a text comes before another in the byte order of UTF-8, in which everything here is sorted.
public func utf8Precedes(_ a: String, _ b: String) -> Bool { utf8Order(a, b) < 0 }
