// Owns reading what a network card holds its virtual functions to, as `ip` of iproute2 tells it.
// Must not change it; the privileged program does.
import { z } from 'zod';
import type { VirtualFunctionSettings } from '../../api/privileged.ts';
import { runCommand } from '../exec.ts';
import type { Sysfs } from './sysfs.ts';

/** By number of the function. Empty where nothing tells. */
export type FunctionReader = (card: string) => Promise<ReadonlyMap<number, VirtualFunctionSettings>>;

const linkStates = { auto: 0, enable: 1, disable: 2 } as const;

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

export const readFunctions: FunctionReader = async (card) => {
  const asked = await runCommand({ program: 'ip', args: ['-json', 'link', 'show', 'dev', card], timeoutMs: 5_000 }).catch(() => undefined);
  return asked?.code === 0 ? functionsIn(asked.stdout) : new Map();
};

/** Of one function, by its own address; undefined where nobody tells. */
export async function functionNow(sysfs: Sysfs, address: string): Promise<VirtualFunctionSettings | undefined> {
  const card = `/sys/bus/pci/devices/${address}/physfn`;
  const [[network], names] = await Promise.all([sysfs.names(`${card}/net`), sysfs.names(card)]);
  if (network === undefined) return undefined;
  for (const name of names.filter((one) => /^virtfn\d+$/.test(one))) {
    if ((await sysfs.linkName(`${card}/${name}`)) === address)
      return (await readFunctions(network)).get(Number(name.slice('virtfn'.length)));
  }
  return undefined;
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
        ...(linkState === undefined ? {} : { linkState: linkStates[linkState] }),
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
