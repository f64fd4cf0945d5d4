// Owns the TPM of a machine as the window offers it.
// Must not change a machine.
export const tpmChoices = ['none', 'temporary', 'kept'] as const;
export type TpmChoice = (typeof tpmChoices)[number];

interface TpmManifest {
  readonly enabled?: boolean;
  readonly persistent?: boolean;
}

export function tpmChoiceOf(tpm: TpmManifest | undefined): TpmChoice {
  if (tpm === undefined || tpm.enabled === false) return 'none';
  return tpm.persistent === true ? 'kept' : 'temporary';
}

export function tpmOf(choice: TpmChoice): TpmManifest | undefined {
  if (choice === 'none') return undefined;
  return choice === 'kept' ? { persistent: true } : {};
}
