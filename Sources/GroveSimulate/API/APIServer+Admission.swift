internal import GroveModel
internal import KubernetesModel

extension APIServer {
  func admitted(_ resource: Resource, replacing live: Resource?) throws(APIError) -> Resource { resource }
}
