// Owns the rules of a VirtualMachineExport, in KubeVirt's words.
// Must not look whether its source is there: it may come.
import type { VirtualMachineExport } from '../../api/kinds/virtual-machine-export.ts';
import { parseDuration } from '../../api/duration.ts';
import { sameJson } from '../status/same-json.ts';
import type { Cause } from '../../api/errors.ts';
import { type Rule, invalid } from './rule.ts';

type Draft = Pick<VirtualMachineExport, 'spec'>;

/** Group of each kind that a machine's disks can be found by. */
const sources: Readonly<Record<string, readonly string[]>> = {
  VirtualMachine: ['kubevirt.io'],
  PersistentVolumeClaim: [''],
  VirtualMachineSnapshot: ['snapshot.kubevirt.io'],
};

const source: Rule<Draft> = ({ spec }) => {
  const { apiGroup = '', kind, name } = spec.source;
  if (sources[kind]?.includes(apiGroup ?? '') !== true)
    return [invalid('spec.source', 'Invalid kind or apiGroup', 'Use a VirtualMachine of kubevirt.io, or a PersistentVolumeClaim.')];
  if (name === '') return [invalid('spec.source.name', 'source name must not be empty')];
  return kind === 'VirtualMachineSnapshot'
    ? [invalid('spec.source', 'Snapshots stay inside the disks here and cannot be exported.', 'Restore it, and export the machine.')]
    : [];
};

const ttl: Rule<Draft> = ({ spec: { ttlDuration } }) => {
  if (ttlDuration === undefined) return [];
  const parsed = parseDuration(ttlDuration);
  return parsed.ok ? [] : [invalid('spec.ttlDuration', parsed.error, 'Write 2h, or 30m.')];
};

export const exportRules: readonly Rule<Draft>[] = [source, ttl];

export function exportUpdateCauses({ spec }: Draft, old: Draft): Cause[] {
  return sameJson(spec, old.spec) ? [] : [invalid('spec', 'spec in immutable after creation', 'Delete it and make another.')];
}
