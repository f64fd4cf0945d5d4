// Owns reading from the labels of a machine's disk which instance type and preference it should have (KubeVirt v1.9.0, pkg/instancetype/infer).
// Must not change a machine that names them itself.
import type { DataVolume } from '../../api/kinds/data-volume.ts';
import type { VirtualMachineSpec } from '../../api/kinds/virtual-machine.ts';
import type { KubeObject, ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { type Matcher, type MatcherName, matcherNames } from './matcher.ts';

/** Reads one object as it is now. */
export type Lookup = (key: ObjectKey) => KubeObject | undefined;

export interface Inference {
  readonly spec: VirtualMachineSpec;
  /** Sentences; none when everything that was asked for was found, or may be done without. */
  readonly failures: readonly string[];
}

interface Labels {
  readonly name: string;
  readonly kind: string;
}

const labelsOf: Readonly<Record<MatcherName, Labels>> = {
  instancetype: { name: 'instancetype.kubevirt.io/default-instancetype', kind: 'instancetype.kubevirt.io/default-instancetype-kind' },
  preference: { name: 'instancetype.kubevirt.io/default-preference', kind: 'instancetype.kubevirt.io/default-preference-kind' },
};

type Found = { readonly matcher: Matcher } | { readonly failure: string; readonly mayBeIgnored: boolean };

/** Namespace is the machine's. */
export function inferred(spec: VirtualMachineSpec, namespace: string, lookup: Lookup): Inference {
  return matcherNames.reduce((current: Inference, name) => inferOne(current, name, { spec: current.spec, namespace, lookup }), {
    spec,
    failures: [],
  });
}

interface Request {
  readonly spec: VirtualMachineSpec;
  readonly namespace: string;
  readonly lookup: Lookup;
}

function inferOne(before: Inference, name: MatcherName, request: Request): Inference {
  const asked = before.spec[name];
  const volume = asked?.inferFromVolume ?? '';
  if (volume === '') return before;
  const mayFail = asked?.inferFromVolumeFailurePolicy === 'Ignore';
  const found = fromVolume(request, volume, labelsOf[name]);
  if ('matcher' in found) {
    const spec = { ...before.spec, [name]: found.matcher };
    // Who lets the disk decide, if it can, wrote the memory for the case that it cannot.
    return { ...before, spec: name === 'instancetype' && mayFail ? withoutMemory(spec) : spec };
  }
  if (!mayFail || !found.mayBeIgnored) return { ...before, failures: [...before.failures, found.failure] };
  const { [name]: _cleared, ...rest } = before.spec;
  return { ...before, spec: rest };
}

function withoutMemory(spec: VirtualMachineSpec): VirtualMachineSpec {
  const { template } = spec;
  if (template.spec?.domain.memory === undefined) return spec;
  const { memory: _memory, ...domain } = template.spec.domain;
  return { ...spec, template: { ...template, spec: { ...template.spec, domain } } };
}

function fromVolume(request: Request, volumeName: string, labels: Labels): Found {
  const { spec, namespace } = request;
  const volume = spec.template.spec?.volumes?.find(({ name }) => name === volumeName);
  if (volume === undefined) return { failure: `unable to find volume ${volumeName} to infer defaults`, mayBeIgnored: false };
  const { persistentVolumeClaim: claim, dataVolume } = volume;
  if (claim !== undefined) return fromClaim(request, { namespace, name: claim.claimName }, labels);
  if (dataVolume !== undefined) return fromDataVolume(request, dataVolume.name, labels);
  return ignorable(`unable to infer defaults from volume ${volumeName} as type is not supported`);
}

function ignorable(failure: string): Found {
  return { failure, mayBeIgnored: true };
}

function fromLabels(object: Pick<KubeObject, 'metadata'>, labels: Labels): Found {
  const own = object.metadata.labels ?? {};
  const name = own[labels.name];
  if (name === undefined) return ignorable(`unable to find required ${labels.name} label on the volume`);
  const kind = own[labels.kind] ?? '';
  return { matcher: kind === '' ? { name } : { name, kind } };
}

function fromClaim({ lookup }: Request, { namespace, name }: { readonly namespace: string; readonly name: string }, labels: Labels): Found {
  const claim = lookup({ resource: resources.persistentVolumeClaims, namespace, name });
  return claim === undefined ? { failure: `persistentvolumeclaims "${name}" not found`, mayBeIgnored: false } : fromLabels(claim, labels);
}

function fromDataVolume(request: Request, name: string, labels: Labels): Found {
  const { spec, namespace, lookup } = request;
  const template = spec.dataVolumeTemplates?.find(({ metadata }) => metadata?.name === name);
  if (template !== undefined) return fromSource(request, template.spec, labels);
  const stored = lookup({ resource: resources.dataVolumes, namespace, name }) as DataVolume | undefined;
  if (stored === undefined) return fromClaim(request, { namespace, name }, labels);
  const own = fromLabels(stored, labels);
  return 'matcher' in own ? own : fromSource(request, stored.spec, labels);
}

function fromSource(request: Request, { source }: Pick<DataVolume['spec'], 'source'>, labels: Labels): Found {
  if (source?.pvc === undefined) return ignorable('unable to infer defaults from DataVolumeSpec as DataVolumeSource is not supported');
  return fromClaim(request, { namespace: source.pvc.namespace, name: source.pvc.name }, labels);
}
