// Owns which objects a machine speaks of by name, so that somebody can look whether they are there.
// Must not look.
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';

export interface Reference {
  readonly kind: string;
  readonly name: string;
  /** Absent for kinds without projects. */
  readonly namespace?: string;
  /** Of the API. */
  readonly path: string;
  /** Where the machine speaks of it. */
  readonly field: string;
}

/** Whether it is there; undefined when nobody may tell. */
export type Found = ReadonlyMap<string, boolean>;

export function referencesOf(vm: VirtualMachine, namespace: string): readonly Reference[] {
  const { instancetype, preference, template } = vm.spec;
  const spec = template.spec;
  const inProject =
    (kind: string, group: string, plural: string) =>
    (name: string, field: string): Reference => ({
      kind,
      name,
      namespace,
      path: `${group}/namespaces/${namespace}/${plural}/${name}`,
      field,
    });
  const secret = inProject('Secret', '/api/v1', 'secrets');
  const configMap = inProject('ConfigMap', '/api/v1', 'configmaps');
  const volumes = (spec?.volumes ?? []).flatMap((volume, index) => {
    const field = `spec.template.spec.volumes[${index}]`;
    const cloudInit = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive;
    const named: readonly (readonly [string | undefined, (name: string, field: string) => Reference, string])[] = [
      [cloudInit?.secretRef?.name, secret, 'secretRef'],
      [cloudInit?.networkDataSecretRef?.name, secret, 'networkDataSecretRef'],
      [volume.secret?.secretName, secret, 'secret'],
      [volume.configMap?.name, configMap, 'configMap'],
      [volume.sysprep?.secret?.name, secret, 'sysprep.secret'],
      [volume.sysprep?.configMap?.name, configMap, 'sysprep.configMap'],
      [volume.containerDisk?.imagePullSecret, secret, 'containerDisk.imagePullSecret'],
    ];
    return named.flatMap(([name, make, part]) => (name === undefined ? [] : [make(name, `${field}.${part}`)]));
  });
  const keys = (spec?.accessCredentials ?? []).flatMap((credential, index) => {
    const name = credential.sshPublicKey?.source.secret?.secretName ?? credential.userPassword?.source.secret?.secretName;
    return name === undefined ? [] : [secret(name, `spec.template.spec.accessCredentials[${index}]`)];
  });
  const networks = (spec?.networks ?? []).flatMap(({ multus }, index) =>
    multus === undefined
      ? []
      : [networkReference(multus.networkName, namespace, `spec.template.spec.networks[${index}].multus.networkName`)],
  );
  return [
    ...volumes,
    ...keys,
    ...networks,
    ...(instancetype?.name === undefined
      ? []
      : [typeReference('Instancetype', instancetype.kind, { name: instancetype.name, namespace, field: 'spec.instancetype' })]),
    ...(preference?.name === undefined
      ? []
      : [typeReference('Preference', preference.kind, { name: preference.name, namespace, field: 'spec.preference' })]),
    ...(spec?.priorityClassName === undefined || spec.priorityClassName === ''
      ? []
      : [
          {
            kind: 'PriorityClass',
            name: spec.priorityClassName,
            path: `/apis/scheduling.k8s.io/v1/priorityclasses/${spec.priorityClassName}`,
            field: 'spec.template.spec.priorityClassName',
          },
        ]),
  ];
}

/** `name`, or `project/name`. */
function networkReference(text: string, own: string, field: string): Reference {
  const [first = '', second] = text.split('/');
  const [namespace, name] = second === undefined ? [own, first] : [first, second];
  const path = `/apis/k8s.cni.cncf.io/v1/namespaces/${namespace}/network-attachment-definitions/${name}`;
  return { kind: 'NetworkAttachmentDefinition', name, namespace, path, field };
}

interface Typed {
  readonly name: string;
  readonly namespace: string;
  readonly field: string;
}

/** Without a kind the one of the whole cluster is meant. */
function typeReference(what: 'Instancetype' | 'Preference', kind: string | undefined, { name, namespace, field }: Typed): Reference {
  const isOwn = kind?.toLowerCase() === `virtualmachine${what.toLowerCase()}`;
  const plural = `virtualmachine${isOwn ? '' : 'cluster'}${what.toLowerCase()}s`;
  const scope = isOwn ? `/namespaces/${namespace}` : '';
  const full = `VirtualMachine${isOwn ? '' : 'Cluster'}${what}`;
  return {
    kind: full,
    name,
    ...(isOwn ? { namespace } : {}),
    path: `/apis/instancetype.kubevirt.io/v1beta1${scope}/${plural}/${name}`,
    field,
  };
}
