// Task: take snapshots of a running machine, go back to one, suspend the machine to disk, and run it without keeping anything.
import { machinesPath } from '../bench/machines.ts';
import { guestMachine } from '../guests/guest-machine.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './window.ts';

const dataVolume = {
  apiVersion: 'cdi.kubevirt.io/v1beta1',
  kind: 'DataVolume',
  metadata: { name: 'kept' },
  spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '16Mi' } } } },
};

function withDisk(name: string): object {
  const volumes = [{ name: 'kept', dataVolume: { name: 'kept' } }];
  const devices = { disks: [{ name: 'kept', disk: { bus: 'virtio' } }] };
  return guestMachine(name, { memory: '64Mi', runStrategy: 'Manual', spec: { volumes }, devices });
}

test('snapshots as a tree, suspending to disk, and a run that keeps nothing', async ({ page, deck, complaints }) => {
  await deck.core.request({ method: 'POST', path: '/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes', body: dataVolume });
  await deck.core.request({ method: 'POST', path: machinesPath, body: withDisk('safe') });
  await deck.open(page, '/machines/default/safe/snapshots');
  const dialog = page.getByRole('dialog');
  const tree = page.getByRole('treegrid', { name: 'Snapshots' });
  const take = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Take a snapshot' }).click();
    await expect(tree.getByRole('row', { name: new RegExp(`^.*${name}.*Ready`) })).toBeVisible();
  };
  const choose = async (row: string, action: string): Promise<void> => {
    await tree
      .getByRole('row', { name: new RegExp(row) })
      .getByRole('button', { name: `Actions of ${row}` })
      .click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const act = async (action: string): Promise<void> => {
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };

  // Of a machine that is off: the disks alone.
  await expect(page.getByText('No snapshots')).toBeVisible();
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(dialog.getByText(/The disks are kept\. It takes no room until they change; .* are free\./)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await take('off');

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(dialog.getByText(/Memory and disks are kept together\. Up to .* are written now/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await take('one');
  await take('two');
  await choose('off', 'Delete');
  await expect(tree.getByRole('row', { name: /off/ })).toHaveCount(0);
  await expect(tree.getByRole('row', { name: /one/ })).toHaveAttribute('aria-level', '1');
  await expect(tree.getByRole('row', { name: /two.*Now/ })).toHaveAttribute('aria-level', '2');
  await choose('one', 'Go back to it');
  await dialog.getByRole('button', { name: 'Go back to it' }).click();
  await expect(tree.getByRole('row', { name: /one.*Now/ })).toBeVisible();
  // What stands on it is hidden and shown by the keyboard.
  await page.getByRole('button', { name: 'Hide what stands on one' }).press('Enter');
  await expect(tree.getByRole('row', { name: /two/ })).toBeHidden();
  await page.getByRole('button', { name: 'Show what stands on one' }).press('Enter');
  await expect(tree.getByRole('row', { name: /two/ })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);

  await act('Suspend to disk');
  await expect(page.getByText('Suspended to disk').first()).toBeVisible();
  await expect(page.getByText('A start goes on where it was.')).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await expect(page.getByText('A start goes on where it was.')).toHaveCount(0);
  await act('Suspend to disk');
  await page.getByRole('button', { name: 'Discard the saved state' }).click();
  await dialog.getByRole('button', { name: 'Discard the saved state' }).click();
  await expect(page.getByText('A start goes on where it was.')).toHaveCount(0);

  await act('Run and discard changes');
  await expect(page.getByText('Changes are thrown away')).toBeVisible();
  // A snapshot would be thrown away with the rest.
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(dialog.getByText('The machine throws away what it writes: a snapshot would be thrown away with it.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Take a snapshot' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await act('Force off');
  await dialog.getByRole('button', { name: 'Force off' }).click();
  await expect(page.getByText('Changes are thrown away')).toHaveCount(0);
  expect(complaints).toEqual([]);
});
