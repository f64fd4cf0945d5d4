// Owns reading what a network card holds its virtual functions to, as `ip` of iproute2 tells it.
// Must not change it; the privileged program does.
import { z } from 'zod';
import type { PciAddress } from '../../api/host-devices.ts';
import { functionLinkStates, type VirtualFunctionSettings } from '../../api/privileged.ts';
import { runCommand } from '../exec.ts';
import type { Sysfs } from './sysfs.ts';

/** Drivers leave out what they do not know; without a VLAN there is no list, and before iproute2 5.0 it was a number. */
const functionSchema = z.object({
  vf: z.number(),
  address: z.string().optional(),
  mac: z.string().optional(),
  vlan: z.number().optional(),
  qos: z.number().optional(),
  vlan_list: z.array(z.object({ vlan: z.number().optional(), qos: z.number().optional() })).optional(),
  spoofchk: z.boolean().optional(),
  trust: z.boolean().optional(),
  link_state: z.enum(['auto', 'enable', 'disable']).optional(),
});
const answerSchema = z.array(z.object({ vfinfo_list: z.array(functionSchema).optional() }));

/** What `ip` prints of a network card; undefined when it is not there, or nobody tells. */
type Teller = (network: string) => Promise<string | undefined>;

const ipLink: Teller = async (network) => {
  const args = ['-json', 'link', 'show', 'dev', network];
  const asked = await runCommand({ program: 'ip', args, timeoutMs: 5_000 }).catch(() => undefined);
  return asked?.code === 0 ? asked.stdout : undefined;
};

/** Of the card with this folder of sysfs, by address of the function. Empty where nobody tells. */
export async function readFunctions(sysfs: Sysfs, card: string, tell = ipLink): Promise<ReadonlyMap<PciAddress, VirtualFunctionSettings>> {
  const functions = await functionLinks(sysfs, card);
  const [network] = functions.length === 0 ? [] : await sysfs.names(`${card}/net`);
  const text = network === undefined ? undefined : await tell(network);
  if (text === undefined) return new Map();
  const told = functionsIn(text);
  return new Map(
    functions.flatMap(({ index, address }) => {
      const settings = told.get(index);
      return settings === undefined ? [] : [[address, settings] as const];
    }),
  );
}

/** The kernel numbers them in the names of links; one that went between two looks is left out. */
export async function functionLinks(
  sysfs: Sysfs,
  card: string,
): Promise<readonly { readonly index: number; readonly address: PciAddress }[]> {
  const names = (await sysfs.names(card)).filter((name) => /^virtfn\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => ({ index: Number(name.slice('virtfn'.length)), address: await sysfs.linkName(`${card}/${name}`) })),
  );
  return found.flatMap(({ index, address }) => (address === undefined ? [] : [{ index, address }]));
}

/** Of the text that `ip -json link show dev CARD` prints. */
export function functionsIn(text: string): ReadonlyMap<number, VirtualFunctionSettings> {
  const rows = answerSchema.safeParse(parsed(text)).data?.flatMap(({ vfinfo_list: list = [] }) => list) ?? [];
  return new Map(
    rows.map(({ vf, address, mac = address, vlan, qos, vlan_list: [first] = [], spoofchk, trust, link_state: linkState }) => [
      vf,
      {
        ...(mac === undefined ? {} : { mac }),
        vlan: first?.vlan ?? vlan ?? 0,
        qos: first?.qos ?? qos ?? 0,
        ...(spoofchk === undefined ? {} : { spoofCheck: spoofchk }),
        ...(trust === undefined ? {} : { trust }),
        ...(linkState === undefined ? {} : { linkState: functionLinkStates[linkState] }),
      },
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
