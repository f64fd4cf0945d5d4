// Owns the rules of MachineConfig, in the words of the operator that renders it.
// Must not refuse what has its effect on a cluster only: the preparation says so.
import type { MachineConfigSpec } from '../../api/kinds/machine-config.ts';
import type { DraftObject } from '../../api/object.ts';
import { type Rule, invalid } from './rule.ts';

export interface MachineConfigDraft extends Pick<DraftObject, 'metadata'> {
  readonly spec: MachineConfigSpec;
}

const ignitionVersion: Rule<MachineConfigDraft> = ({ spec }, path) => {
  if (spec.config === undefined) return [];
  const version = spec.config.ignition?.version;
  if (version !== undefined && /^3\.[0-5]\.\d+$/.test(version)) return [];
  const message =
    version === undefined
      ? 'parsing Ignition config failed: missing version'
      : `parsing Ignition config failed: unknown version. Supported spec versions: 3.0 to 3.5`;
  return [invalid(`${path}.config.ignition.version`, message, 'Write version: 3.2.0.')];
};

const files: Rule<MachineConfigDraft> = ({ spec }, path) => {
  const given: unknown = spec.config?.storage?.files;
  if (given === undefined) return [];
  if (!Array.isArray(given)) return [invalid(`${path}.config.storage.files`, 'it must be a list', 'Write one item for each file.')];
  return (given as readonly unknown[]).flatMap((file, index) => {
    const name = typeof file === 'object' && file !== null && 'path' in file ? file.path : undefined;
    return typeof name === 'string' && name.startsWith('/')
      ? []
      : [invalid(`${path}.config.storage.files[${index}].path`, 'path not absolute', 'Write the whole path.')];
  });
};

export const machineConfigRules: readonly Rule<MachineConfigDraft>[] = [ignitionVersion, files];
