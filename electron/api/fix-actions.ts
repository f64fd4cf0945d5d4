// Owns fixes that can be pressed: a closed set, what each is called, what it does to others, its request and its command.
// Must not send anything; the window and the command line do, after asking.
import { annotations } from './annotations.ts';
import type { PageMoment } from './huge-pages.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import type { JsonObject } from './object.ts';

/** Adding one is a member here and a row below; whatever is decided to be a fix is data, never a function. */
export type FixAction =
  /** The label is a sentence of the core. Paths are those of the machine. */
  | { readonly type: 'PatchMachine'; readonly label: string; readonly patch: readonly JsonPatchOperation[] }
  /** `isInstance`: a run that no VirtualMachine owns; it ends by being deleted. */
  | { readonly type: 'StopMachine'; readonly namespace: string; readonly name: string; readonly isInstance?: boolean }
  | { readonly type: 'RaiseQuota'; readonly namespace: string; readonly name: string; readonly hard: Readonly<Record<string, string>> }
  | { readonly type: 'LabelNode'; readonly node: string; readonly key: string; readonly value: string }
  /** `taints` are those that stay. */
  | { readonly type: 'RemoveTaint'; readonly node: string; readonly taint: string; readonly taints: readonly NodeTaint[] }
  | { readonly type: 'AllowScheduling'; readonly node: string }
  | {
      readonly type: 'ReserveHugePages';
      readonly numaNode: number;
      readonly pageSize: string;
      /** Beside those that are there. */
      readonly more: number;
      readonly when: PageMoment;
    }
  /** One that nothing names. `bytes`: what its file takes. */
  | {
      readonly type: 'DeleteDisk';
      readonly namespace: string;
      readonly name: string;
      readonly bytes: number;
      readonly hasDataVolume: boolean;
    }
  /** A DataVolume that could not be filled. */
  | { readonly type: 'ImportAgain'; readonly namespace: string; readonly name: string }
  /** Whoever presses gives `value`: until then there is none. `isThere`: the Secret lacks the key alone. */
  | {
      readonly type: 'FillSecret';
      readonly namespace: string;
      readonly name: string;
      readonly key: string;
      readonly holds: 'text' | 'password';
      readonly isThere: boolean;
      readonly value?: string;
    }
  | { readonly type: 'MakeBridge'; readonly bridge: string; readonly vlanFiltering: boolean };

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** The machine that was checked. */
export interface FixTarget {
  readonly namespace: string;
  readonly name: string;
}

export interface FixRequest {
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly path: string;
  readonly contentType: 'application/json' | 'application/json-patch+json' | 'application/merge-patch+json';
  readonly body: JsonObject | readonly JsonPatchOperation[];
}

interface FixRow<Action extends FixAction> {
  /** What the button says. In the imperative, without a full stop. */
  readonly label: (action: Action) => string;
  /** What it means for others, to be read before it is confirmed. */
  readonly effect: (action: Action) => string;
  readonly request: (action: Action, target: FixTarget) => FixRequest;
  /** What one types to have the same done. */
  readonly command: (action: Action, target: FixTarget) => readonly string[];
}

const nodePath = (node: string): string => `/api/v1/nodes/${encodeURIComponent(node)}`;
const inNamespace = (group: string, namespace: string): string => `${group}/namespaces/${encodeURIComponent(namespace)}`;
const merged = (path: string, body: JsonObject): FixRequest => ({
  method: 'PATCH',
  path,
  contentType: 'application/merge-patch+json',
  body,
});

const rows: { readonly [Type in FixAction['type']]: FixRow<Extract<FixAction, { type: Type }>> } = {
  PatchMachine: {
    label: ({ label }) => label,
    effect: () => 'The definition of the machine is changed; the change can be taken back.',
    request: ({ patch }, { namespace, name }) => ({
      method: 'PATCH',
      path: `${inNamespace('/apis/kubevirt.io/v1', namespace)}/virtualmachines/${encodeURIComponent(name)}`,
      contentType: 'application/json-patch+json',
      body: patch,
    }),
    command: ({ patch }, { namespace, name }) => [
      'kubectl',
      '-n',
      namespace,
      'patch',
      'virtualmachine',
      name,
      '--type=json',
      '-p',
      JSON.stringify(patch),
    ],
  },
  StopMachine: {
    label: ({ name }) => `Stop ${name}`,
    effect: ({ namespace, name }) =>
      `The guest of ${name} (project ${namespace}) is asked to shut down. What it has not saved may be lost.`,
    request: ({ namespace, name, isInstance }) =>
      isInstance === true
        ? {
            method: 'DELETE',
            path: `${inNamespace('/apis/kubevirt.io/v1', namespace)}/virtualmachineinstances/${encodeURIComponent(name)}`,
            contentType: 'application/json',
            body: {},
          }
        : {
            method: 'PUT',
            path: `${inNamespace('/apis/subresources.kubevirt.io/v1', namespace)}/virtualmachines/${encodeURIComponent(name)}/stop`,
            contentType: 'application/json',
            body: {},
          },
    command: ({ namespace, name, isInstance }) =>
      isInstance === true
        ? ['kubectl', '-n', namespace, 'delete', 'virtualmachineinstance', name]
        : ['virtdeck', '-n', namespace, 'stop', name],
  },
  RaiseQuota: {
    label: ({ name, hard }) => `Raise quota ${name} to ${hardText(hard)}`,
    effect: ({ namespace }) => `Project ${namespace} may take more of this computer from now on.`,
    request: ({ namespace, name, hard }) =>
      merged(`${inNamespace('/api/v1', namespace)}/resourcequotas/${encodeURIComponent(name)}`, { spec: { hard } }),
    command: ({ namespace, name, hard }) => [
      'kubectl',
      '-n',
      namespace,
      'patch',
      'resourcequota',
      name,
      '--type=merge',
      '-p',
      JSON.stringify({ spec: { hard } }),
    ],
  },
  LabelNode: {
    label: ({ node, key, value }) => `Label node ${node} with ${key}=${value}`,
    effect: () => 'Every machine that asks for this label may run there from now on.',
    request: ({ node, key, value }) => merged(nodePath(node), { metadata: { labels: { [key]: value } } }),
    command: ({ node, key, value }) => ['kubectl', 'label', '--overwrite', 'node', node, `${key}=${value}`],
  },
  RemoveTaint: {
    label: ({ node, taint }) => `Take the taint ${taint} off node ${node}`,
    effect: () => 'Machines that do not tolerate it may run there from now on.',
    request: ({ node, taints }) => merged(nodePath(node), { spec: { taints: taints.map((taint) => ({ ...taint })) } }),
    command: ({ node, taint }) => ['kubectl', 'taint', 'node', node, `${taint}-`],
  },
  AllowScheduling: {
    label: ({ node }) => `Allow scheduling on node ${node} again`,
    effect: () => 'New machines may run there from now on.',
    request: ({ node }) => merged(nodePath(node), { spec: { unschedulable: false } }),
    command: ({ node }) => ['kubectl', 'uncordon', node],
  },
  ReserveHugePages: {
    label: ({ numaNode, pageSize, more, when }) =>
      when === 'now'
        ? `Reserve ${more} more huge pages of ${pageSize} on memory node ${numaNode} now`
        : `Reserve ${more} more huge pages of ${pageSize} on memory node ${numaNode} at each start of this computer`,
    effect: ({ when }) =>
      when === 'now'
        ? 'Reserved pages are no ordinary memory any more, for nobody, until they are given back or this computer restarts.'
        : 'It takes effect when this computer starts the next time; from then on the pages are no ordinary memory any more, for nobody.',
    request: ({ numaNode, pageSize, more, when }) => ({
      method: 'POST',
      path: '/apis/virtdeck.io/v1alpha1/hugepages',
      contentType: 'application/json',
      body: { numaNode, pageSize, more, when },
    }),
    command: ({ numaNode, pageSize, more, when }) => [
      'virtdeck',
      'hugepages',
      'reserve',
      pageSize,
      `--more=${more}`,
      `--node=${numaNode}`,
      ...(when === 'now' ? [] : ['--boot']),
    ],
  },
  DeleteDisk: {
    label: ({ name, bytes }) => `Delete the unused disk ${name} and free ${sizeWords(bytes)}`,
    effect: ({ namespace, name }) =>
      `No machine, snapshot or copy names the disk ${name} of project ${namespace}. What is on it is gone for good.`,
    request: ({ namespace, name, hasDataVolume }) => ({
      method: 'DELETE',
      // A claim goes with the DataVolume that made it.
      path: hasDataVolume
        ? `${inNamespace('/apis/cdi.kubevirt.io/v1beta1', namespace)}/datavolumes/${encodeURIComponent(name)}`
        : `${inNamespace('/api/v1', namespace)}/persistentvolumeclaims/${encodeURIComponent(name)}`,
      contentType: 'application/json',
      body: {},
    }),
    command: ({ namespace, name, hasDataVolume }) => [
      'kubectl',
      '-n',
      namespace,
      'delete',
      hasDataVolume ? 'datavolume' : 'persistentvolumeclaim',
      name,
    ],
  },
  ImportAgain: {
    label: ({ name }) => `Fill the disk ${name} again`,
    effect: () => 'What was read so far is thrown away, and it begins at once.',
    request: ({ namespace, name }) =>
      merged(`${inNamespace('/apis/cdi.kubevirt.io/v1beta1', namespace)}/datavolumes/${encodeURIComponent(name)}`, {
        metadata: { annotations: { [annotations.importAgain]: 'yes' } },
      }),
    command: ({ namespace, name }) => ['kubectl', '-n', namespace, 'annotate', 'datavolume', name, `${annotations.importAgain}=yes`],
  },
  FillSecret: {
    label: ({ name, key, isThere }) => (isThere ? `Add the key ${key} to the Secret ${name}` : `Create the Secret ${name}`),
    effect: ({ namespace }) => `Who may read Secrets of project ${namespace} can read it.`,
    request: ({ namespace, name, key, isThere, value = '' }) => {
      const stringData = { [key]: value };
      const path = `${inNamespace('/api/v1', namespace)}/secrets`;
      if (isThere) return merged(`${path}/${encodeURIComponent(name)}`, { stringData });
      const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', stringData };
      return { method: 'POST', path, contentType: 'application/json', body };
    },
    // What is secret never stands in a command: it would be in the history of the shell, and in the list of processes.
    command: ({ namespace, name, key, isThere }) =>
      isThere
        ? ['kubectl', '-n', namespace, 'edit', 'secret', name]
        : ['kubectl', '-n', namespace, 'create', 'secret', 'generic', name, `--from-file=${key}=/dev/stdin`],
  },
  MakeBridge: {
    label: ({ bridge }) => `Make the bridge ${bridge}`,
    effect: () =>
      "It connects machines with each other; to connect it to the outside, add a network card with this computer's network settings. An administrator's password may be asked for.",
    request: ({ bridge, vlanFiltering }) => ({
      method: 'POST',
      path: '/apis/virtdeck.io/v1alpha1/networks/bridges',
      contentType: 'application/json',
      body: { name: bridge, vlanFiltering },
    }),
    command: ({ bridge, vlanFiltering }) => [
      'sudo',
      'ip',
      'link',
      'add',
      'name',
      bridge,
      'up',
      'type',
      'bridge',
      ...(vlanFiltering ? ['vlan_filtering', '1'] : []),
    ],
  },
};

function rowOf<Action extends FixAction>({ type }: Action): FixRow<Action> {
  // The table has a row of each type; TypeScript does not follow the type of a key to the type of its row.
  return rows[type] as unknown as FixRow<Action>;
}

export function fixLabel(action: FixAction): string {
  return rowOf(action).label(action);
}

export function fixEffect(action: FixAction): string {
  return rowOf(action).effect(action);
}

export function fixRequest(action: FixAction, target: FixTarget): FixRequest {
  return rowOf(action).request(action, target);
}

/** For a POSIX shell; every word that needs it is quoted. */
export function fixCommand(action: FixAction, target: FixTarget): string {
  return rowOf(action).command(action, target).map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function sizeWords(bytes: number): string {
  const mebibytes = bytes / (1024 * 1024);
  return mebibytes < 1024 ? `${Math.ceil(mebibytes)} MiB` : `${Math.round((mebibytes / 1024) * 10) / 10} GiB`;
}

function hardText(hard: Readonly<Record<string, string>>): string {
  return Object.entries(hard)
    .map(([name, amount]) => `${name}=${amount}`)
    .join(', ');
}
