// Owns a run of the product on a bridge that keeps VLANs apart, with a boot server in each of two VLANs.
// Must not judge what came of it; the test does.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createNetwork } from '../../../electron/host/network/network.ts';
import { networkFacts } from '../../../electron/host/network/network-facts.ts';
import { silentLog } from '../../host/silent-log.ts';
import { startCore, type CoreProcess } from '../../bench/core-process.ts';
import { stopAndForget } from '../../bench/machines.ts';
import { openConsole } from '../../guests/console.ts';
import { startMachine } from '../../guests/network-machine.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const mac = 'de:00:00:00:00:de';
const ip = (...args: readonly string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
const bridge = (...args: readonly string[]): string => execFileSync('bridge', args, { encoding: 'utf8' });

interface BootServer {
  /** Whether it has heard of the card since it was asked last. */
  readonly hasHeard: () => boolean;
}

/** A server in a network of its own, wired to an access port of the VLAN. */
function bootServer(vlan: number): BootServer {
  const [network, port, inside] = [`s${vlan}`, `v${vlan}`, `w${vlan}`];
  ip('netns', 'add', network);
  ip('link', 'add', port, 'type', 'veth', 'peer', 'name', inside, 'netns', network);
  ip('link', 'set', port, 'master', 'br1', 'up');
  bridge('vlan', 'add', 'dev', port, 'vid', `${vlan}`, 'pvid', 'untagged');
  if (vlan !== 1) bridge('vlan', 'del', 'dev', port, 'vid', '1');
  ip('-netns', network, 'addr', 'add', `192.168.${vlan}.1/24`, 'dev', inside);
  ip('-netns', network, 'link', 'set', inside, 'up');
  const root = `/tmp/tftp${vlan}`;
  mkdirSync(root, { recursive: true });
  // The card and where it got its address from are what a guest could print; a whole Linux would take minutes in here.
  writeFileSync(`${root}/boot.ipxe`, `#!ipxe\necho BOOTED-FROM-VLAN-${vlan} mac \${net0/mac} ip \${net0/ip}.\nsleep 600\n`);
  const log = `/tmp/dnsmasq${vlan}.log`;
  writeFileSync(log, '');
  spawn(
    'ip',
    [
      ['netns', 'exec', network, 'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', `--interface=${inside}`],
      ['--bind-interfaces', `--dhcp-range=192.168.${vlan}.50,192.168.${vlan}.60,1h`, '--no-ping', '--dhcp-boot=boot.ipxe', '--enable-tftp'],
      [`--tftp-root=${root}`, '--user=root', '--pid-file=', `--dhcp-leasefile=/tmp/leases${vlan}`, '--log-dhcp', `--log-facility=${log}`],
    ].flat(),
    { stdio: 'ignore' },
  ).unref();
  let read = 0;
  return {
    hasHeard: () => {
      const text = readFileSync(log, 'utf8');
      const news = text.slice(read);
      read = text.length;
      return news.includes(mac);
    },
  };
}

async function define(core: CoreProcess, vlan: number): Promise<void> {
  await core.request({
    method: 'POST',
    path: '/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions',
    body: {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name: `vlan-${vlan}` },
      spec: { config: JSON.stringify({ type: 'cnv-bridge', bridge: 'br1', vlan, macspoofchk: true }) },
    },
  });
}

const main: LabProgramMain = async (lab) => {
  const network = createNetwork({ dataDir: '/tmp/lab-data', log: silentLog });
  await network.ask({ verb: 'bridge-create', name: 'br1', vlanFiltering: true });
  lab.report({ bridge: (await networkFacts()).bridges.find(({ name }) => name === 'br1') });
  const servers = new Map([10, 1].map((vlan) => [vlan, bootServer(vlan)]));
  const core = await startCore();
  for (const vlan of servers.keys()) {
    await define(core, vlan);
    const name = `pxe-${vlan}`;
    await startMachine(core, {
      name,
      firmware: 'bios',
      memory: '128Mi',
      interfaces: [{ bridge: {}, name: 'pxe-net', macAddress: mac, bootOrder: 1 }],
      networks: [{ name: 'pxe-net', multus: { networkName: `vlan-${vlan}` } }],
      serialBios: true,
    });
    const terminal = await openConsole(core.socket, name);
    const [said] = await terminal.waitFor(/BOOTED-FROM-VLAN-[^.]*\.\d+\.\d+\.\d+/, 200_000);
    const ports = JSON.parse(bridge('-json', 'vlan', 'show')) as readonly { readonly ifname: string }[];
    lab.report({
      vlan,
      said,
      port: ports.find(({ ifname }) => /^vd[0-9a-f]{12}$/.test(ifname)),
      heard: Object.fromEntries([...servers].map(([each, { hasHeard }]) => [each, hasHeard()])),
    });
    terminal.close();
    await stopAndForget(core, name);
    const left = JSON.parse(bridge('-json', 'vlan', 'show')) as readonly { readonly ifname: string }[];
    lab.report({ left: left.map(({ ifname }) => ifname).filter((ifname) => ifname.startsWith('vd')) });
  }
  await core.end();
};

export default main;
