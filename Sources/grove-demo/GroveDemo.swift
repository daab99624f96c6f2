internal import ArgumentParser
internal import GroveModel

/// The command line of Swift Grove: each subcommand is a thin call into the libraries.
@main
struct GroveDemo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grove-demo",
    abstract: "See what Grove makes of a PodCliqueSet, offline and in milliseconds.",
    discussion: """
      EXAMPLES
        grove-demo expand -f pipeline.yaml              # every object Grove makes
        grove-demo expand -f pipeline.yaml -o tree      # the same as a picture
        grove-demo simulate -f pipeline.yaml            # run it, show the pods
        grove-demo get pcs,pclq,pg -f pipeline.yaml     # and everything else
        grove-demo plan -f new.yaml --old old.yaml      # what a change restarts
        grove-demo schedule -f pipeline.yaml --cluster node=20,cpu=64,gpu=8
        grove-demo why GANG -f pipeline.yaml --cluster nodes.yaml
        grove-demo explore -f pipeline.yaml --seeds 100 # does it always heal?
        grove-demo validate -f manifests/ -R            # check a folder
        grove-demo explain podcliqueset.spec.template   # what a field means
        grove-demo crds | kubectl apply -f -            # the definitions

      EXIT CODES
        0  fine        1  a finding (invalid, different, does not fit)
        2  an error    64  wrong usage
      """,
    version: versionLine,
    subcommands: [
      Expand.self,
      Simulate.self,
      PlanCommand.self,
      Get.self,
      Schedule.self,
      Why.self,
      Explore.self,
      Validate.self,
      Explain.self,
      CustomResources.self,
      Version.self,
    ])

  /// The one-line answer to `--version`.
  static var versionLine: String {
    "grove-demo \(GroveVersion.current) (compatible with \(GroveVersion.target))"
  }
}
