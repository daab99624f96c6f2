import GroveModel
import KubernetesModel
import TestSupport
import Testing

@testable import GroveAdmission

@Suite("Defaulting")
struct DefaultingTests {
  @Test("The webhook's defaults (A-020…A-028)")
  func webhook() throws {
    let sent = try object(
      PodCliqueSet.self,
      """
      apiVersion: grove.io/v1alpha1
      kind: PodCliqueSet
      metadata: {name: set}
      spec:
        template:
          cliques:
          - name: a
            spec:
              roleName: a
              podSpec: {containers: [{name: main, image: nginx}], restartPolicy: " "}
          - name: b
            spec:
              roleName: b
              replicas: 3
              autoScalingConfig: {maxReplicas: 5}
              podSpec: {containers: [{name: main, image: nginx}], restartPolicy: Never, terminationGracePeriodSeconds: 5}
          podCliqueScalingGroups:
          - name: sg
            cliqueNames: [a]
            replicas: 4
            scaleConfig: {maxReplicas: 6}
      """)
    let stored = Admission().default(sent)
    #expect(stored.metadata.namespace == "default")
    let (a, b) = (stored.spec.template.cliques[0].spec, stored.spec.template.cliques[1].spec)
    #expect(a.podSpec.restartPolicy == "Always")
    #expect(b.podSpec.restartPolicy == "Never")
    #expect(a.podSpec.terminationGracePeriodSeconds == 30)
    #expect(b.podSpec.terminationGracePeriodSeconds == 5)
    #expect(a.replicas == 1)
    #expect(a.minAvailable == 1)  // A-024, from the defaulted replicas: B-A01
    #expect(b.minAvailable == 3)
    #expect(b.autoScalingConfig?.minReplicas == 3)
    #expect(stored.spec.template.podCliqueScalingGroups[0].scaleConfig?.minReplicas == 4)
    #expect(stored.spec.template.terminationDelay == .hours(4))
    #expect(stored.spec.template.headlessServiceConfig?.publishNotReadyAddresses == true)
    #expect(Admission().validate(create: stored).errors.isEmpty)
  }

  @Test("What is given is kept (A-020…A-029)")
  func given() {
    let stored = Sample.set {
      $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
      $0.spec.template.cliqueStartupType = .inOrder
      $0.spec.template.terminationDelay = .minutes(1)
      $0.spec.template.headlessServiceConfig = HeadlessServiceConfig(publishNotReadyAddresses: false)
      $0.spec.template.podCliqueScalingGroups[0].scaleConfig = AutoScalingConfig(
        minReplicas: 1, maxReplicas: 9)
    }
    #expect(stored.metadata.namespace == "ns")
    #expect(stored.spec.updateStrategy?.type == .onDelete)
    #expect(stored.spec.template.cliqueStartupType == .inOrder)
    #expect(stored.spec.template.terminationDelay == .minutes(1))
    #expect(stored.spec.template.headlessServiceConfig?.publishNotReadyAddresses == false)
    #expect(stored.spec.template.podCliqueScalingGroups[0].scaleConfig?.minReplicas == 1)
  }

  @Test("The schema's defaults (A-029)")
  func schema() {
    var sent = PodCliqueSet()
    sent.spec.updateStrategy = PodCliqueSetUpdateStrategy()
    sent.spec.template.podCliqueScalingGroups = [PodCliqueScalingGroupConfig(name: "g")]
    let defaulted = Admission.applySchemaDefaults(sent)
    #expect(defaulted.spec.updateStrategy?.type == .rollingRecreate)
    #expect(defaulted.spec.template.cliqueStartupType == .anyOrder)
    #expect(defaulted.spec.template.podCliqueScalingGroups[0].replicas == 1)
    #expect(defaulted.spec.template.podCliqueScalingGroups[0].minAvailable == 1)
    #expect(defaulted.spec.replicas == 0)
    #expect(Admission.applySchemaDefaults(PodCliqueSet()).spec.updateStrategy == nil)

    let group = Admission.applySchemaDefaults(PodCliqueScalingGroup())
    #expect(group.spec.replicas == 1)
    #expect(group.spec.minAvailable == 1)
    #expect(Admission.applySchemaDefaults(Sample.topology()) == Sample.topology())
  }

  @Test("The schema's defaults inside pod specs and claim templates (A-445)")
  func podSpec() throws {
    let sent = try object(
      PodClique.self,
      """
      apiVersion: grove.io/v1alpha1
      kind: PodClique
      metadata: {name: a}
      spec:
        roleName: a
        replicas: 1
        podSpec:
          initContainers:
          - {name: i, ports: [{containerPort: 1}]}
          ephemeralContainers:
          - {name: e, ports: [{containerPort: 1, protocol: UDP}], startupProbe: {grpc: {port: 2}}}
          containers:
          - name: main
            ports: [{containerPort: 80}, {containerPort: 81, protocol: SCTP}]
            livenessProbe: {grpc: {port: 1}}
            readinessProbe: {grpc: {port: 1, service: s}}
            env: [{name: F, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: k}}}]
          volumes:
          - {name: a, azureDisk: {diskName: d, diskURI: u}}
          - {name: b, azureDisk: {diskName: d, diskURI: u, fsType: xfs, readOnly: true}}
          - {name: c, iscsi: {targetPortal: t, iqn: i, lun: 0}}
          - {name: d, rbd: {monitors: [m], image: i}}
          - {name: e, rbd: {monitors: [m], image: i, pool: p, user: u, keyring: k}}
          - {name: f, scaleIO: {gateway: g, system: s, secretRef: {}}}
      """)
    let spec = Admission.applySchemaDefaults(sent).spec.podSpec
    let main = spec.containers[0]
    #expect(main.ports.map(\.protocol) == ["TCP", "SCTP"])
    #expect(spec.initContainers[0].ports[0].protocol == "TCP")
    #expect(spec.ephemeralContainers[0].ports[0].protocol == "UDP")
    #expect(spec.ephemeralContainers[0].startupProbe?.grpc?.service == "")
    #expect(main.livenessProbe?.grpc?.service == "")
    #expect(main.readinessProbe?.grpc?.service == "s")
    #expect(main.env[0].valueFrom?.fileKeyRef?.optional == false)
    #expect(spec.volumes[0].azureDisk?.fsType == "ext4")
    #expect(spec.volumes[0].azureDisk?.readOnly == false)
    #expect(spec.volumes[1].azureDisk?.fsType == "xfs")
    #expect(spec.volumes[1].azureDisk?.readOnly == true)
    #expect(spec.volumes[2].iscsi?.iscsiInterface == "default")
    #expect(spec.volumes[3].rbd?.pool == "rbd")
    #expect(spec.volumes[3].rbd?.user == "admin")
    #expect(spec.volumes[3].rbd?.keyring == "/etc/ceph/keyring")
    #expect(spec.volumes[4].rbd?.pool == "p")
    #expect(spec.volumes[5].scaleIO?.fsType == "xfs")
    #expect(spec.volumes[5].scaleIO?.storageMode == "ThinProvisioned")

    var set = PodCliqueSet()
    var request = DeviceRequest(name: "r")
    request.exactly = ExactDeviceRequest(
      deviceClassName: "c", tolerations: [DeviceToleration(key: "k"), DeviceToleration(operator: "Exists")])
    request.firstAvailable = [DeviceSubRequest(name: "s", tolerations: [DeviceToleration(key: "k")])]
    var template = ResourceClaimTemplateConfig(name: "t")
    template.templateSpec.spec.devices = DeviceClaim(requests: [request])
    set.spec.template.resourceClaimTemplates = [template]
    let devices = Admission.applySchemaDefaults(set).spec.template.resourceClaimTemplates[0].templateSpec.spec
      .devices
    #expect(devices?.requests[0].exactly?.tolerations.map(\.operator) == ["Equal", "Exists"])
    #expect(devices?.requests[0].firstAvailable[0].tolerations.map(\.operator) == ["Equal"])
  }

  @Test("Quantities and durations become canonical, structs that Go cannot leave out appear")
  func roundTrip() throws {
    let sent = try object(
      PodCliqueSet.self,
      """
      apiVersion: grove.io/v1alpha1
      kind: PodCliqueSet
      metadata: {name: set}
      spec:
        replicas: 1
        template:
          terminationDelay: 90m
          cliques:
          - name: a
            spec:
              roleName: a
              replicas: 1
              autoScalingConfig:
                maxReplicas: 2
                metrics:
                - type: Resource
                  resource: {name: cpu, target: {type: AverageValue, averageValue: 1000m}}
                - type: Pods
                  pods: {metric: {name: m}, target: {type: Value, value: "0.5"}}
              podSpec:
                nodeSelector: {}
                overhead: {cpu: 1000m}
                containers:
                - {name: plain, image: nginx, args: []}
                - name: sized
                  image: nginx
                  resources: {limits: {cpu: 2000m, memory: 1024Mi}}
                  env: [{name: E, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1000m}}}]
                volumes:
                - {name: d, emptyDir: {sizeLimit: 1024Mi}}
                - name: w
                  downwardAPI: {items: [{path: p, resourceFieldRef: {resource: r, divisor: 1000m}}]}
                - name: p
                  projected:
                    sources: [{downwardAPI: {items: [{path: p, resourceFieldRef: {resource: r, divisor: 1000m}}]}}]
                - name: e
                  ephemeral:
                    volumeClaimTemplate:
                      metadata: {labels: {gone: "yes"}}
                      spec: {resources: {requests: {storage: 1024Mi}}}
          resourceClaimTemplates:
          - name: t
            templateSpec:
              metadata: {labels: {gone: "yes"}}
              spec:
                devices:
                  requests:
                  - {name: r, exactly: {deviceClassName: c, capacity: {requests: {memory: 1024Mi}}}}
      """)
    let template = try #require(Value(encoding: Admission().default(sent))["spec"]?["template"])
    #expect(template["terminationDelay"]?.stringValue == "1h30m0s")
    let clique = try #require(template["cliques"]?[0]?["spec"])
    let metrics = try #require(clique["autoScalingConfig"]?["metrics"])
    #expect(metrics[0]?["resource"]?["target"]?["averageValue"]?.stringValue == "1")
    #expect(metrics[1]?["pods"]?["target"]?["value"]?.stringValue == "500m")
    let pod = try #require(clique["podSpec"])
    #expect(pod["overhead"]?["cpu"]?.stringValue == "1")
    #expect(JSONWriter.string(try #require(pod["containers"]?[0]?["resources"])) == "{}")
    let sized = try #require(pod["containers"]?[1])
    #expect(sized["resources"]?["limits"]?["cpu"]?.stringValue == "2")
    #expect(sized["resources"]?["limits"]?["memory"]?.stringValue == "1Gi")
    #expect(sized["env"]?[0]?["valueFrom"]?["resourceFieldRef"]?["divisor"]?.stringValue == "1")
    #expect(pod["volumes"]?[0]?["emptyDir"]?["sizeLimit"]?.stringValue == "1Gi")
    #expect(
      pod["volumes"]?[1]?["downwardAPI"]?["items"]?[0]?["resourceFieldRef"]?["divisor"]?.stringValue == "1")
    #expect(
      pod["volumes"]?[2]?["projected"]?["sources"]?[0]?["downwardAPI"]?["items"]?[0]?["resourceFieldRef"]?[
        "divisor"]?
        .stringValue == "1")
    // The schema lists no fields of embedded metadata, so its contents go.
    let claim = try #require(pod["volumes"]?[3]?["ephemeral"]?["volumeClaimTemplate"])
    #expect(JSONWriter.string(try #require(claim["metadata"])) == "{}")
    #expect(claim["spec"]?["resources"]?["requests"]?["storage"]?.stringValue == "1Gi")
    let claimTemplate = try #require(template["resourceClaimTemplates"]?[0]?["templateSpec"])
    #expect(JSONWriter.string(try #require(claimTemplate["metadata"])) == "{}")
    #expect(
      claimTemplate["spec"]?["devices"]?["requests"]?[0]?["exactly"]?["capacity"]?["requests"]?["memory"]?
        .stringValue
        == "1Gi")
    // What was written out empty stays: the webhook framework does not remove what the round trip drops.
    #expect(JSONWriter.string(try #require(pod["nodeSelector"])) == "{}")
    #expect(JSONWriter.string(try #require(pod["containers"]?[0]?["args"])) == "[]")
  }

  @Test("Fields that the schema does not have are pruned, at any depth")
  func pruning() throws {
    let tape = try JSONReader.read(
      """
      {"apiVersion": "grove.io/v1alpha1", "kind": "PodCliqueSet", "metadata": {"name": "set"}, "extra": 1,
       "spec": {"replicas": 1, "template": {"surprise": {"a": [1]}, "cliques": [{"name": "a", "spec": {
        "roleName": "a", "replicas": 1, "podSpec": {"fancy": true, "containers": [
         {"name": "main", "image": "nginx", "gpuCount": 2, "args": []}]}}}]}}}
      """)
    var decoder = TapeDecoder(tape)
    let sent: PodCliqueSet = decoder.decode(at: tape.roots[0])
    #expect(!sent.spec.template.cliques[0].spec.podSpec.containers[0].preserved.unknownFields.isEmpty)
    let stored = Admission().default(sent)
    let text = JSONWriter.string(Value(encoding: stored))
    for name in ["extra", "surprise", "fancy", "gpuCount"] { #expect(!text.contains(name)) }
    #expect(text.contains("\"args\":[]"))
    #expect(stored.spec.template.cliques[0].spec.podSpec.containers[0].image == "nginx")
  }
}
