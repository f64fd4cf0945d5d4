// Owns what every kubectl must be able to do against a core: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from './kubectl.ts';

export interface Task {
  readonly name: string;
  /** The first 1.x that knows the command or the flag. */
  readonly since?: number;
  readonly run: (kubectl: Runner) => Promise<void>;
}

const labels = 'labels: {app: demo}';

export function machine(
  name: string,
  more: { readonly labels?: string; readonly strategy?: string; readonly memory?: string } = {},
): string {
  return `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: ${name}
  ${more.labels ?? labels}
spec:
  runStrategy: ${more.strategy ?? 'Halted'}
  template:
    spec:
      domain:
        memory: {guest: ${more.memory ?? '256Mi'}}
        devices: {}
`;
}

async function made({ ok }: Runner, name: string, more?: Parameters<typeof machine>[1]): Promise<void> {
  await ok('create -f -', { input: machine(name, more) });
}

export const battery: readonly Task[] = [
  // Looking around.
  {
    name: 'version tells the server’s',
    run: async ({ ok }) => expect(await ok('version')).toMatch(/Server Version.*v1\.\d+\.0\+virtdeck/),
  },
  {
    name: 'api-resources lists short names and kinds',
    run: async ({ ok }) => {
      expect(await ok('api-resources')).toMatch(/virtualmachines +vm,vms +kubevirt\.io\/v1 +true +VirtualMachine/);
      expect(await ok('api-resources --namespaced=false -o name')).toContain('nodes');
    },
  },
  {
    name: 'api-versions',
    run: async ({ ok }) => expect((await ok('api-versions')).split('\n')).toEqual(expect.arrayContaining(['v1', 'kubevirt.io/v1'])),
  },
  {
    name: 'explain describes a deep field',
    run: async ({ ok }) => {
      expect(await ok('explain vm.spec.template.spec.domain.memory')).toMatch(/guest\s+<\w+>/);
      expect(await ok('explain secret.data')).toContain('base64');
    },
  },
  { name: 'get --raw', run: async ({ ok }) => expect(await ok('get --raw /readyz')).toBe('ok') },

  // Creating.
  {
    name: 'create, and again: AlreadyExists',
    run: async (kubectl) => {
      expect(await kubectl.ok('create -f -', { input: machine('twice') })).toBe('virtualmachine.kubevirt.io/twice created\n');
      expect(await kubectl.fails('create -f -', { input: machine('twice') })).toContain(
        'Error from server (AlreadyExists): error when creating "STDIN": virtualmachines.kubevirt.io "twice" already exists',
      );
    },
  },
  {
    name: 'create of the kinds that kubectl sends as protobuf',
    run: async ({ ok, namespace }) => {
      expect(await ok(`create namespace ${namespace}-typed`)).toBe(`namespace/${namespace}-typed created\n`);
      await ok('create secret generic typed --from-literal=user=me --from-literal=empty=');
      expect(JSON.parse(await ok('get secret typed -o json'))).toMatchObject({ type: 'Opaque', data: { user: 'bWU=', empty: '' } });
      await ok('create configmap typed --from-literal=a=b');
      expect(await ok('get configmap typed -o jsonpath={.data.a}')).toBe('b');
      await ok(`create priorityclass ${namespace}-typed --value=7 --description=seven`);
      expect(JSON.parse(await ok(`get priorityclass ${namespace}-typed -o json`))).toMatchObject({ value: 7, description: 'seven' });
      await ok(`delete priorityclass ${namespace}-typed`);
      await ok(`delete namespace ${namespace}-typed`);
    },
  },
  {
    name: 'several documents and a List at once',
    run: async ({ ok }) => {
      const list = JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'listed' } }],
      });
      const said = await ok('create -f -', { input: `${machine('first-of-two')}---\n${list}` });
      expect(said).toBe('virtualmachine.kubevirt.io/first-of-two created\nsecret/listed created\n');
    },
  },
  {
    name: 'a field that nobody knows is refused',
    run: async ({ fails }) => {
      const typo = machine('typo').replace('runStrategy', 'runStrategie');
      expect(await fails('create -f -', { input: typo })).toMatch(/unknown field "?(spec\.)?runStrategie/);
    },
  },
  {
    name: '--validate=warn and =ignore take it, and drop it',
    since: 25,
    run: async ({ run, ok }) => {
      const typo = (name: string): string => machine(name).replace('runStrategy:', 'runStrategie: x\n  runStrategy:');
      const warned = await run(['create', '--validate=warn', '-f', '-'], { input: typo('warned') });
      expect(warned).toMatchObject({ code: 0, stderr: expect.stringMatching(/unknown field "spec\.runStrategie"/) as string });
      const ignored = await run(['create', '--validate=ignore', '-f', '-'], { input: typo('ignored') });
      expect(ignored).toMatchObject({ code: 0, stderr: '' });
      expect(await ok('get vm warned -o jsonpath={.spec.runStrategie}')).toBe('');
    },
  },
  {
    name: 'a value that cannot be is refused with its field',
    run: async ({ fails }) => {
      const said = await fails('create --validate=false -f -', { input: machine('bad', { strategy: 'Sometimes' }) });
      expect(said).toMatch(/Invalid RunStrategy \(Sometimes\)/);
    },
  },
  {
    name: '--dry-run=server stores nothing',
    run: async ({ ok, fails }) => {
      expect(await ok('create --dry-run=server -f -', { input: machine('dry') })).toBe(
        'virtualmachine.kubevirt.io/dry created (server dry run)\n',
      );
      expect(await fails('get vm dry')).toContain('Error from server (NotFound): virtualmachines.kubevirt.io "dry" not found');
    },
  },

  // Reading.
  {
    name: 'get prints KubeVirt’s columns',
    run: async (kubectl) => {
      await made(kubectl, 'shown');
      const [head, row] = (await kubectl.ok('get vm shown')).split('\n');
      expect(head?.split(/\s+/)).toEqual(['NAME', 'AGE', 'STATUS', 'READY']);
      expect(row?.split(/\s+/)).toEqual(['shown', expect.stringMatching(/^\d+s$/) as string, 'Stopped', 'False']);
    },
  },
  {
    name: 'get in every other form',
    run: async (kubectl) => {
      await made(kubectl, 'formed');
      const { ok } = kubectl;
      expect(await ok('get vm formed -o name')).toBe('virtualmachine.kubevirt.io/formed\n');
      expect(await ok('get vm formed -o yaml')).toMatch(/^apiVersion: kubevirt\.io\/v1\nkind: VirtualMachine\n/);
      expect(JSON.parse(await ok('get vm formed -o json'))).toMatchObject({ spec: { runStrategy: 'Halted' } });
      expect(await ok('get vm formed -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('256Mi');
      expect(await ok('get vm formed -o custom-columns=N:.metadata.name,S:.spec.runStrategy --no-headers')).toMatch(/^formed\s+Halted\n$/);
      expect(await ok('get nodes -o wide')).toMatch(/INTERNAL-IP/);
      expect(await ok('get vms --sort-by=.metadata.name -o name')).toContain('/formed');
      expect(await ok('get vm -A --show-labels')).toContain('app=demo');
    },
  },
  {
    name: 'get all finds the category',
    run: async (kubectl) => {
      await made(kubectl, 'categorised');
      expect(await kubectl.ok('get all -o name')).toContain('virtualmachine.kubevirt.io/categorised');
    },
  },
  {
    name: 'selectors of labels and fields',
    run: async (kubectl) => {
      await made(kubectl, 'chosen', { labels: 'labels: {pick: me, tier: a}' });
      await made(kubectl, 'unchosen', { labels: 'labels: {pick: other}' });
      const { ok } = kubectl;
      expect(await ok('get vm -o name -l pick=me')).toBe('virtualmachine.kubevirt.io/chosen\n');
      expect(await ok("get vm -o name -l 'pick in (me,you),tier'")).toBe('virtualmachine.kubevirt.io/chosen\n');
      expect(await ok('get vm -o name --field-selector=metadata.name=unchosen')).toBe('virtualmachine.kubevirt.io/unchosen\n');
    },
  },
  {
    name: 'a long list comes in pieces',
    run: async (kubectl) => {
      const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `piece-${letter}`);
      await kubectl.ok('create -f -', { input: names.map((name) => machine(name, { labels: 'labels: {piece: "1"}' })).join('---\n') });
      const listed = await kubectl.ok('get vm --chunk-size=2 -l piece=1 -o name');
      expect(listed.trim().split('\n')).toEqual(names.map((name) => `virtualmachine.kubevirt.io/${name}`));
    },
  },
  {
    name: 'describe a machine, a node, a Secret',
    run: async (kubectl) => {
      await made(kubectl, 'described');
      await kubectl.ok('create secret generic described --from-literal=a=b');
      expect(await kubectl.ok('describe vm described')).toMatch(/Run Strategy: +Halted/);
      expect(await kubectl.ok('describe node')).toMatch(/Non-terminated Pods: +\(0 in total\)/);
      expect(await kubectl.ok('describe secret described')).toMatch(/a: +1 bytes/);
    },
  },
  {
    name: 'events of a machine',
    run: async (kubectl) => {
      await made(kubectl, 'eventful', { strategy: 'Always' });
      await kubectl.ok('wait vm/eventful --for=condition=Ready --timeout=60s');
      expect(await kubectl.ok('get events --field-selector=involvedObject.name=eventful')).toContain('SuccessfulCreate');
      await kubectl.ok('delete vm eventful');
    },
  },
  {
    name: 'kubectl events',
    since: 26,
    run: async (kubectl) => {
      await made(kubectl, 'told', { strategy: 'Always' });
      await kubectl.ok('wait vm/told --for=condition=Ready --timeout=60s');
      expect(await kubectl.ok('events --for virtualmachine.v1.kubevirt.io/told')).toContain('SuccessfulCreate');
      await kubectl.ok('delete vm told');
    },
  },

  // Changing.
  {
    name: 'apply makes, leaves alone, changes and takes away',
    run: async ({ ok }) => {
      const first = machine('applied', { labels: 'labels: {keep: "1", drop: "1"}' });
      expect(await ok('apply -f -', { input: first })).toBe('virtualmachine.kubevirt.io/applied created\n');
      expect(await ok('apply -f -', { input: first })).toBe('virtualmachine.kubevirt.io/applied unchanged\n');
      await ok('label vm applied theirs=1');
      const second = machine('applied', { labels: 'labels: {keep: "1"}', memory: '512Mi' });
      expect(await ok('apply -f -', { input: second })).toBe('virtualmachine.kubevirt.io/applied configured\n');
      expect(JSON.parse(await ok('get vm applied -o json'))).toMatchObject({ metadata: { labels: { keep: '1', theirs: '1' } } });
      expect(await ok('get vm applied -o jsonpath={.metadata.labels.drop}')).toBe('');
      expect(await ok('get vm applied -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('512Mi');
    },
  },
  {
    name: 'apply of a kind of Kubernetes’ own',
    run: async ({ ok }) => {
      const secret = (value: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: own}\nstringData: {${value}}\n`;
      expect(await ok('apply -f -', { input: secret('a: "1"') })).toBe('secret/own created\n');
      expect(await ok('apply -f -', { input: secret('a: "2", b: "3"') })).toBe('secret/own configured\n');
      expect(await ok('get secret own -o jsonpath={.data.a}')).toBe('Mg==');
    },
  },
  {
    name: 'apply --dry-run=server, and diff',
    run: async ({ ok, run }) => {
      await ok('apply -f -', { input: machine('differing') });
      const larger = machine('differing', { memory: '1Gi' });
      expect(await ok('apply --dry-run=server -f -', { input: larger })).toBe(
        'virtualmachine.kubevirt.io/differing configured (server dry run)\n',
      );
      const { code, stdout } = await run(['diff', '-f', '-'], { input: larger });
      expect([code, stdout]).toEqual([1, expect.stringMatching(/-\s+guest: 256Mi\n\+\s+guest: 1Gi/)]);
      expect(await run(['diff', '-f', '-'], { input: machine('differing') })).toMatchObject({ code: 0, stdout: '' });
    },
  },
  {
    name: 'apply -k',
    run: async ({ ok, folder }) => {
      await writeFile(join(folder, 'machine.yaml'), machine('built'));
      await writeFile(join(folder, 'kustomization.yaml'), 'resources: [machine.yaml]\nnamePrefix: kustom-\n');
      expect(await ok('apply -k .')).toBe('virtualmachine.kubevirt.io/kustom-built created\n');
    },
  },
  {
    name: 'edit in an editor',
    run: async (kubectl) => {
      await made(kubectl, 'edited');
      const said = await kubectl.ok('edit vm edited', { env: { KUBE_EDITOR: 'sed -i s/256Mi/384Mi/' } });
      expect(said).toBe('virtualmachine.kubevirt.io/edited edited\n');
      expect(await kubectl.ok('get vm edited -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('384Mi');
    },
  },
  {
    name: 'edit of a kind of Kubernetes’ own',
    run: async ({ ok }) => {
      await ok('create secret generic edited --from-literal=a=b');
      expect(await ok('edit secret edited', { env: { KUBE_EDITOR: 'sed -i s/Yg==/Yw==/' } })).toBe('secret/edited edited\n');
      expect(await ok('get secret edited -o jsonpath={.data.a}')).toBe('Yw==');
    },
  },
  {
    name: 'patch: merge, JSON, and strategic where there is one',
    run: async (kubectl) => {
      await made(kubectl, 'patched');
      const { ok, fails } = kubectl;
      await ok(`patch vm patched --type=merge -p '{"metadata":{"labels":{"app":null,"by":"merge"}}}'`);
      await ok(`patch vm patched --type=json -p '[{"op":"add","path":"/metadata/labels/also","value":"json"}]'`);
      expect(JSON.parse(await ok('get vm patched -o jsonpath={.metadata.labels}'))).toEqual({ by: 'merge', also: 'json' });
      expect(await fails(`patch vm patched --type=strategic -p '{"metadata":{"labels":{"x":"y"}}}'`)).toMatch(
        /the body of the request was in an unknown format - accepted media types include: .*application\/merge-patch\+json/,
      );
      await ok('create secret generic patched --from-literal=a=b');
      await ok(`patch secret patched -p '{"data":{"a":null,"c":"ZA=="}}'`);
      expect(JSON.parse(await ok('get secret patched -o jsonpath={.data}'))).toEqual({ c: 'ZA==' });
    },
  },
  {
    name: 'label and annotate, over and away',
    run: async (kubectl) => {
      await made(kubectl, 'labelled');
      const { ok, fails } = kubectl;
      expect(await ok('label vm labelled tier=one')).toMatch(/labelled labeled/);
      expect(await fails('label vm labelled tier=two')).toMatch(/--overwrite/);
      await ok('label vm labelled tier=two --overwrite');
      await ok('label vm labelled app-');
      await ok('annotate vm labelled note=hello');
      await ok('annotate vm labelled note-');
      expect(JSON.parse(await ok('get vm labelled -o jsonpath={.metadata.labels}'))).toEqual({ tier: 'two' });
    },
  },
  {
    name: 'replace, and not over somebody else’s change',
    run: async (kubectl) => {
      await made(kubectl, 'replaced');
      const { ok, fails } = kubectl;
      const stale = await ok('get vm replaced -o yaml');
      expect(await ok('replace -f -', { input: machine('replaced', { memory: '300Mi' }) })).toBe(
        'virtualmachine.kubevirt.io/replaced replaced\n',
      );
      expect(await fails('replace -f -', { input: stale })).toMatch(
        /\(Conflict\).*the object has been modified; please apply your changes/,
      );
    },
  },
  {
    name: 'taint and cordon the node',
    run: async ({ ok }) => {
      const [node = ''] = (await ok('get nodes -o name')).trim().split('\n');
      const name = node.replace('node/', '');
      expect(await ok(`taint nodes ${name} quiet=yes:NoSchedule`)).toBe(`node/${name} tainted\n`);
      expect(await ok(`get node ${name} -o jsonpath={.spec.taints[0].key}`)).toBe('quiet');
      expect(await ok(`taint nodes ${name} quiet-`)).toBe(`node/${name} untainted\n`);
      expect(await ok(`cordon ${name}`)).toBe(`node/${name} cordoned\n`);
      expect(await ok(`get node ${name}`)).toContain('SchedulingDisabled');
      expect(await ok(`uncordon ${name}`)).toBe(`node/${name} uncordoned\n`);
    },
  },

  // Server-side apply.
  {
    name: 'server-side apply makes and changes',
    run: async ({ ok }) => {
      expect(await ok('apply --server-side -f -', { input: machine('served') })).toBe(
        'virtualmachine.kubevirt.io/served serverside-applied\n',
      );
      await ok('apply --server-side -f -', { input: machine('served', { memory: '320Mi' }) });
      expect(await ok('get vm served -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('320Mi');
    },
  },
  {
    name: 'server-side apply conflicts in Kubernetes’ sentence, and yields to force',
    run: async (kubectl) => {
      await made(kubectl, 'contested');
      const { ok, fails } = kubectl;
      const larger = machine('contested', { memory: '1Gi' });
      expect(await fails('apply --server-side -f -', { input: larger })).toContain(
        'Apply failed with 1 conflict: conflict with "kubectl-create" using kubevirt.io/v1: .spec.template.spec.domain.memory.guest',
      );
      await ok('apply --server-side --force-conflicts -f -', { input: larger });
      expect(await ok('get vm contested -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('1Gi');
    },
  },
  {
    name: 'server-side apply gives up what it leaves out, and leaves others theirs',
    run: async ({ ok }) => {
      await ok('apply --server-side --field-manager=one -f -', { input: machine('shared', { labels: 'labels: {mine: "1", gone: "1"}' }) });
      await ok('label vm shared theirs=1');
      await ok('apply --server-side --field-manager=one -f -', { input: machine('shared', { labels: 'labels: {mine: "1"}' }) });
      expect(JSON.parse(await ok('get vm shared -o jsonpath={.metadata.labels}'))).toEqual({ mine: '1', theirs: '1' });
    },
  },
  {
    name: 'who manages what is shown',
    since: 21,
    run: async ({ ok }) => {
      await ok('apply --server-side --field-manager=flux -f -', { input: machine('managed') });
      await ok('label vm managed by=hand');
      const object = JSON.parse(await ok('get vm managed -o json --show-managed-fields')) as { metadata: { managedFields: unknown } };
      expect(object.metadata.managedFields).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ manager: 'flux', operation: 'Apply', apiVersion: 'kubevirt.io/v1', fieldsType: 'FieldsV1' }),
          expect.objectContaining({
            manager: 'kubectl-label',
            operation: 'Update',
            fieldsV1: { 'f:metadata': { 'f:labels': { 'f:by': {} } } },
          }),
        ]),
      );
    },
  },
  {
    name: 'from client-side to server-side apply',
    run: async ({ ok, kubectl }) => {
      await ok('apply -f -', { input: machine('moved', { labels: 'labels: {a: "1", b: "1"}' }) });
      await ok('apply --server-side --force-conflicts -f -', { input: machine('moved', { labels: 'labels: {a: "1"}' }) });
      // Since 1.26 kubectl moves the fields of its former self, so that what is left out goes.
      const left = kubectl.minor >= 26 ? { a: '1' } : { a: '1', b: '1' };
      expect(JSON.parse(await ok('get vm moved -o jsonpath={.metadata.labels}'))).toEqual(left);
    },
  },

  // May I?
  {
    name: 'auth can-i',
    run: async ({ ok }) => {
      expect(await ok('auth can-i create vm')).toBe('yes\n');
      expect(await ok('auth can-i get /version')).toBe('yes\n');
      expect(await ok('auth can-i --list')).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/);
    },
  },
  { name: 'auth whoami', since: 28, run: async ({ ok }) => expect(await ok('auth whoami')).toMatch(/virtdeck:admin/) },

  // Running, waiting, watching.
  {
    name: 'a machine runs: wait, phase, wide columns',
    run: async (kubectl) => {
      await made(kubectl, 'running', { strategy: 'Always' });
      const { ok } = kubectl;
      expect(await ok('wait vm/running --for=condition=Ready --timeout=60s')).toBe('virtualmachine.kubevirt.io/running condition met\n');
      expect(await ok('get vmi running -o yaml')).toMatch(/phase: Running/);
      const [head] = (await ok('get vmi running -o wide')).split('\n');
      expect(head?.split(/\s+/)).toEqual(['NAME', 'AGE', 'PHASE', 'IP', 'NODENAME', 'READY', 'LIVE-MIGRATABLE', 'PAUSED']);
      await ok(`patch vm running --type=merge -p '{"spec":{"runStrategy":"Halted"}}'`);
      await ok('wait vmi/running --for=delete --timeout=60s');
      await ok('delete vm running');
    },
  },
  {
    name: 'wait for a value',
    since: 23,
    run: async (kubectl) => {
      await made(kubectl, 'awaited');
      expect(await kubectl.ok('wait vm/awaited --for=jsonpath={.status.printableStatus}=Stopped --timeout=60s')).toContain('condition met');
    },
  },
  {
    name: 'watch prints a table that grows, with one head',
    run: async (kubectl) => {
      await made(kubectl, 'watched');
      const { run, ok } = kubectl;
      // --request-timeout ends the watch: the output is complete then.
      const watching = run(['get', 'vm', '-l', 'app=demo', '--field-selector=metadata.name=watched', '-w', '--request-timeout=4s']);
      await ok('label vm watched seen=1');
      await ok('delete vm watched');
      const [head, ...rows] = (await watching).stdout.trim().split('\n');
      expect(head).toMatch(/^NAME +AGE +STATUS +READY$/);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toMatch(/^watched /);
    },
  },

  // Deleting.
  {
    name: 'delete by name, by file, by selector',
    run: async (kubectl) => {
      await made(kubectl, 'gone-by-name');
      await made(kubectl, 'gone-by-file');
      await made(kubectl, 'gone-by-label', { labels: 'labels: {gone: "yes"}' });
      const { ok, fails } = kubectl;
      expect(await ok('delete vm gone-by-name')).toMatch(/^virtualmachine\.kubevirt\.io "gone-by-name" deleted/);
      await ok('delete -f -', { input: machine('gone-by-file') });
      await ok('delete vm -l gone=yes');
      expect(await fails('get vm gone-by-name gone-by-file gone-by-label')).toContain('NotFound');
      expect(await ok('delete vm gone-by-name --ignore-not-found')).toBe('');
    },
  },
  {
    name: 'delete waits until a running machine has gone',
    run: async (kubectl) => {
      await made(kubectl, 'doomed', { strategy: 'Always' });
      const { ok, fails } = kubectl;
      await ok('wait vm/doomed --for=condition=Ready --timeout=60s');
      await ok('delete vm doomed --wait --timeout=60s');
      expect(await fails('get vm,vmi doomed')).toContain('NotFound');
    },
  },
  {
    name: 'delete --cascade=orphan leaves the run',
    run: async (kubectl) => {
      await made(kubectl, 'parent', { strategy: 'Always' });
      const { ok } = kubectl;
      await ok('wait vm/parent --for=condition=Ready --timeout=60s');
      await ok('delete vm parent --cascade=orphan');
      expect(await ok('get vmi parent -o jsonpath={.status.phase}{.metadata.ownerReferences}')).toBe('Running');
      await ok('delete vmi parent');
    },
  },
  {
    name: 'a namespace goes with what is in it',
    run: async ({ ok, fails, namespace }) => {
      const other = `${namespace}-doomed`;
      await ok(`create namespace ${other}`);
      await ok(`create -n ${other} -f -`, { input: machine('inside') });
      await ok(`delete namespace ${other} --timeout=60s`);
      expect(await fails(`get namespace ${other}`)).toContain('NotFound');
    },
  },
];
