internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  /// Notices a changed template and starts the update, before anything is made from the new template (R-130…R-134).
  mutating func processGenerationHash() {
    let hash = expected.generationHash ?? Hashing.generation(set)
    guard let current = status.currentGenerationHash else {
      status.currentGenerationHash = hash
      writeStatus(rule: "R-131", reason: "the template is seen for the first time")
      return
    }
    guard current != hash else { return }
    status.currentGenerationHash = hash
    status.updatedReplicas = 0
    status.updateProgress = PodCliqueSetUpdateProgress(
      updateStartedAt: pass.now, updateEndedAt: set.updatesOnDelete ? pass.now : nil)
    writeStatus(rule: "R-133", reason: "the template changed")
  }
}
