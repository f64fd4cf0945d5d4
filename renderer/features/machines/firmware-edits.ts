// Owns what an edit of firmware or TPM changes, as a JSON patch that refuses to overwrite what it has not seen.
// Must not send anything.
import { annotations } from '../../../electron/api/annotations.ts';
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import { type FirmwareState, firmwareStateOf } from '../../../electron/api/firmware-state.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { type TpmChoice, tpmChoiceOf, tpmOf } from '../../ui/tpm-choice.ts';
import { annotationPatch, domainPath, type Patch, specOf, unchanged } from './machine-edits.ts';

export function firmwareOf(vm: VirtualMachine): FirmwareState {
  // The template's own words win.
  const notes = { ...vm.metadata.annotations, ...vm.spec.template.metadata?.annotations };
  return firmwareStateOf({ annotations: notes, bootloader: specOf(vm).domain.firmware?.bootloader });
}

/** Secure Boot needs System Management Mode; BIOS drops the variables' persistence with the rest of `efi`. */
export function firmwarePatch(vm: VirtualMachine, state: FirmwareState): Patch {
  const { firmware, features } = specOf(vm).domain;
  const { bootloader, ...rest } = firmware ?? {};
  const isSecure = state === 'secure-boot' || state === 'setup-mode';
  const loader = state === 'bios' ? { bios: {} } : { efi: { ...bootloader?.efi, secureBoot: isSecure } };
  const patch: JsonPatchOperation[] = [
    ...unchanged(`${domainPath}/firmware`, firmware),
    { op: 'add', path: `${domainPath}/firmware`, value: { ...(rest as object), bootloader: loader } },
    ...annotationPatch(vm, annotations.secureBootKeys, state === 'setup-mode' ? 'own' : ''),
    ...withoutTemplateKeys(vm),
  ];
  if (isSecure && features?.smm?.enabled !== true) {
    patch.push({ op: 'add', path: `${domainPath}/features`, value: { ...(features as object), smm: { enabled: true } } });
  }
  return patch;
}

/** It would win over the machine's own. */
function withoutTemplateKeys(vm: VirtualMachine): Patch {
  if (vm.spec.template.metadata?.annotations?.[annotations.secureBootKeys] === undefined) return [];
  return [{ op: 'remove', path: `/spec/template/metadata/annotations/${annotations.secureBootKeys.replaceAll('/', '~1')}` }];
}

export function tpmChoice(vm: VirtualMachine): TpmChoice {
  return tpmChoiceOf(specOf(vm).domain.devices.tpm);
}

/** Name of the Secret that encrypts its state. */
export function tpmSecret(vm: VirtualMachine): string | undefined {
  return vm.spec.template.metadata?.annotations?.[annotations.tpmSecret] ?? vm.metadata.annotations?.[annotations.tpmSecret];
}

export function tpmPatch(vm: VirtualMachine, choice: TpmChoice): Patch {
  const old = specOf(vm).domain.devices.tpm;
  const value = tpmOf(choice);
  if (choice === tpmChoiceOf(old)) return [];
  const path = `${domainPath}/devices/tpm`;
  return [...unchanged(path, old), value === undefined ? { op: 'remove', path } : { op: 'add', path, value: { ...value } }];
}
