// Owns what a program in the lab may use: its input, and a way to tell its results.
// Must not import anything of the product, so that a lab without it is a lab, too.

export interface LabSide {
  /** As given outside. */
  readonly input: unknown;
  /** One JSON value; arrives outside at once, in order. */
  report(result: unknown): void;
}

export type LabProgramMain = (lab: LabSide) => Promise<void>;
