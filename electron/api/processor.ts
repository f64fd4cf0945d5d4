// Owns the answer to "which processors can guests have here?": GET /apis/virtdeck.io/v1alpha1/processor.
// Must not compute anything; core/cpu does.

export interface ProcessorReport {
  readonly accelerator: 'kvm' | 'tcg';
  /** What `host-model` is here; absent when QEMU could not be asked. */
  readonly hostModel?: {
    readonly name: string;
    /** Features that it has beside the named model's, and those of the model that it has not. */
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** 1 to 4 for x86-64-v1 to v4; 0 for no 64-bit processor. */
    readonly level: number;
  };
  readonly models: readonly ProcessorModel[];
  /** By QEMU's name of each, in order of the alphabet. */
  readonly features: readonly { readonly name: string; readonly available: boolean }[];
}

export interface ProcessorModel {
  readonly name: string;
  /** Features of the model that guests cannot have here; empty when it runs. */
  readonly missing: readonly string[];
  readonly deprecated: boolean;
}
