// Owns `virtdeck evidence`: what was kept when a machine hung, panicked or crashed.
// Must not change anything.
import { writeFile } from 'node:fs/promises';
import { type Evidence, screenshotLeadMs } from '../../api/evidence.ts';
import { plainText } from '../../api/plain-text.ts';
import { aligned } from '../print.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface EvidenceOptions {
  /** Where to write the picture of the screen. */
  readonly screenshot?: string;
}

/** Without an id: one line each, the newest last. With an id, or `last`: everything about that one. */
export async function evidence(session: Session, [name, id]: readonly [string, string?], options: EvidenceOptions): Promise<void> {
  const path = evidencePath(session.namespace, name);
  const { items } = (await session.request({ path })) as { readonly items: readonly Evidence[] };
  if (id === undefined && options.screenshot === undefined) {
    if (items.length === 0) process.stderr.write(`No evidence of a failure of ${name}.\n`);
    else session.print(aligned([['TIME', 'REASON', 'ACTION', 'SCREEN', 'ID'], ...items.map(row)]).join('\n'));
    return;
  }
  const found = id === undefined || id === 'last' ? items.at(-1) : items.find((one) => one.id === id);
  if (found === undefined) throw new UsageError(`no evidence "${id ?? 'last'}" of ${name}; see: virtdeck evidence ${name}`);
  if (options.screenshot !== undefined) {
    if (!found.hasScreenshot) throw new UsageError(`${found.id} has no picture of the screen`);
    const picture = await session.bytes({ path: `${path}/${found.id}/screenshot`, accept: 'image/png' });
    await writeFile(options.screenshot, picture, { mode: 0o600 });
    return;
  }
  session.print(words(found));
}

export function evidencePath(namespace: string, name: string): string {
  return `/apis/virtdeck.io/v1alpha1/namespaces/${namespace}/virtualmachineinstances/${name}/evidence`;
}

function row(one: Evidence): string[] {
  const { time, reason, action = '-', id } = one;
  return [time, reason, action, screenText(one) ?? 'no', id];
}

/** `at the time`, or `8 s before`: the screen that went with QEMU is the one that was looked at last. Undefined without a picture. */
export function screenText(one: Evidence): string | undefined {
  if (!one.hasScreenshot) return undefined;
  const leadMs = screenshotLeadMs(one);
  return leadMs === 0 ? 'at the time' : `${leadMs / 1000} s before`;
}

function words(one: Evidence): string {
  const { time, reason, action, message, serialTail, stderr } = one;
  const screen = screenText(one);
  const head = [
    `Time:    ${time}`,
    `Reason:  ${reason}`,
    ...(action === undefined ? [] : [`Action:  ${action}`]),
    `Message: ${message}`,
    `Screen:  ${screen === undefined ? 'not kept' : `${screen}; --screenshot FILE writes it`}`,
  ];
  return [
    ...head,
    '',
    'Serial console:',
    plainText(serialTail).trimEnd(),
    ...(stderr === '' ? [] : ['', 'QEMU:', plainText(stderr).trimEnd()]),
  ].join('\n');
}
