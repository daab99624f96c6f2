import Testing

/// The example of README.md does what it says.
struct ReadmeExampleTests {
  private func manifest(replicas: String) -> [UInt8] {
    Array(
      """
      apiVersion: grove.io/v1alpha1
      kind: PodCliqueSet
      metadata:
        name: chat
      spec:
        replicas: 1
        template:
          cliques:
          - name: decode
            spec:
              roleName: decode
              replicas: \(replicas)
              podSpec:
                containers:
                - name: server
                  image: nginx:latest
      """.utf8)
  }

  @Test func namesThePodsOfAValidManifest() {
    let (findings, names) = pods(in: manifest(replicas: "2"))
    #expect(findings == [])
    #expect(names.count == 2)
    #expect(names.allSatisfy { $0.hasPrefix("chat-0-decode-") })
  }

  @Test func findsWhatIsWrong() throws {
    let (findings, names) = pods(in: manifest(replicas: "two"))
    #expect(names == [])
    #expect(findings.count == 1)
    let finding = try #require(findings.first)
    #expect(finding.hasPrefix("spec.template.cliques[0].spec.replicas: expected an integer"))
  }
}
