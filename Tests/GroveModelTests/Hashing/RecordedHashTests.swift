import GroveAdmission
import GroveModel
import KubernetesModel
import TestSupport
import Testing

/// The hashes of every recorded set are those the real operator wrote.
@Suite("Recorded hashes", .enabled(if: Goldens.arePresent, Comment(rawValue: Goldens.absence)))
struct RecordedHashTests {
  @Test("Generation hash and the hash labels of standalone PodCliques", arguments: Goldens.cases)
  func hashes(name: String) throws {
    // What is stored is what we make of what was sent: the recordings mask IP addresses.
    let stored = Goldens.objects(PodCliqueSet.self, in: try Goldens.documents("\(name)/input.yaml"))
      .map { Admission().default($0) }
    #expect(!stored.isEmpty)
    let created = try Goldens.documents("\(name)/stage-01-created.yaml")
    let sets = Goldens.objects(PodCliqueSet.self, in: created)
    let podCliques = Goldens.objects(PodClique.self, in: created)
    for podCliqueSet in stored {
      let observed = sets.first { $0.metadata.name == podCliqueSet.metadata.name }
      #expect(observed?.status.currentGenerationHash == Hashing.generation(podCliqueSet))
      let template = podCliqueSet.spec.template
      for clique in template.cliques {
        let fullName = Naming.podClique(podCliqueSet.metadata.name, replica: 0, clique: clique.name)
        guard let made = podCliques.first(where: { $0.metadata.name == fullName }) else { continue }
        // The real operator takes another clique's template when names are suffixes of each other (B-R08).
        if template.cliques.contains(where: { $0.name != clique.name && clique.name.hasSuffix($0.name) }) {
          continue
        }
        #expect(
          made.metadata.labels[LabelKey.podTemplateHash]
            == Hashing.podTemplate(clique, priorityClassName: template.priorityClassName))
      }
    }
  }
}
