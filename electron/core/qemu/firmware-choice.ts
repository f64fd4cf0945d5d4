// Owns which firmware descriptor a machine is started with (QEMU's docs/interop/firmware.json).
// Must not read the descriptors; they are facts, in the host's order of preference.
import type { FirmwareState } from '../../api/firmware-state.ts';
import type { FirmwareDescriptor } from '../facts.ts';

export interface Wanted {
  /** Versioned, such as `pc-q35-7.2`: the globs of the descriptors know no alias. */
  readonly machine: string;
  readonly state: Exclude<FirmwareState, 'bios'>;
}

/** The first descriptor that fits. */
export function firmwareFor({ machine, state }: Wanted, descriptors: readonly FirmwareDescriptor[]): FirmwareDescriptor | undefined {
  const fitting = descriptors.filter(
    ({ interfaceTypes, targets }) =>
      interfaceTypes.includes('uefi') &&
      targets.some(({ architecture, machines }) => architecture === 'x86_64' && machines.some((glob) => globMatches(glob, machine))),
  );
  switch (state) {
    case 'secure-boot':
      return fitting.filter(isSecure).find(hasKeys);
    case 'setup-mode':
      return fitting.filter(isSecure).find((row) => !hasKeys(row));
    case 'uefi': {
      const open = fitting.filter((row) => !hasKeys(row));
      // A build that demands SMM does without keys too, but is slower and stricter than it need be.
      return open.find((row) => !row.features.includes('requires-smm')) ?? open[0];
    }
  }
}

/** Without SMM nothing keeps the guest from rewriting the keys that Secure Boot trusts. */
function isSecure({ features }: FirmwareDescriptor): boolean {
  return features.includes('secure-boot') && features.includes('requires-smm');
}

function hasKeys({ features }: FirmwareDescriptor): boolean {
  return features.includes('enrolled-keys');
}

function globMatches(glob: string, name: string): boolean {
  const pattern = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
}
