import GroveAdmission
import GroveManifest
import GroveModel
import GroveSimulate
import KubernetesModel

/// What is wrong with a manifest, and the names of the pods that Grove makes of the PodCliqueSets in it.
func pods(in manifest: [UInt8]) -> (findings: [String], names: [String]) {
  let configuration = OperatorConfiguration()  // the operator's defaults
  let checker = ManifestChecker(admission: Admission(configuration: configuration))
  let checked = checker.check([(name: "pipeline.yaml", bytes: manifest)])

  var sets: [PodCliqueSet] = []
  for case .podCliqueSet(let set) in checked.objects { sets.append(set) }
  let expansion = expand(sets, configuration: configuration)

  return (
    findings: checked.documents.flatMap(\.diagnostics).map(\.message),
    names: expansion.objects.filter { $0.kind == .pod }.map(\.metadata.name)
  )
}
