// Owns what is offered for reasons in the firmware and the TPM.
// Must not judge.
import type { FixAction } from '../../../api/fix-actions.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { type FixRow, added, change, removed } from './fix-row.ts';

const bootloader = '/spec/domain/firmware/bootloader';
const keepUefi = change('Use UEFI', removed(`${bootloader}/bios`));
const keepBios = change('Use the BIOS', added(bootloader, { bios: {} }));
export const withoutSecureBoot = change('Use UEFI without Secure Boot', added(`${bootloader}/efi/secureBoot`, false));
const withoutTpm = change('Take the TPM out', removed('/spec/domain/devices/tpm'));

export const firmwareFixes: readonly FixRow[] = [
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.firmware\.bootloader$/, offer: () => [keepUefi, keepBios] },
  {
    reason: 'FieldValueInvalid',
    field: /^spec\.domain\.firmware\.bootloader\.efi\.secureBoot$/,
    offer: ({ vmi }) => [managementMode(vmi), withoutSecureBoot],
  },
  {
    reason: 'FirmwareMissing',
    field: /^spec\.domain\.firmware\.bootloader\.efi$/,
    offer: ({ vmi }) => [...(vmi.spec.domain.firmware?.bootloader?.efi?.secureBoot === false ? [] : [withoutSecureBoot]), keepBios],
  },
  { reason: ['SwtpmMissing', 'SwtpmTooOld'], field: /^spec\.domain\.devices\.tpm$/, offer: () => [withoutTpm] },
];

function managementMode({ spec: { domain } }: VirtualMachineInstance): FixAction {
  return change(
    'Switch System Management Mode on',
    added('/spec/domain/features', { ...(domain.features as object), smm: { enabled: true } }),
  );
}
