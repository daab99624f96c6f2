extension LabelSelector {
  /// Whether labels satisfy every part of the selector. An empty selector matches everything.
  ///
  /// - Complexity: O(requirements × values).
  public func matches(_ labels: StringMap<String>) -> Bool {
    matchLabels.allSatisfy { labels[$0.key] == $0.value }
      && matchExpressions.allSatisfy { $0.matches(labels) }
  }

  /// Reads the text that `kubectl -l` and scale subresources use: `a=b,c!=d,e in (f,g),h,!i`.
  ///
  /// The first equality of a key becomes a match label; the rest become expressions.
  ///
  /// - Throws: ``LabelSelectorError`` where the text cannot be read, or compares numbers (`a>5`), which the type cannot
  ///   express.
  public init(parsing text: String) throws(LabelSelectorError) {
    self.init()
    for part in try LabelRequirements(parsing: text).requirements {
      switch part.operator {
      case .equals, .doubleEquals:
        if matchLabels[part.key] == nil {
          matchLabels[part.key] = part.values[0]
        } else {
          matchExpressions.append(
            LabelSelectorRequirement(key: part.key, operator: "In", values: part.values))
        }
      case .in:
        matchExpressions.append(LabelSelectorRequirement(key: part.key, operator: "In", values: part.values))
      case .notEquals, .notIn:
        matchExpressions.append(
          LabelSelectorRequirement(key: part.key, operator: "NotIn", values: part.values))
      case .exists: matchExpressions.append(LabelSelectorRequirement(key: part.key, operator: "Exists"))
      case .doesNotExist:
        matchExpressions.append(LabelSelectorRequirement(key: part.key, operator: "DoesNotExist"))
      case .greaterThan, .lessThan:
        throw LabelSelectorError(
          description: "\(part) compares numbers, which is not supported here")
      }
    }
  }
}

extension LabelSelectorRequirement {
  /// Whether labels satisfy the requirement. An unknown operator matches nothing.
  public func matches(_ labels: StringMap<String>) -> Bool {
    let value = labels[key]
    switch self.operator {
    case "In": return value.map { values.contains($0) } ?? false
    case "NotIn": return value.map { !values.contains($0) } ?? true
    case "Exists": return value != nil
    case "DoesNotExist": return value == nil
    default: return false
    }
  }
}
