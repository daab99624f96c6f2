internal import KubernetesModel

/// What the controllers of the cluster itself still have to do.
///
/// They take note of every change as it is stored, and act when they are asked to take a step.
struct Controllers: Sendable {
  /// Uids of objects that are gone and whose dependents have not been looked at.
  var goneOwners = UniqueQueue<String>()
  /// Objects whose owners, or whose deletion, are to be looked at.
  var suspects = UniqueQueue<ObjectAddress>()
  /// Namespaces that were made or are to be emptied.
  var namespaces = UniqueQueue<String>()
  /// Secrets that may need a token.
  var tokens = UniqueQueue<ObjectName>()
  /// Definitions that are to be established, or whose objects are to be deleted.
  var definitions = UniqueQueue<String>()
  /// Disruption budgets whose counts may be wrong.
  var budgets = UniqueQueue<ObjectName>()

  /// Whether nothing is left to do.
  var isIdle: Bool {
    goneOwners.isEmpty && suspects.isEmpty && namespaces.isEmpty && tokens.isEmpty && definitions.isEmpty
      && budgets.isEmpty
  }
}

extension KubernetesServer {
  /// Whether a controller of the cluster has something to do.
  public var hasControllerWork: Bool { !controllers.isIdle }

  /// Whether the garbage collector has something to do.
  public var hasGarbage: Bool { !controllers.goneOwners.isEmpty || !controllers.suspects.isEmpty }

  /// Lets one controller take one step.
  ///
  /// - Returns: false when none had anything to do.
  @discardableResult
  public mutating func stepControllers() -> Bool {
    if let name = controllers.definitions.popFirst() {
      reconcileDefinition(name)
    } else if let name = controllers.namespaces.popFirst() {
      reconcileNamespace(name)
    } else if let name = controllers.tokens.popFirst() {
      fillToken(of: name)
    } else if hasGarbage {
      collectGarbage()
    } else if let name = controllers.budgets.popFirst() {
      reconcileBudget(name)
    } else {
      return false
    }
    return true
  }

  /// Lets the controllers work until none has anything left to do.
  ///
  /// - Parameter limit: the most steps to take.
  public mutating func runControllers(limit: Int = 100_000) {
    for _ in 0..<limit where !stepControllers() { return }
  }

  /// Tells the controllers about a change.
  mutating func noteChange(of id: ResourceID, old: Object?, new: Object?) {
    let storage = catalog.storage(of: id)
    noteForCollector(storage, old: old, new: new)
    guard runsControllers else { return }
    if storage == frontend.namespaces.map({ catalog.storage(of: $0) }) {
      if let name = (new ?? old)?.metadata.name, new != nil { controllers.namespaces.append(name) }
    } else if storage == frontend.definitions.map({ catalog.storage(of: $0) }) {
      if let object = new {
        install(DynamicObject(object.value), isNew: old == nil)
        controllers.definitions.append(object.metadata.name)
      } else if let object = old {
        uninstall(DynamicObject(object.value))
      }
    } else if storage == frontend.secrets.map({ catalog.storage(of: $0) }) {
      if let object = new { controllers.tokens.append(ObjectName(object.metadata)) }
    } else if storage == frontend.serviceAccounts.map({ catalog.storage(of: $0) }) {
      if new == nil, let namespace = old?.metadata.namespace, let secrets = frontend.secrets {
        for secret in objects(in: secrets) where secret.metadata.namespace == namespace {
          controllers.tokens.append(ObjectName(secret.metadata))
        }
      }
    } else if storage == frontend.pods.map({ catalog.storage(of: $0) })
      || storage == frontend.budgets.map({ catalog.storage(of: $0) })
    {
      if let namespace = (new ?? old)?.metadata.namespace, let budgets = frontend.budgets {
        for budget in objects(in: budgets) where budget.metadata.namespace == namespace {
          controllers.budgets.append(ObjectName(budget.metadata))
        }
      }
    }
  }
}
