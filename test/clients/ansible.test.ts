// Owns what Ansible must be able to do against a core: the chapter's playbook, kubernetes.core, the recorded calls of kubevirt.core.
// Must not need a guest that runs for real.
import { CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manifests } from '../../renderer/features/create/manifests.ts';
import { playbookText } from '../../renderer/features/create/playbook-text.ts';
import { form } from '../renderer/create/forms.ts';
import { type Ansible, installAnsible } from './ansible.ts';
import { recordedCalls, replay } from './recorded-calls.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const chapter = '../shared/spec/openshift-virtualization-4.9-advanced.zh.txt';
const recording = '../shared/kubevirt/ansible-kubevirt_vm-calls.jsonl';
for (const path of [chapter, recording])
  if (!existsSync(path)) process.stderr.write(`${path} is missing: its test is skipped or has its own text\n`);

/** What the chapter prints, for when the chapter is not here. */
const ownPlaybook = `---
- name: Ansible Playbook 1
  hosts: localhost
  connection: local
  tasks:
    - name: Create my first VM
      kubevirt_vm:
        namespace: default
        name: vm1
        cpu_cores: 1
        memory: 64Mi
        disks:
          - name: containerdisk
            volume:
              containerDisk:
                image: kubevirt/cirros-container-disk-demo:latest
            disk:
              bus: virtio
`;

let core: ServingCore;
let ansible: Ansible;
let machines: CustomObjectsApi;
let secrets: CoreV1Api;
const config = new KubeConfig();
beforeAll(async () => {
  core = await serveCore();
  config.loadFromFile(core.kubeconfigs.admin);
  machines = config.makeApiClient(CustomObjectsApi);
  secrets = config.makeApiClient(CoreV1Api);
  // As it is printed: Python's Kubernetes client asks for a certificate of its own.
  ansible = await installAnsible(core.folder, core.kubeconfigs.printed);
});
afterAll(() => core.close());

const where = { group: 'kubevirt.io', version: 'v1', namespace: 'default', plural: 'virtualmachines' };
const machine = async (name: string): Promise<unknown> => machines.getNamespacedCustomObject({ ...where, name });

/** A play of tasks, without facts. */
function tasks(...lines: readonly string[]): string {
  return `- hosts: localhost\n  gather_facts: false\n  tasks:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
}
const task = (args: string): string => `virtdeck.local.kubevirt_vm: {namespace: default, ${args}}`;
const machineOf = (memory: string): string =>
  `apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: general, namespace: default}, ` +
  `spec: {runStrategy: Halted, template: {spec: {domain: {memory: {guest: ${memory}}, devices: {}}}}}`;

test('the playbook of the chapter, as printed: foreseen, made, the same again, absent', async () => {
  const text = existsSync(chapter) ? readFileSync(chapter, 'utf8') : ownPlaybook;
  const playbook = /^---\n- name: Ansible Playbook 1\n(?:.*\n)*? +bus: virtio\n/m.exec(text)?.[0] ?? '';
  expect(playbook).toBe(ownPlaybook);

  const foreseen = await ansible.play(playbook, ['--check', '--diff']);
  expect(foreseen.recap, foreseen.said).toMatchObject({ ok: 2, changed: 1, failed: 0 });
  expect(foreseen.said).toMatch(/^\+.*"image": "kubevirt\/cirros-container-disk-demo:latest"/m);
  await expect(machine('vm1')).rejects.toMatchObject({ code: 404 });

  const made = await ansible.play(playbook);
  expect(made.recap, made.said).toEqual({ ok: 2, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 });
  expect(made.said).toContain('changed: [localhost]');
  expect(await machine('vm1')).toMatchObject({
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: {
            cpu: { cores: 1 },
            resources: { requests: { memory: '64Mi' } },
            devices: { disks: [{ name: 'containerdisk', disk: { bus: 'virtio' } }] },
          },
          volumes: [{ name: 'containerdisk', containerDisk: { image: 'kubevirt/cirros-container-disk-demo:latest' } }],
        },
      },
    },
  });

  const again = await ansible.play(playbook);
  expect(again.recap, again.said).toMatchObject({ ok: 2, changed: 0, failed: 0 });

  const absent = playbook.replace('name: vm1', 'name: vm1\n        state: absent');
  const judged = await ansible.play(absent, ['--check']);
  expect(judged.recap, judged.said).toMatchObject({ changed: 1, failed: 0 });
  expect(await machine('vm1')).toMatchObject({ metadata: { name: 'vm1' } });
  const gone = await ansible.play(absent);
  expect(gone.recap, gone.said).toMatchObject({ ok: 2, changed: 1, failed: 0 });
  await expect(machine('vm1')).rejects.toMatchObject({ code: 404 });
});

test('states, partial changes and idempotence of kubevirt_vm', async () => {
  const played = await ansible.play(
    tasks(
      // Odd rows change, even rows find nothing to do.
      task('name: stateful, state: running, memory: 64Mi, labels: {tier: 1}'),
      task('name: stateful, state: running, memory: 64Mi, labels: {tier: 1}'),
      task('name: stateful, cpu_cores: 2'),
      task('name: stateful, state: present'),
      task('name: stateful, state: stopped'),
      task('name: stateful, state: stopped, cpu_cores: 2, memory: 64Mi'),
    ),
  );
  expect(played.recap, played.said).toMatchObject({ ok: 6, changed: 3, failed: 0 });
  expect(played.said.match(/^(?:ok|changed)(?=: \[localhost\])/gm)).toEqual(['changed', 'ok', 'changed', 'ok', 'changed', 'ok']);
  expect(await machine('stateful')).toMatchObject({
    metadata: { labels: { tier: '1' } },
    spec: { runStrategy: 'Halted', template: { spec: { domain: { cpu: { cores: 2 }, resources: { requests: { memory: '64Mi' } } } } } },
  });
  const ended = await ansible.play(tasks(task('name: stateful, state: absent'), task('name: stateful, state: absent')));
  expect(ended.recap, ended.said).toMatchObject({ ok: 2, changed: 1, failed: 0 });
});

test('a disk list replaces the disks, and a disk may become a CD-ROM', async () => {
  const disk = (name: string, how: string): string => `{name: ${name}, volume: {containerDisk: {image: x}}, ${how}}`;
  const played = await ansible.play(
    tasks(
      task(
        `name: disked, memory: 64Mi, disks: [${disk('one', 'disk: {bus: virtio}')}, ${disk('two', 'disk: {bus: sata}, boot_order: 1')}]`,
      ),
      task(`name: disked, disks: [${disk('two', 'cdrom: {bus: sata}')}]`),
      task(`name: disked, disks: [${disk('two', 'cdrom: {bus: sata}')}]`),
    ),
  );
  expect(played.recap, played.said).toMatchObject({ ok: 3, changed: 2, failed: 0 });
  const { spec } = (await machine('disked')) as {
    readonly spec: {
      readonly template: {
        readonly spec: { readonly domain: { readonly devices: { readonly disks: unknown } }; readonly volumes: unknown };
      };
    };
  };
  expect(spec.template.spec.domain.devices.disks).toMatchObject([{ name: 'two', cdrom: { bus: 'sata' } }]);
  expect(JSON.stringify(spec.template.spec.domain.devices.disks)).not.toContain('"disk"');
  expect(spec.template.spec.volumes).toHaveLength(1);
});

test('the playbook of the wizard makes exactly its machine, starts it, and finds nothing to do the next time', async () => {
  const made = manifests(
    form({
      name: 'wizard',
      system: { source: 'debian' },
      // A template that ran would be an error of the play, or a name that is not in the Secret.
      account: { mode: 'raw', rawUserData: "#cloud-config\nhostname: \"{{ lookup('env', 'HOME') }}\"\n" },
      network: { mode: 'user', forwards: [{ name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 }] },
      options: { firmware: 'bios', run: 'manual', description: 'yes' },
    }),
    { namespace: 'default' },
  );
  const playbook = playbookText(made, { run: 'manual', startWhenCreated: true }).replace('wait_timeout: 3600', 'wait_timeout: 30');
  const first = await ansible.play(playbook);
  expect(first.recap, first.said).toMatchObject({ ok: 2, changed: 2, failed: 0 });
  expect(await machine('wizard')).toMatchObject({ ...made.machine, status: { printableStatus: 'Running' } });
  const { data } = await secrets.readNamespacedSecret({ name: 'wizard-cloudinit', namespace: 'default' });
  expect(Buffer.from(data?.['userdata'] ?? '', 'base64').toString()).toBe(made.secret?.stringData['userdata']);
  const second = await ansible.play(playbook, ['--diff']);
  expect(second.recap, second.said).toMatchObject({ ok: 2, changed: 0, failed: 0 });
  const stopped = await ansible.play(
    tasks(task('name: wizard, state: stopped'), task('name: wizard, state: stopped'), task('name: wizard, state: absent')),
  );
  expect(stopped.recap, stopped.said).toMatchObject({ ok: 3, changed: 2, failed: 0 });
});

test('a refusal names the field, in check mode too', async () => {
  const bad = tasks(task('name: refused, memory: 64Mi, disks: [{name: root, volume: {containerDisk: {image: x}}, disk: {bus: scuzzy}}]'));
  for (const args of [[], ['--check']]) {
    const refused = await ansible.play(bad, args);
    expect(refused.recap, refused.said).toMatchObject({ failed: 1, changed: 0 });
    expect(refused.said).toContain('spec.template.spec.domain.devices.disks[0].disk.bus');
    expect(refused.said).not.toContain('Traceback');
  }
  await expect(machine('refused')).rejects.toMatchObject({ code: 404 });
});

test('kubernetes.core: present twice, changed, applied, read, absent twice', async () => {
  const k8s = (args: string): string => `kubernetes.core.k8s: {${args}}`;
  const played = await ansible.play(
    tasks(
      k8s(`state: present, definition: {${machineOf('64Mi')}}`),
      k8s(`state: present, definition: {${machineOf('64Mi')}}`),
      k8s(`state: present, definition: {${machineOf('80Mi')}}`),
      k8s(`apply: true, definition: {${machineOf('96Mi')}}`),
      k8s(`apply: true, definition: {${machineOf('96Mi')}}`),
      'kubernetes.core.k8s_info: {api_version: kubevirt.io/v1, kind: VirtualMachine, namespace: default, name: general}\n      register: read',
      `assert: {that: "read.resources[0].spec.template.spec.domain.memory.guest == '96Mi'"}`,
      k8s(`state: absent, wait: true, definition: {${machineOf('96Mi')}}`),
      k8s(`state: absent, definition: {${machineOf('96Mi')}}`),
    ),
  );
  expect(played.recap, played.said).toMatchObject({ ok: 9, changed: 4, failed: 0 });
});

const missing = existsSync(recording) ? '' : ' (skipped: ../shared/kubevirt is not there)';

test.skipIf(missing !== '')(`the recorded calls of kubevirt.core.kubevirt_vm${missing}`, async () => {
  const calls = recordedCalls(readFileSync(recording, 'utf8'));
  expect(calls.length).toBe(23);
  const answers = await replay(calls, config);
  for (const [index, { code, verb, uri }] of calls.entries()) {
    // Where it was recorded nothing served these two; here the machine is asked to start, though it runs, and to restart.
    if (uri.includes('/subresources.kubevirt.io/')) {
      expect([202, 409], `${index}: ${uri}: ${answers[index]?.body}`).toContain(answers[index]?.code);
      continue;
    }
    expect(answers[index]?.code, `${index}: ${verb} ${uri}: ${answers[index]?.body}`).toBe(code);
  }
  // Present again changes nothing, running does. The answer of a patch is like that of a read, or the client sees a change.
  const objects = answers.map(
    ({ body }) => JSON.parse(body || '{}') as { readonly metadata?: { readonly generation?: number; readonly managedFields?: unknown } },
  );
  const [created, again, running] = objects.filter((_, index) => calls[index]?.body !== null).map(({ metadata }) => metadata);
  expect(again?.generation).toBe(created?.generation);
  expect(again?.managedFields).toEqual(objects[5]?.metadata?.managedFields);
  expect(running?.generation).toBe(Number(again?.generation) + 1);
});
