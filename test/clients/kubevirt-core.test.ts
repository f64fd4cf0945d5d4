// Owns the proof that the collection kubevirt.core works against a core: its modules, as a newer Debian packages them.
// Must not need a guest that runs for real.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, runCommand } from '../../electron/host/exec.ts';
import { recapOf } from './ansible.ts';
import { unpacked } from './other-release.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const modules = 'usr/lib/python3/dist-packages';
const collections = `${modules}/ansible_collections`;

/** Debian 12 has an Ansible without the collection; the one of Debian 13 brings it, and runs on Python 3.11. */
async function newerAnsible(): Promise<string | Error> {
  try {
    const parts = [`${collections}/kubevirt`, `${collections}/kubernetes/core`];
    const wanted = [{ name: 'ansible-core' }, { name: 'python3-kubernetes' }, { name: 'ansible', parts }];
    return await unpacked('trixie', wanted, 'ansible-trixie');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const root = await newerAnsible();
if (root instanceof Error) process.stderr.write(`kubevirt.core is left out: ${root.message}\n`);

describe.skipIf(root instanceof Error)('kubevirt.core', () => {
  let core: ServingCore;
  let folder: string;
  beforeAll(async () => {
    core = await serveCore();
    folder = join(core.folder, 'kubevirt-core');
    await mkdir(folder);
  });
  afterAll(() => core.close());

  async function playbook(file: string): Promise<CommandResult> {
    if (root instanceof Error) throw root;
    const env = { PYTHONPATH: join(root, modules), ANSIBLE_COLLECTIONS_PATH: join(root, modules), ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' };
    return runCommand({
      program: '/usr/bin/python3',
      args: [join(root, 'usr/bin/ansible-playbook'), file],
      timeoutMs: 240_000,
      cwd: folder,
      env: { HOME: folder, PATH: '/usr/bin:/bin', KUBECONFIG: core.kubeconfigs.admin, ...env },
    });
  }

  async function played(...tasks: readonly string[]): Promise<{ readonly recap: Readonly<Record<string, number>>; readonly said: string }> {
    const file = join(folder, 'play.yaml');
    const vars = 'vars: {ansible_python_interpreter: /usr/bin/python3}';
    const lines = tasks.map((task) => `    - ${task}\n`).join('');
    await writeFile(file, `- hosts: localhost\n  gather_facts: false\n  ${vars}\n  tasks:\n${lines}`);
    const { stdout, stderr } = await playbook(file);
    return { recap: recapOf(stdout), said: `${stdout}${stderr}` };
  }

  const vm = (args: string): string => `kubevirt.core.kubevirt_vm: {namespace: default, name: testvm, ${args}}`;
  const whole = 'labels: {app: test}, spec: {domain: {memory: {guest: 64Mi}, devices: {}}}';

  test('present twice, running and awaited, found by both info modules', async () => {
    const { recap, said } = await played(
      vm(`state: present, run_strategy: Halted, ${whole}`),
      vm(`state: present, run_strategy: Halted, ${whole}`),
      vm(`state: present, run_strategy: Always, wait: true, ${whole}`),
      vm(`state: present, run_strategy: Always, wait: true, ${whole}`),
      'kubevirt.core.kubevirt_vm_info: {namespace: default, name: testvm}\n      register: machines',
      'kubevirt.core.kubevirt_vmi_info: {namespace: default}\n      register: runs',
      `assert: {that: ["machines.resources[0].status.printableStatus == 'Running'", "runs.resources[0].status.phase == 'Running'"]}`,
    );
    expect(said.match(/^(?:ok|changed|fatal)(?=: \[localhost\])/gm), said).toEqual(['changed', 'ok', 'changed', 'ok', 'ok', 'ok', 'ok']);
    expect(recap).toMatchObject({ ok: 7, changed: 2, failed: 0 });
  });

  test('absent, awaited, and again', async () => {
    const { recap, said } = await played(vm('state: absent, wait: true'), vm('state: absent'));
    expect(recap, said).toMatchObject({ ok: 2, changed: 1, failed: 0 });
  });

  test('a refusal is in the core’s words', async () => {
    const { recap, said } = await played(vm('state: present, run_strategy: Halted, spec: {domain: {memroy: {guest: 64Mi}, devices: {}}}'));
    expect(recap).toMatchObject({ failed: 1, changed: 0 });
    expect(said).toContain('spec.template.spec.domain.memroy');
  });
});
