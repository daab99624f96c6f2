import Benchmark
import GroveExplore
import GroveManifest
import GroveModel
import KubernetesModel

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .peakMemoryResident], warmupIterations: 3, maxDuration: .seconds(3),
    maxIterations: 200)

  let objects = SampleObjects.make(bytes: 880_000)  // JSON; the same objects are about 1 MB of YAML
  let json = Array(objects.map { JSONWriter.string($0.value) }.joined(separator: "\n").utf8)

  Benchmark("JSON, 1 MB: text to tape") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(readJSON(json).count) }
  }

  Benchmark("JSON, 1 MB: text to typed objects, strict") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(decode(readJSON(json))) }
  }

  Benchmark("JSON, 1 MB: typed objects to text") { benchmark in
    for _ in benchmark.scaledIterations {
      var output: [UInt8] = []
      for object in objects {
        JSONWriter.write(object.value, to: &output)
        output.append(0x0A)
      }
      blackHole(output.count)
    }
  }

  var yamlText: [UInt8] = []
  ObjectOutput.writeYAML(objects.map(\.value), to: &yamlText)
  let yaml = yamlText

  Benchmark("YAML, 1 MB: text to tape") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(readYAML(yaml).count) }
  }

  Benchmark("YAML, 1 MB: text to typed objects, strict") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(decode(readYAML(yaml))) }
  }

  Benchmark("YAML, 1 MB: typed objects to text") { benchmark in
    for _ in benchmark.scaledIterations {
      var output: [UInt8] = []
      for (position, object) in objects.enumerated() {
        ObjectOutput.writeYAML([object.value], to: &output, continues: position > 0)
      }
      blackHole(output.count)
    }
  }

  let clique = PodCliqueTemplateSpec(
    name: "pworker", spec: PodCliqueSpec(roleName: "pworker", podSpec: samplePodSpec(objects), replicas: 4))
  Benchmark("Hash of one pod template") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(Hashing.podTemplate(clique, priorityClassName: "")) }
  }
}

private func samplePodSpec(_ objects: [Resource]) -> PodSpec {
  for case .pod(let pod) in objects { return pod.spec }
  return PodSpec()
}

private func readJSON(_ bytes: [UInt8]) -> Tape {
  bytes.withUnsafeBufferPointer { buffer in
    do throws(ReadError) {
      return try JSONReader.read(buffer)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

private func readYAML(_ bytes: [UInt8]) -> Tape {
  do throws(ReadError) {
    return try YAMLReader.read(bytes)
  } catch {
    preconditionFailure("\(error)")
  }
}

private func decode(_ tape: Tape) -> Int {
  var decoder = TapeDecoder(tape)
  var count = 0
  for root in tape.roots {
    guard let apiVersion = tape.member("apiVersion", of: root), let kind = tape.member("kind", of: root),
      let known = ResourceKind(apiVersion: tape.string(at: apiVersion), kind: tape.string(at: kind))
    else { continue }
    let resource = Resource(known, from: root, in: &decoder)
    blackHole(resource.kind)
    count += 1
  }
  precondition(decoder.issues.isEmpty, "the sample is well-formed: \(decoder.issues)")
  return count
}
