import GroveModel
import KubernetesModel

let decode = PodCliqueTemplateSpec(
  name: "decode",
  spec: PodCliqueSpec(
    roleName: "decode",
    podSpec: PodSpec(containers: [Container(name: "server", image: "nginx:latest")]),
    replicas: 4, minAvailable: 2))

var chat = PodCliqueSet(metadata: ObjectMeta(name: "chat", namespace: "default"))
chat.spec.replicas = 1
chat.spec.template.cliques = [decode]

print(Naming.podClique("chat", replica: 0, clique: decode.name))  // chat-0-decode
print(Hashing.generation(chat))  // 556f76d668f6ccf6b9d9, what the operator would write
