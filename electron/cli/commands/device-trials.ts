// Owns `virtdeck devices try`, `keep`, `revert` and `trials`.
// Must not judge what may be tried; the API does, with every reason.
import type { DeviceTrial, DeviceTrialList } from '../../api/device-trials.ts';
import { aligned } from '../print.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

const collection = '/apis/virtdeck.io/v1alpha1/device-trials';

export async function tryDevice(session: Session, address: string, options: { readonly seconds: string }): Promise<void> {
  if (!/^\d+$/.test(options.seconds)) throw new UsageError(`--seconds is a number, not "${options.seconds}"`);
  const body = { address, seconds: Number(options.seconds) };
  const { addresses } = (await session.home.request({ method: 'POST', path: collection, body })) as DeviceTrial;
  session.print(`${addresses.join(', ')}: handed to VFIO, and taken back in ${body.seconds} s.`);
  session.print(`To keep: virtdeck devices keep ${address}`);
}

export async function keepDevice(session: Session, address: string): Promise<void> {
  const { addresses } = (await session.home.request({ method: 'POST', path: `${collection}/${address}/keep` })) as DeviceTrial;
  session.print(`${addresses.join(', ')}: left with VFIO until this computer restarts.`);
}

export async function revertDevice(session: Session, address: string): Promise<void> {
  await session.home.request({ method: 'POST', path: `${collection}/${address}/revert` });
  session.print(`${address}: given back to this computer, with its group.`);
}

export async function deviceTrials(session: Session, options: { readonly watch?: boolean }): Promise<void> {
  if (options.watch === true) {
    for await (const list of session.home.lines({ path: `${collection}?watch=true` })) printTrials(session, list as DeviceTrialList);
    return;
  }
  printTrials(session, (await session.home.request({ path: collection })) as DeviceTrialList);
}

function printTrials(session: Session, { items }: DeviceTrialList): void {
  if (items.length === 0) {
    process.stderr.write('Nothing was handed to VFIO since this computer started.\n');
    return;
  }
  const rows = items.map(({ addresses, state, secondsLeft }) => [
    addresses.join(','),
    state,
    secondsLeft === undefined ? '' : `${secondsLeft}s`,
  ]);
  session.print(aligned([['DEVICES', 'STATE', 'LEFT'], ...rows]).join('\n'));
  for (const { address } of items.filter(({ state }) => state === 'interrupted')) {
    process.stderr.write(`A change of drivers of ${address} was interrupted. Finish it: virtdeck devices revert ${address}\n`);
  }
}
