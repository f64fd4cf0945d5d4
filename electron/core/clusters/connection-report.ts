// Owns what is asked of a cluster before it is used, and what the answers mean: usable, or plainly why not.
// Must not ask; the engine does.
import type { ClusterPart, ConnectionReport, Permission } from '../../api/clusters.ts';
import { permissions } from '../../api/clusters.ts';
import type { Cause } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';

/** One question of Kubernetes' API. */
export interface ClusterQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: JsonObject;
}

/** What came back, or why nothing did. */
export type ClusterReply = { readonly status: number; readonly value: Json | undefined } | { readonly causes: readonly Cause[] };

export const kubevirtQuestion: ClusterQuestion = { method: 'GET', path: '/apis/kubevirt.io' };
export const versionQuestion: ClusterQuestion = { method: 'GET', path: '/version' };
export const groupsQuestion: ClusterQuestion = { method: 'GET', path: '/apis' };

interface Asked {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

const asked: Readonly<Record<Permission, Asked>> = {
  list: { verb: 'list', group: 'kubevirt.io', resource: 'virtualmachines' },
  create: { verb: 'create', group: 'kubevirt.io', resource: 'virtualmachines' },
  change: { verb: 'patch', group: 'kubevirt.io', resource: 'virtualmachines' },
  delete: { verb: 'delete', group: 'kubevirt.io', resource: 'virtualmachines' },
  start: { verb: 'update', group: 'subresources.kubevirt.io', resource: 'virtualmachines', subresource: 'start' },
  stop: { verb: 'update', group: 'subresources.kubevirt.io', resource: 'virtualmachines', subresource: 'stop' },
  console: { verb: 'get', group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances', subresource: 'console' },
  vnc: { verb: 'get', group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances', subresource: 'vnc' },
  upload: { verb: 'create', group: 'upload.cdi.kubevirt.io', resource: 'uploadtokenrequests' },
  export: { verb: 'create', group: 'export.kubevirt.io', resource: 'virtualmachineexports' },
};

/** Kubernetes' own question; without a namespace it is about all of them. */
export function accessQuestion(permission: Permission, namespace: string | undefined): ClusterQuestion {
  const resourceAttributes = { ...asked[permission], ...(namespace === undefined ? {} : { namespace }) };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  return { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body };
}

export interface ClusterReplies {
  readonly context: string;
  readonly namespace: string;
  readonly server?: string;
  readonly version: ClusterReply;
  readonly kubevirt: ClusterReply;
  readonly groups: ClusterReply;
  /** In the project. */
  readonly access: Readonly<Partial<Record<Permission, ClusterReply>>>;
  readonly listEverywhere?: ClusterReply;
}

export function connectionReport(replies: ClusterReplies): ConnectionReport {
  const { namespace, server, version } = replies;
  const gitVersion = 'status' in version ? textAt(version.value, 'gitVersion') : undefined;
  const may = Object.fromEntries(permissions.flatMap((permission) => answered(permission, replies.access[permission])));
  const causes = causesOf(replies, may);
  return {
    usable: causes.length === 0,
    causes,
    ...(server === undefined ? {} : { server }),
    ...(gitVersion === undefined ? {} : { version: gitVersion }),
    namespace,
    everywhere: isAllowed(replies.listEverywhere) === true,
    may,
    has: partsIn(replies.groups),
  };
}

function answered(permission: Permission, reply: ClusterReply | undefined): readonly (readonly [Permission, boolean])[] {
  const allowed = isAllowed(reply);
  return allowed === undefined ? [] : [[permission, allowed]];
}

function isAllowed(reply: ClusterReply | undefined): boolean | undefined {
  if (reply === undefined || !('status' in reply) || reply.status >= 300) return undefined;
  return objectAt(reply.value, 'status')['allowed'] === true;
}

function causesOf(replies: ClusterReplies, may: Readonly<Partial<Record<Permission, boolean>>>): readonly Cause[] {
  const { kubevirt, context, namespace, listEverywhere } = replies;
  if ('causes' in kubevirt) return kubevirt.causes;
  const field = 'spec.context';
  if (kubevirt.status === 401) {
    const message = `The cluster does not accept the credentials of the context ${context}.`;
    return [{ reason: 'Unauthorized', field, message, fix: 'Sign in to the cluster again, as for kubectl.' }];
  }
  if (kubevirt.status === 403) {
    const message = `The user of the context ${context} may not look at what the cluster serves.`;
    return [{ reason: 'Forbidden', field, message, fix: 'Ask for the role kubevirt.io:view.' }];
  }
  if (kubevirt.status === 404) {
    const message = 'There is no KubeVirt on this cluster: nothing is served at /apis/kubevirt.io.';
    return [{ reason: 'NoKubeVirt', field, message, fix: 'Choose another context, or have KubeVirt installed there.' }];
  }
  if (kubevirt.status >= 300) {
    const message = `The cluster answers ${kubevirt.status} at /apis/kubevirt.io: ${textAt(kubevirt.value, 'message') ?? 'it says nothing more'}`;
    return [{ reason: 'UnexpectedServerResponse', field, message, fix: 'Try again later, or ask its administrator.' }];
  }
  if (!servesV1(kubevirt.value)) {
    const message = 'The KubeVirt of this cluster does not serve kubevirt.io/v1.';
    return [{ reason: 'KubeVirtTooOld', field, message, fix: 'KubeVirt 0.36 and newer do.' }];
  }
  if (may.list === true || isAllowed(listEverywhere) === true) return [];
  const message = `The user of the context ${context} may not list machines in the project ${namespace}.`;
  return [
    { reason: 'NoPermission', field: 'spec.namespace', message, fix: 'Choose a project of yours, or ask for the role kubevirt.io:view.' },
  ];
}

function servesV1(value: Json | undefined): boolean {
  const versions = objectOf(value)['versions'];
  return Array.isArray(versions) && versions.some((row: Json) => objectOf(row)['version'] === 'v1');
}

const groupOfPart: Readonly<Record<ClusterPart, string>> = {
  disks: 'cdi.kubevirt.io',
  upload: 'upload.cdi.kubevirt.io',
  export: 'export.kubevirt.io',
  snapshots: 'snapshot.kubevirt.io',
  instancetypes: 'instancetype.kubevirt.io',
  networks: 'k8s.cni.cncf.io',
};

function partsIn(groups: ClusterReply): ConnectionReport['has'] {
  if (!('status' in groups) || groups.status >= 300) return {};
  const listed = objectOf(groups.value)['groups'];
  const names = new Set(Array.isArray(listed) ? listed.map((row: Json) => objectOf(row)['name']) : []);
  return Object.fromEntries(Object.entries(groupOfPart).map(([part, group]) => [part, names.has(group)]));
}

function objectAt(value: Json | undefined, name: string): JsonObject {
  return objectOf(objectOf(value)[name]);
}

function textAt(value: Json | undefined, name: string): string | undefined {
  const found = objectOf(value)[name];
  return typeof found === 'string' ? found : undefined;
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
