// Owns the rules of HyperConverged.
// Must not look past certConfig's first conflict: the operator's webhook names one.
import type { HyperConvergedSpec } from '../../api/kinds/hyper-converged.ts';
import { hyperConvergedKind } from '../../api/kinds/hyper-converged.ts';
import type { DraftObject } from '../../api/object.ts';
import { certConfigCauses, completeCertConfig } from '../certificates/cert-config.ts';
import { mediatedDevices } from './mediated-devices.ts';
import { permittedHostDevices } from './permitted-devices.ts';
import { type Rule, invalid } from './rule.ts';

export interface HyperConvergedDraft extends Pick<DraftObject, 'metadata'> {
  readonly spec: HyperConvergedSpec;
}

const oneObject: Rule<HyperConvergedDraft> = ({ metadata }) => {
  const { namespace, name } = hyperConvergedKind.only ?? metadata;
  if (metadata.namespace !== namespace) {
    const message = `invalid namespace for v1beta1.HyperConverged - please use the ${namespace} namespace`;
    return [invalid('metadata.namespace', message, `Edit ${name} in ${namespace}.`)];
  }
  if (metadata.name === name) return [];
  return [invalid('metadata.name', `there is one HyperConverged, named ${name}`, `Edit ${name}.`)];
};

const certConfig: Rule<HyperConvergedDraft> = ({ spec }, path) =>
  certConfigCauses(completeCertConfig(spec.certConfig), `${path}.certConfig`);

export const hyperConvergedRules: readonly Rule<HyperConvergedDraft>[] = [oneObject, certConfig, permittedHostDevices, mediatedDevices];
