// Owns in which step of the wizard the field of a reason is chosen.
// Must not judge.
import type { StepId } from './form.ts';

/** Fields as the machine has them, under `spec.template`. The first that fits. */
const rows: readonly { readonly field: RegExp; readonly step: StepId }[] = [
  { field: /\.domain\.(memory\.hugepages|cpu\.dedicatedCpuPlacement|firmware|features|devices\.(tpm|watchdog))/, step: 'options' },
  { field: /\.domain\.(memory|cpu|resources)/, step: 'size' },
  { field: /\.devices\.(gpus|hostDevices)/, step: 'devices' },
  { field: /virtdeck\.io\/network-boot/, step: 'system' },
  { field: /\.(networks|devices\.interfaces)\[|virtdeck\.io\/port-forwards/, step: 'network' },
  { field: /cloudInit/, step: 'account' },
  { field: /\.(volumes|devices\.disks)\b|dataVolumeTemplates/, step: 'disk' },
  { field: /^metadata\.name/, step: 'size' },
];

/** Undefined for what the wizard does not ask. */
export function causeStep(field: string): StepId | undefined {
  return rows.find((row) => row.field.test(field))?.step;
}
