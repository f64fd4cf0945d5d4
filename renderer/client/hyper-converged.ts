// Owns naming the one HyperConverged: certificates, the allow list and density are in its spec.
// Must not read or write it.
import type { Key } from './client.ts';

export const hyperConverged: Key<'hyperconvergeds.hco.kubevirt.io'> = {
  resource: 'hyperconvergeds.hco.kubevirt.io',
  namespace: 'openshift-cnv',
  name: 'kubevirt-hyperconverged',
};
