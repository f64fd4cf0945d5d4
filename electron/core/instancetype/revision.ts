// Owns what a machine keeps of its instance type and preference: a ControllerRevision of each, so that later changes do not touch it
// (KubeVirt v1.9.0, pkg/instancetype/revision). Must not find or store anything.
import type { ControllerRevision } from '../../api/kinds/controller-revision.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject, KubeObject } from '../../api/object.ts';
import { ownedBy } from '../reconcile/vmi-of-vm.ts';
import type { Matcher, MatcherName } from './matcher.ts';

export type StatusRef = NonNullable<VirtualMachineStatus['instancetypeRef']>;

export function revisionName(vm: Pick<VirtualMachine, 'metadata'>, object: KubeObject): string {
  const { name, uid, generation } = object.metadata;
  const version = object.apiVersion.split('/').at(-1) ?? '';
  return `${vm.metadata.name}-${name}-${version}-${uid}-${generation}`;
}

export function revisionOf(vm: VirtualMachine, object: KubeObject): DraftObject {
  const { name, uid, generation, namespace, resourceVersion, creationTimestamp } = object.metadata;
  const prefix = 'instancetype.kubevirt.io/object';
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: revisionName(vm, object),
      labels: {
        [`${prefix}-generation`]: String(generation),
        [`${prefix}-kind`]: object.kind,
        [`${prefix}-name`]: name,
        [`${prefix}-uid`]: uid,
        [`${prefix}-version`]: object.apiVersion.split('/').at(-1) ?? '',
      },
      ownerReferences: [ownedBy(vm)],
    },
    data: {
      ...object,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, generation, creationTimestamp },
    },
    revision: 0,
  };
}

/** The spec inside; undefined when it holds nothing of the sort. */
export function specIn(revision: ControllerRevision): unknown {
  const { data } = revision;
  return typeof data === 'object' && data !== null && 'spec' in data ? data.spec : undefined;
}

/** The revision to read: the one that its author names, else the one that is kept of the same object. */
export function keptRevision(vm: Pick<VirtualMachine, 'spec' | 'status'>, name: MatcherName): string | undefined {
  const matcher = vm.spec[name];
  if (matcher === undefined) return undefined;
  if ((matcher.revisionName ?? '') !== '') return matcher.revisionName;
  const ref = vm.status?.[`${name}Ref`];
  return ref !== undefined && isOf(ref, matcher) ? ref.controllerRevisionRef?.name : undefined;
}

function isOf(ref: StatusRef, matcher: Matcher): boolean {
  return ref.name === matcher.name && (matcher.kind ?? '').toLowerCase() === (ref.kind ?? '').toLowerCase();
}

/** What the status says of the matcher. */
export function statusRef({ name, kind }: Matcher, revision: string): StatusRef {
  return {
    ...(name === undefined ? {} : { name }),
    ...(kind === undefined ? {} : { kind }),
    controllerRevisionRef: { name: revision },
  };
}
