// Owns which changes of cards reach a running machine.
import { expect, test } from 'vitest';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { comparableCards, withCardsOf } from '../../../electron/core/reconcile/card-sync.ts';

type Card = NonNullable<VirtualMachineInstanceSpec['domain']['devices']['interfaces']>[number];

/** `default` is on the user network, everything else on a bridge. */
function spec(...interfaces: readonly Card[]): VirtualMachineInstanceSpec {
  const networks = interfaces.map(({ name }) => (name === 'default' ? { name, pod: {} } : { name, multus: { networkName: name } }));
  return { domain: { devices: { interfaces: [...interfaces] } }, networks };
}

const user: Card = { name: 'default', masquerade: {} };
const lan: Card = { name: 'lan', bridge: {} };
const wan: Card = { name: 'wan', bridge: {} };

const rows: readonly {
  readonly what: string;
  readonly run: readonly Card[];
  readonly wanted: readonly Card[];
  readonly becomes: readonly Card[];
}[] = [
  { what: 'nothing new', run: [user, lan], wanted: [user, lan], becomes: [user, lan] },
  { what: 'a cable out', run: [user], wanted: [{ ...user, state: 'down' }], becomes: [{ ...user, state: 'down' }] },
  { what: 'a cable in', run: [{ ...user, state: 'down' }], wanted: [user], becomes: [user] },
  { what: 'a card plugged in keeps to the end', run: [user, lan], wanted: [wan, user, lan], becomes: [user, lan, wan] },
  {
    what: 'a card said to be absent',
    run: [user, lan],
    wanted: [user, { ...lan, state: 'absent' }],
    becomes: [user, { ...lan, state: 'absent' }],
  },
  {
    what: 'a card that is not named any more',
    run: [user, lan, wan],
    wanted: [user, wan],
    becomes: [user, { ...lan, state: 'absent' }, wan],
  },
  { what: 'a card that comes back', run: [user, { ...lan, state: 'absent' }], wanted: [user, lan], becomes: [user, lan] },
  { what: 'the user network stays', run: [user], wanted: [], becomes: [user] },
  { what: 'conventional PCI stays', run: [user, { ...lan, model: 'e1000' }], wanted: [user], becomes: [user, { ...lan, model: 'e1000' }] },
  { what: 'conventional PCI does not come', run: [user], wanted: [user, { ...lan, model: 'rtl8139' }], becomes: [user] },
  { what: 'another address is another machine', run: [lan], wanted: [{ ...lan, macAddress: '02:00:00:00:00:01' }], becomes: [lan] },
  { what: 'more cards than slots', run: [user, lan], wanted: [user, lan, ...names(9)], becomes: [user, lan, ...names(6)] },
];

test.each(rows)('$what', ({ run, wanted, becomes }) => {
  const before = spec(...run);
  const after = withCardsOf(before, spec(...wanted));
  expect(after.domain.devices.interfaces).toEqual(becomes);
  if (JSON.stringify(run) === JSON.stringify(becomes)) expect(after).toBe(before);
  for (const { name } of becomes) expect(after.networks?.map((network) => network.name)).toContain(name);
});

function names(count: number): readonly Card[] {
  return Array.from({ length: count }, (_, index) => ({ name: `n${index}`, bridge: {} }));
}

test('a run and its definition are the same when they differ in order and in cards that are out', () => {
  const run = spec(user, { ...lan, state: 'absent' }, wan);
  expect(comparableCards(run)).toEqual(comparableCards(spec(wan, user)));
  expect(comparableCards(run)).not.toEqual(comparableCards(spec(wan, user, lan)));
});
