public import KubernetesModel

/// Several objects as one text.
public enum ObjectOutput {
  /// Appends objects as YAML documents with `---` between them, as kubectl prints several objects.
  ///
  /// - Parameters:
  ///   - values: the objects.
  ///   - output: receives UTF-8; empty when there are no objects.
  ///   - continues: whether a document precedes the first one, so that it needs a separator too.
  public static func writeYAML(_ values: [Value], to output: inout [UInt8], continues: Bool = false) {
    for (position, value) in values.enumerated() {
      if continues || position > 0 { output.append(contentsOf: [0x2D, 0x2D, 0x2D, 0x0A]) }
      YAMLWriter.write(value, to: &output)
    }
  }

  /// Appends objects as one JSON `List`, which `kubectl apply` takes.
  ///
  /// - Parameters:
  ///   - values: the items.
  ///   - output: receives UTF-8, ending with a line feed.
  ///   - indent: how many spaces each level is indented by; nil writes everything on one line.
  public static func writeJSONList(_ values: [Value], to output: inout [UInt8], indent: Int? = 4) {
    JSONWriter.write(list(of: values), to: &output, options: JSONWriter.Options(indent: indent))
    output.append(0x0A)
  }

  /// Appends objects as JSON, one line each.
  public static func writeJSONLines(_ values: [Value], to output: inout [UInt8]) {
    for value in values {
      JSONWriter.write(value, to: &output)
      output.append(0x0A)
    }
  }

  /// Objects as the items of a `List` of the core API group.
  ///
  /// - Complexity: O(nodes of all objects).
  public static func list(of values: [Value]) -> Value {
    var builder = TapeBuilder()
    builder.beginObject()
    builder.key("apiVersion")
    builder.string("v1")
    builder.key("items")
    builder.beginArray()
    for value in values { builder.append(value) }
    builder.endArray()
    builder.key("kind")
    builder.string("List")
    builder.key("metadata")
    builder.beginObject()
    builder.endObject()
    builder.endObject()
    return Value(tape: builder.finish(), index: 0)
  }
}
