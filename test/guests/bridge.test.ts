// Owns the proof of OpenShift's chapter on PXE, as printed: a bridge, its definition, a machine whose card has a given address.
// Must not reach into the core. Skipped, and said so, where there is no root to make a network with.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import type { UsageLine, UsageSample } from '../../electron/api/computer.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { StartCheck } from '../../electron/api/start-check.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import { virtdeck } from '../server/cli-process.ts';
import { bridgeNetwork, type BridgeNetwork } from './bridge-network.ts';
import { openConsole, type Console } from './console.ts';
import { netbootFolder } from './netboot-folder.ts';
import { networkMachine, removeMachines, startMachine } from './network-machine.ts';
import { tinyLinuxMarker, tinyLinuxReady } from './tiny-linux.ts';

const definitionsPath = '/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions';
const isRoot = process.geteuid?.() === 0;
const unless = isRoot ? '' : ' (skipped: it makes a bridge, which needs root)';

/** The chapter's, to the letter. */
const pxeNetConf = `{
  "cniVersion": "0.3.1",
  "name": "pxe-net-conf",
  "plugins": [
    {
      "type": "cnv-bridge",
      "bridge": "br1",
      "vlan": 1
    },
    {
      "type": "cnv-tuning"
    }
  ]
}`;

/** Its three parts of a machine are the chapter's, too; a name, a size and a disk of its own are what it leaves out. */
const vmiPxeBoot = `apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata:
  name: vmi-pxe-boot
spec:
  terminationGracePeriodSeconds: 0
  domain:
    memory: {guest: 512Mi}
    devices:
      interfaces:
      - masquerade: {}
        name: default
      - bridge: {}
        name: pxe-net
        macAddress: de:00:00:00:00:de
        bootOrder: 1
      disks:
      - disk:
          bus: virtio
        name: containerdisk
        bootOrder: 2
  networks:
  - name: default
    pod: {}
  - name: pxe-net
    multus:
      networkName: pxe-net-conf
  volumes:
  - name: containerdisk
    emptyDisk: {capacity: 64Mi}
`;

let network: BridgeNetwork;
let core: CoreProcess;
beforeAll(async () => {
  if (!isRoot) return;
  // The card on the bridge is the second one, as in the chapter: eth1. The last byte of its address becomes the last of its IP's.
  const commands = [
    'ip link set eth1 up',
    'ip addr add 192.168.77.$((0x$(cut -d: -f6 /sys/class/net/eth1/address)))/24 dev eth1',
    'ip addr > /dev/ttyS0',
  ];
  network = await bridgeNetwork(await netbootFolder({ commands }));
  core = await startCore({ network: network.name });
});
afterAll(async () => {
  if (!isRoot) return;
  try {
    await removeMachines(core);
    await core.end();
  } finally {
    // Whatever went wrong before: this computer's network is left as it was.
    await network.remove();
    core.remove();
  }
});

function machine(name: string, firmware: 'bios' | 'uefi', macAddress: string): Parameters<typeof startMachine>[1] {
  return {
    name,
    firmware,
    interfaces: [
      { masquerade: {}, name: 'default' },
      { bridge: {}, name: 'pxe-net', macAddress, bootOrder: 1 },
    ],
    networks: [
      { name: 'default', pod: {} },
      { name: 'pxe-net', multus: { networkName: 'pxe-net-conf' } },
    ],
  };
}

const command = async (...args: readonly string[]): Promise<string> =>
  (await virtdeck({ data: core.dataDir, run: core.runDir }, args)).stdout;

async function booted(name: string, firmware: string, mac: string): Promise<Console> {
  const terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(`${tinyLinuxMarker} firmware=${firmware}`), 290_000);
  await terminal.waitFor(new RegExp(`eth1:[\\s\\S]*link/ether ${mac}`), 60_000);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 60_000);
  return terminal;
}

test.skipIf(!isRoot)(`without the definition, or without its bridge, the start says what is missing${unless}`, async () => {
  await core.request({ method: 'POST', path: machinesPath, body: networkMachine(machine('asked', 'bios', 'de:00:00:00:00:01')) });
  const check = async (): Promise<readonly string[]> => {
    const { causes } = (await core.request({ method: 'PUT', path: `${verbPath('asked', 'start')}?dryRun=All`, body: {} })) as StartCheck;
    return causes.map(({ reason }) => reason);
  };
  expect(await check()).toContain('NetworkMissing');
  const wrong = {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'wrong' },
    spec: { config: '{"type": "bridge", "vlan": 9999}' },
  };
  await expect(core.request({ method: 'POST', path: definitionsPath, body: wrong })).rejects.toThrow(
    /The bridge has no name.*vlan 9999 is none/s,
  );
  const definition = { ...wrong, metadata: { name: 'pxe-net-conf' }, spec: { config: pxeNetConf } };
  await core.request({
    method: 'POST',
    path: definitionsPath,
    body: { ...definition, spec: { config: pxeNetConf.replace('br1', 'br9') } },
  });
  expect(await check()).toContain('BridgeMissing');
  await core.request({ method: 'DELETE', path: `${definitionsPath}/pxe-net-conf` });
  await core.request({ method: 'POST', path: definitionsPath, body: definition });
  expect(await check()).toEqual([]);
});

/** A card comes, a cable is pulled, the card goes: while the guest runs, and as the guest sees it. */
async function plugAndUnplug(terminal: Console): Promise<void> {
  const before = machine('uefi', 'uefi', 'de:00:00:00:00:0a');
  const extra = { bridge: {}, name: 'extra', macAddress: 'de:00:00:00:00:0b' };
  const edit = async (interfaces: readonly object[]): Promise<void> => {
    const networks = [...before.networks, { name: 'extra', multus: { networkName: 'pxe-net-conf' } }].slice(0, interfaces.length);
    const now = (await core.request({ path: `${machinesPath}/uefi` })) as VirtualMachine;
    const template = now.spec.template.spec;
    const devices = { ...template?.domain.devices, interfaces };
    const changed = { ...template, networks, domain: { ...template?.domain, devices } };
    const spec = { ...now.spec, template: { ...now.spec.template, spec: changed } };
    await core.request({ method: 'PUT', path: `${machinesPath}/uefi`, body: { ...now, spec } });
  };
  await edit([...before.interfaces, extra]);
  // What is typed is echoed: the word is written so that only the answer has it whole.
  terminal.type('until grep -q 00:0b /sys/class/net/*/address; do sleep 1; done; echo CAME""IN\n');
  await terminal.waitFor(/CAMEIN/, 90_000);
  expect(await network.taps()).toHaveLength(3);
  const [user, pxe = {}] = before.interfaces;
  await edit([user ?? {}, { ...pxe, state: 'down' }]);
  terminal.type('while grep -q 00:0b /sys/class/net/*/address; do sleep 1; done; echo WENT""OUT\n');
  await terminal.waitFor(/WENTOUT/, 90_000);
  terminal.type('until [ "$(cat /sys/class/net/eth1/carrier)" = 0 ]; do sleep 1; done; echo NO""CABLE\n');
  await terminal.waitFor(/NOCABLE/, 60_000);
  await expect.poll(() => network.taps(), { timeout: 60_000 }).toHaveLength(2);
  const { status } = (await core.request({ path: `${machinesPath}/uefi` })) as { status: { conditions: readonly { type: string }[] } };
  expect(status.conditions.map(({ type }) => type)).not.toContain('RestartRequired');
}

test.skipIf(!isRoot)(
  `two machines boot over the bridge under BIOS and UEFI, reach each other, and leave nothing behind${unless}`,
  async () => {
    const file = join(dirname(core.dataDir), 'vmi-pxe-boot.yaml');
    writeFileSync(file, vmiPxeBoot);
    expect(await command('create', '-f', file)).toBe('virtualmachineinstance.kubevirt.io/vmi-pxe-boot created\n');
    await awaitPhase(core, 'vmi-pxe-boot', 'Running');
    expect(await command('get', 'vmi', 'vmi-pxe-boot', '-o', 'yaml')).toMatch(/^ +phase: Running$/m);
    await startMachine(core, machine('uefi', 'uefi', 'de:00:00:00:00:0a'));
    expect(await network.taps()).toHaveLength(2);
    const first = await booted('vmi-pxe-boot', 'bios', 'de:00:00:00:00:de');
    const second = await booted('uefi', 'uefi', 'de:00:00:00:00:0a');
    second.type('ping -c 3 192.168.77.222 | grep -o "[0-9]* packets received"\n');
    await second.waitFor(/[1-3] packets received/, 60_000);
    await plugAndUnplug(second);
    const log = await network.log();
    for (const mac of ['de:00:00:00:00:de', 'de:00:00:00:00:0a']) expect(log).toMatch(new RegExp(`DHCPACK.* ${mac}`));
    first.close();
    second.close();

    // The status tells the card apart from the user network's.
    const { status } = (await core.request({ path: `${instancesPath}/uefi` })) as {
      status: { interfaces: readonly { name: string; mac: string }[] };
    };
    expect(status.interfaces).toContainEqual(expect.objectContaining({ name: 'pxe-net', mac: 'de:00:00:00:00:0a' }));

    const gone = awaitPhase(core, 'vmi-pxe-boot', 'gone');
    await command('delete', 'vmi', 'vmi-pxe-boot');
    await gone;
    expect(await network.taps()).toHaveLength(1);
    // The core and the machine both die; the next core takes away what the machine had.
    await core.end('SIGKILL');
    const runDir = readdirSync(core.runDir).find((name) => existsSync(join(core.runDir, name, 'qemu.pid'))) ?? '';
    process.kill(Number(readFileSync(join(core.runDir, runDir, 'qemu.pid'), 'utf8')), 'SIGKILL');
    core = await startCore({ folder: core.dataDir.replace(/\/data$/, ''), network: network.name });
    await expect.poll(() => network.taps(), { timeout: 60_000 }).toEqual([]);
  },
);

test.skipIf(!isRoot)(`what a card on a bridge carries is counted without an agent${unless}`, async () => {
  const { networks } = machine('', 'bios', '');
  const interfaces = [{ bridge: {}, name: 'pxe-net', macAddress: 'de:00:00:00:00:0c', bootOrder: 1 }];
  await startMachine(core, { name: 'counted', firmware: 'bios', interfaces, networks: networks.slice(1) });
  // It fetches its kernel from the boot server: much comes in, and little goes out.
  const signal = AbortSignal.timeout(180_000);
  let seen: UsageSample | undefined;
  for await (const line of core.lines({ path: '/apis/virtdeck.io/v1alpha1/usage?watch=true', signal })) {
    seen = (line as UsageLine).machines.find(({ name }) => name === 'counted')?.sample;
    if ((seen?.netRxBps ?? 0) > 100_000) break;
  }
  expect([(seen?.netTxBps ?? 0) > 0, (seen?.netRxBps ?? 0) > (seen?.netTxBps ?? 0)]).toEqual([true, true]);
});
