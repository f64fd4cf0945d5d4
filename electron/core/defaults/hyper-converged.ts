// Owns the defaults of HyperConverged.
// Must not refuse anything: core/validate does, after this.
import type { HyperConvergedSpec } from '../../api/kinds/hyper-converged.ts';
import { completeCertConfig } from '../certificates/cert-config.ts';
import { completeDensity } from '../quota/density.ts';
import type { DefaultRule } from './defaulting-facts.ts';

/** A value that was deleted comes back as its default, and may then conflict with the ones that stayed. */
export const defaultedHyperConverged: DefaultRule<{ readonly spec?: HyperConvergedSpec }> = (object) => ({
  ...object,
  spec: { ...object.spec, certConfig: completeCertConfig(object.spec?.certConfig), ...completeDensity(object.spec ?? {}) },
});
