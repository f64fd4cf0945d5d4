// What the answers of a cluster mean. The replies are Kubernetes' and KubeVirt's own, as they come over the wire.
import { describe, expect, test } from 'vitest';
import {
  accessQuestion,
  type ClusterReplies,
  type ClusterReply,
  connectionReport,
} from '../../../electron/core/clusters/connection-report.ts';

const ok = (value: NonNullable<Extract<ClusterReply, { status: number }>['value']>): ClusterReply => ({ status: 200, value });
const refused = (status: number, message: string): ClusterReply => ({
  status,
  value: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: status },
});
const access = (allowed: boolean): ClusterReply => ({
  status: 201,
  value: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, status: { allowed, reason: 'RBAC' } },
});
const kubevirt = ok({
  kind: 'APIGroup',
  apiVersion: 'v1',
  name: 'kubevirt.io',
  versions: [
    { groupVersion: 'kubevirt.io/v1', version: 'v1' },
    { groupVersion: 'kubevirt.io/v1alpha3', version: 'v1alpha3' },
  ],
});
const healthy: ClusterReplies = {
  context: 'prod',
  namespace: 'team',
  server: 'https://api.example.com:6443',
  version: ok({ major: '1', minor: '31', gitVersion: 'v1.31.2+k3s1' }),
  kubevirt,
  groups: ok({ kind: 'APIGroupList', groups: [{ name: 'kubevirt.io' }, { name: 'cdi.kubevirt.io' }, { name: 'upload.cdi.kubevirt.io' }] }),
  access: { list: access(true), create: access(true), delete: access(false) },
  listEverywhere: access(false),
};

describe('a cluster with KubeVirt', () => {
  test('is usable, with what its user may do and what it has', () => {
    expect(connectionReport(healthy)).toEqual({
      usable: true,
      causes: [],
      server: 'https://api.example.com:6443',
      version: 'v1.31.2+k3s1',
      namespace: 'team',
      everywhere: false,
      may: { list: true, create: true, delete: false },
      has: { disks: true, upload: true, export: false, snapshots: false, instancetypes: false, networks: false },
    });
  });

  test('needs no answer to what is nice to know', () => {
    const report = connectionReport({ ...healthy, version: refused(403, 'forbidden'), groups: refused(403, 'forbidden') });
    expect(report).toMatchObject({ usable: true, has: {} });
    expect(report.version).toBeUndefined();
  });

  test('asks with the words of RBAC, in one project or in all', () => {
    expect(accessQuestion('console', 'team').body).toMatchObject({
      spec: { resourceAttributes: { verb: 'get', group: 'subresources.kubevirt.io', subresource: 'console', namespace: 'team' } },
    });
    expect(JSON.stringify(accessQuestion('list', undefined).body)).not.toContain('namespace');
  });
});

describe('a context that cannot be used', () => {
  test.each<readonly [reason: string, change: Partial<ClusterReplies>]>([
    ['Unauthorized', { kubevirt: refused(401, 'Unauthorized') }],
    ['Forbidden', { kubevirt: refused(403, 'forbidden: User "system:anonymous" cannot get path "/apis/kubevirt.io"') }],
    ['NoKubeVirt', { kubevirt: { status: 404, value: undefined } }],
    ['UnexpectedServerResponse', { kubevirt: refused(503, 'the server is currently unable to handle the request') }],
    ['KubeVirtTooOld', { kubevirt: ok({ kind: 'APIGroup', versions: [{ version: 'v1alpha3' }] }) }],
    ['NoPermission', { access: { list: access(false) } }],
    ['Unreachable', { kubevirt: { causes: [{ reason: 'Unreachable', field: 'spec.context', message: 'It does not answer.' }] } }],
  ])('%s', (reason, change) => {
    const report = connectionReport({ ...healthy, ...change });
    expect(report.usable).toBe(false);
    expect(report.causes).toMatchObject([{ reason }]);
  });

  test('who may list machines of all projects may use it, whatever the project', () => {
    expect(connectionReport({ ...healthy, access: { list: access(false) }, listEverywhere: access(true) }).usable).toBe(true);
  });
});
