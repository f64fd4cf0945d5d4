// Owns `virtdeck prepare card`: the recovery card as a text of 80 columns, for a printer.
// Must not gather it; the API has.
import type { RecoveryCard } from '../../api/preparation.ts';
import type { Session } from '../session.ts';

export async function prepareCard(session: Session): Promise<void> {
  session.print(cardText((await session.request({ path: '/apis/virtdeck.io/v1alpha1/preparation/card' })) as RecoveryCard));
}

const edits: Readonly<Record<RecoveryCard['bootLoader'], readonly string[]>> = {
  grub: grubEdit(),
  grubby: grubEdit(),
  'rpm-ostree': grubEdit(),
  'kernel-install': bootEdit(),
  'systemd-boot': bootEdit(),
  unknown: ['In the boot menu, edit the line that starts the kernel.'],
};

function grubEdit(): readonly string[] {
  return ['Hold Shift or press Esc while it starts, until the menu of GRUB shows.', 'Press e. Find the line that begins with "linux".'];
}

function bootEdit(): readonly string[] {
  return ['Hold the space bar while it starts, until the boot menu shows.', 'Press e: the line of the kernel is shown.'];
}

export function cardText({ hostname, system, bootLoader, remove, add, changes, rescueScript, rebuild }: RecoveryCard): string {
  const start = bootLoader === 'systemd-boot' || bootLoader === 'kernel-install' ? 'Press Enter.' : 'Press Ctrl+X.';
  return [
    `RECOVERY CARD of ${hostname}`,
    system,
    '',
    'When it does not come up, or a screen stays dark:',
    '',
    '1. Start it once without the change',
    ...edits[bootLoader].map((line) => `   ${line}`),
    ...remove.map((word) => `   Take away:  ${word}`),
    ...add.map((word) => `   Add:        ${word}`),
    `   ${start} It is for this one start.`,
    '',
    '2. Take the change back for good',
    '   In the computer that came up so:  virtdeck prepare undo',
    `   From a rescue shell, as root:     sh ${rescueScript}`,
    '   With the disk mounted at /mnt:    ',
    `     sh /mnt${rescueScript} /mnt`,
    ...(rebuild.length === 0 ? [] : ['   Then, in the computer itself or chrooted into it:', ...rebuild.map((line) => `     ${line}`)]),
    '',
    '3. What was changed',
    ...(changes.length === 0 ? ['   Nothing.'] : []),
    ...changes.map((change) =>
      'path' in change
        ? `   ${change.path}${change.before === undefined ? ' (was not there: remove it)' : ''}`
        : `   kernel argument ${change.argument}${change.command.endsWith('-add') ? ' (taken away: add it again)' : ''}`,
    ),
  ].join('\n');
}
