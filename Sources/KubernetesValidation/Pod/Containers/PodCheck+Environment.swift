internal import KubernetesModel

/// Environment variables.
extension PodCheck {
  mutating func checkEnvironment(_ variables: [EnvVar], _ path: @autoclosure () -> FieldPath) {
    for (index, variable) in variables.enumerated() {
      if variable.name.isEmpty {
        findings.required(.environment, path()[index].child("name"))
      } else {
        findings.object(
          .environment, VariableNameForm.objections(variable.name), to: variable.name,
          path()[index].child("name"))
      }
      if let source = variable.valueFrom {
        check(source, value: variable.value, path()[index].child("valueFrom"))
      }
    }
  }

  private mutating func check(
    _ source: EnvVarSource, value: String, _ path: @autoclosure () -> FieldPath
  ) {
    var count = 0
    if let field = source.fieldRef {
      count += 1
      checkFieldReference(
        .environment, field, FieldReference.inEnvironment, path().child("fieldRef"))
    }
    if let resource = source.resourceFieldRef {
      count += 1
      checkResourceReference(
        .environment, resource, path().child("resourceFieldRef"), needsContainer: false)
    }
    if let key = source.configMapKeyRef {
      count += 1
      checkKey(key.key, of: key.name, path().child("configMapKeyRef"))
    }
    if let key = source.secretKeyRef {
      count += 1
      checkKey(key.key, of: key.name, path().child("secretKeyRef"))
    }
    if let file = source.fileKeyRef {
      count += 1
      check(file, path().child("fileKeyRef"))
    }
    if count == 0 {
      findings.invalid(
        .environment, path(), "",
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
      )
    } else if !value.isEmpty {
      findings.invalid(.environment, path(), "", "may not be specified when `value` is not empty")
    } else if count > 1 {
      findings.invalid(.environment, path(), "", "may not have more than one field specified at a time")
    }
  }

  private mutating func checkKey(
    _ key: String, of name: String, _ path: @autoclosure () -> FieldPath
  ) {
    findings.checkDNSSubdomain(.environment, name, path().child("name"))
    if key.isEmpty {
      findings.required(.environment, path().child("key"))
    } else {
      findings.object(.environment, DataKeyForm.objections(key), to: key, path().child("key"))
    }
  }

  private mutating func check(_ file: FileKeySelector, _ path: @autoclosure () -> FieldPath) {
    if file.key.isEmpty {
      findings.required(.environment, path().child("key"))
    } else {
      findings.object(.environment, VariableNameForm.objections(file.key), to: file.key, path().child("key"))
    }
    if file.volumeName.isEmpty {
      findings.required(.environment, path().child("volumeName"))
    } else {
      findings.checkDNSLabel(.environment, file.volumeName, path().child("volumeName"))
    }
    if file.path.isEmpty {
      findings.required(.environment, path().child("path"))
    } else {
      checkNoBacksteps(.environment, file.path, path().child("path"))
    }
  }

  /// Files with variables are written by other containers, so they are in an emptyDir.
  mutating func checkFileVariables(_ spec: PodSpec, _ path: FieldPath) {
    let lists = [
      ("initContainers", spec.initContainers.map(\.env)), ("containers", spec.containers.map(\.env)),
      ("ephemeralContainers", spec.ephemeralContainers.map(\.env)),
    ]
    for (field, containers) in lists {
      for (index, variables) in containers.enumerated() {
        for (position, variable) in variables.enumerated() {
          guard let file = variable.valueFrom?.fileKeyRef else { continue }
          let volume = spec.volumes.first { $0.name == file.volumeName }
          if volume?.emptyDir != nil { continue }
          let place = path.child(field)[index].child("env")[position].child("valueFrom").child("fileKeyRef")
          if volume == nil {
            findings.notFound(.environment, place.child("volumeName"), .string(file.volumeName))
          } else {
            findings.invalid(
              .environment, place.child("volumeName"), .string(file.volumeName),
              "referenced volume must be of type emptyDir")
          }
        }
      }
    }
  }

  mutating func checkEnvironmentSources(
    _ sources: [EnvFromSource], _ path: @autoclosure () -> FieldPath
  ) {
    for (index, source) in sources.enumerated() {
      if !source.prefix.isEmpty {
        findings.object(
          .environment, VariableNameForm.objections(source.prefix), to: source.prefix,
          path()[index].child("prefix"))
      }
      var count = 0
      for (field, name) in [
        ("configMapRef", source.configMapRef?.name), ("secretRef", source.secretRef?.name),
      ] {
        guard let name else { continue }
        count += 1
        if name.isEmpty {
          findings.required(.environment, path()[index].child(field).child("name"))
        } else {
          // A name that is completed later may end with a dash.
          let masked = Self.masked(name)
          findings.object(
            .environment, NameSyntax.dnsSubdomainObjections(masked), to: name,
            path()[index].child(field).child("name"))
        }
      }
      if count == 0 {
        findings.invalid(
          .environment, path(), "", "must specify one of: `configMapRef` or `secretRef`")
      } else if count > 1 {
        findings.invalid(.environment, path(), "", "may not have more than one field specified at a time")
      }
    }
  }

  /// The name as it might look once something is put after its trailing dash.
  static func masked(_ name: String) -> String {
    name.utf8.count > 1 && name.hasSuffix("-") ? String(name.dropLast(2)) + "a" : name
  }
}
