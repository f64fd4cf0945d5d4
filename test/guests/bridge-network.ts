// Owns a bridge in a network of its own, and a boot server in another one that is wired to it.
// Must not touch this computer's own network. Needs root.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';

export interface BridgeNetwork {
  /** Where the core is to run: `br1` is there. */
  readonly name: string;
  /** What the boot server logged. */
  log(): Promise<string>;
  /** Names of the interfaces on the bridge that machines opened. */
  taps(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

async function ip(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand({ program: 'ip', args, timeoutMs: 30_000 });
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Serves `folder` by TFTP and addresses from 192.168.77.50 on. */
export async function bridgeNetwork(folder: string): Promise<BridgeNetwork> {
  const [here, there] = [`vd-a-${process.pid}`, `vd-b-${process.pid}`];
  const work = await mkdtemp(path.join(tmpdir(), 'vd-net-'));
  const inside = (name: string, ...args: readonly string[]): Promise<string> => ip('-netns', name, ...args);
  for (const name of [here, there]) {
    await ip('netns', 'add', name);
    await inside(name, 'link', 'set', 'lo', 'up');
  }
  await inside(here, 'link', 'add', 'br1', 'type', 'bridge');
  await inside(here, 'link', 'set', 'br1', 'up');
  await ip('link', 'add', 'vda0', 'netns', here, 'type', 'veth', 'peer', 'name', 'vdb0', 'netns', there);
  await inside(here, 'link', 'set', 'vda0', 'master', 'br1', 'up');
  await inside(there, 'addr', 'add', '192.168.77.1/24', 'dev', 'vdb0');
  await inside(there, 'link', 'set', 'vdb0', 'up');
  const logFile = path.join(work, 'dnsmasq.log');
  const server = spawn(
    'ip',
    [
      ['netns', 'exec', there, '/usr/sbin/dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--interface=vdb0'],
      ['--bind-interfaces', '--dhcp-range=192.168.77.50,192.168.77.60,1h', '--no-ping', '--dhcp-match=set:efi,option:client-arch,7'],
      ['--dhcp-boot=tag:efi,bootnetx64.efi', '--dhcp-boot=tag:!efi,pxelinux.0', '--enable-tftp', `--tftp-root=${folder}`],
      ['--user=root', '--pid-file=', `--dhcp-leasefile=${path.join(work, 'leases')}`, '--log-dhcp', `--log-facility=${logFile}`],
    ].flat(),
    { stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  return {
    name: here,
    log: () => readFile(logFile, 'utf8'),
    taps: async () => {
      const links = JSON.parse(await inside(here, '-json', 'link', 'show', 'master', 'br1')) as readonly { readonly ifname?: string }[];
      return links.flatMap(({ ifname = '' }) => (ifname.startsWith('vd') && ifname !== 'vda0' ? [ifname] : []));
    },
    remove: async () => {
      server.kill('SIGTERM');
      await ended;
      for (const name of [here, there]) await ip('netns', 'del', name);
      await rm(work, { recursive: true, force: true });
    },
  };
}
