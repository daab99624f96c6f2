internal import KubernetesModel

/// The two digests that decide what counts as updated, bit for bit those of the original operator (R-100…R-110).
public enum Hashing {
  /// Digest of one clique's pod template: the value of the label `grove.io/pod-template-hash`.
  ///
  /// - Parameters:
  ///   - clique: the clique as stored after admission.
  ///   - priorityClassName: `spec.template.priorityClassName` of the PodCliqueSet; it replaces the clique's own.
  /// - Complexity: O(bytes of the dump), about 8,000 for a template with one container.
  public static func podTemplate(_ clique: PodCliqueTemplateSpec, priorityClassName: String) -> String {
    generation([clique], priorityClassName: priorityClassName)
  }

  /// Digest of all cliques' pod templates in list order: `status.currentGenerationHash`.
  public static func generation(_ podCliqueSet: PodCliqueSet) -> String {
    let template = podCliqueSet.spec.template
    return generation(template.cliques, priorityClassName: template.priorityClassName)
  }

  /// Digest of some cliques' pod templates in list order.
  public static func generation(_ cliques: [PodCliqueTemplateSpec], priorityClassName: String) -> String {
    var dump = GoDump()
    for clique in cliques { append(clique, priorityClassName, to: &dump) }
    return safeEncoded(dump.hash)
  }

  /// The text that is hashed for one clique, for whoever wants to compare it with the original's.
  public static func dump(of clique: PodCliqueTemplateSpec, priorityClassName: String) -> String {
    var dump = GoDump()
    dump.transcript = []
    append(clique, priorityClassName, to: &dump)
    return String(decoding: dump.transcript ?? [], as: UTF8.self)
  }

  private static func append(
    _ clique: PodCliqueTemplateSpec, _ priorityClassName: String, to dump: inout GoDump
  ) {
    dump.write(
      """
      (*v1.PodTemplateSpec){ObjectMeta:(v1.ObjectMeta){Name:(string) GenerateName:(string) Namespace:(string) \
      SelfLink:(string) UID:(types.UID) ResourceVersion:(string) Generation:(int64)0 CreationTimestamp:(v1.Time)\
      {Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}} DeletionTimestamp:(*v1.Time)<nil> \
      DeletionGracePeriodSeconds:(*int64)<nil> Labels:(map[string]string)
      """)
    dump.map(clique.labels, clique.preserved.isMarkedEmpty(FieldSymbols.labels))
    dump.write(" Annotations:(map[string]string)")
    dump.map(clique.annotations, clique.preserved.isMarkedEmpty(FieldSymbols.annotations))
    dump.write(
      """
       OwnerReferences:([]v1.OwnerReference)<nil> Finalizers:([]string)<nil> \
      ManagedFields:([]v1.ManagedFieldsEntry)<nil>} Spec:(v1.PodSpec)
      """)
    var podSpec = clique.spec.podSpec
    podSpec.priorityClassName = priorityClassName
    dump.dump(podSpec)
    dump.write("}")
  }

  /// The decimal digits of a digest in the alphabet that Kubernetes uses for names.
  static func safeEncoded(_ digest: UInt64) -> String {
    let digits = Array("456789bcdf".utf8)
    return String(
      decoding: String(digest).utf8.map { digits[Int($0 - 0x30)] }, as: UTF8.self)
  }
}
