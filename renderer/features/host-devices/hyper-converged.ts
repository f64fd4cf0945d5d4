// Owns naming the one HyperConverged, whose spec has the allow list.
// Must not read or write it.
import type { Key } from '../../client/client.ts';

export const hyperConverged: Key<'hyperconvergeds.hco.kubevirt.io'> = {
  resource: 'hyperconvergeds.hco.kubevirt.io',
  namespace: 'openshift-cnv',
  name: 'kubevirt-hyperconverged',
};
