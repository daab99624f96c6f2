import KubernetesModel

/// The PodCliqueSet of the worked example R-900.
let demo = """
  metadata: {name: demo, namespace: ns}
  spec:
    replicas: 1
    template:
      cliqueStartupType: CliqueStartupTypeInOrder
      cliques:
      - name: fe
        spec: {roleName: fe, replicas: 2, minAvailable: 1, podSpec: {containers: [{name: c, image: a:1}]}}
      - name: ld
        spec: {roleName: ld, replicas: 1, minAvailable: 1, podSpec: {containers: [{name: c, image: a:1}]}}
      - name: wk
        spec:
          roleName: wk
          replicas: 3
          minAvailable: 2
          podSpec:
            initContainers: [{name: prepare, image: a:1}]
            containers:
            - name: c
              image: a:1
              env: [{name: MINE, value: x}, {name: GROVE_PCS_NAME, value: stolen}]
      podCliqueScalingGroups:
      - {name: sg, cliqueNames: [ld, wk], replicas: 3, minAvailable: 2}
  """

/// One clique `a` with three pods, of which two are enough.
let single = """
  metadata: {name: one, namespace: ns}
  spec:
    replicas: 1
    template:
      cliques:
      - name: a
        spec: {roleName: a, replicas: 3, minAvailable: 2, podSpec: {containers: [{name: c, image: a:1}]}}
  """
