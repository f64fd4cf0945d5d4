// Task: give a machine cores of its own, as the chapter says it (8.14.9.3), and choose its processor by what runs here.
import { awaitPhase, machine, machinesPath } from '../bench/machines.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

const schedule = 'Schedule this workload with dedicated resources (guaranteed policy)';

test('dedicated resources: Details, pencil, check box, Save; not while it runs', async ({ page, deck, complaints }) => {
  const pencil = page.getByRole('button', { name: 'Edit: Dedicated Resources' });
  await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
  await deck.open(page, '/machines/default/web/details');
  await expect(page.getByText('No Dedicated resources applied')).toBeVisible();
  await pencil.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Dedicated Resources' })).toBeVisible();
  await dialog.getByRole('checkbox', { name: schedule }).check();
  // Nobody has labelled a node yet.
  await expect(dialog.getByText('Scheduling will not be possible at this state')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Workload scheduled with dedicated resources (guaranteed policy)')).toBeVisible();
  const stored = await deck.core.request({ path: `${machinesPath}/web` });
  expect(stored).toMatchObject({ spec: { template: { spec: { domain: { cpu: { dedicatedCpuPlacement: true } } } } } });

  await deck.core.request({ method: 'POST', path: machinesPath, body: { ...machine('busy', undefined), spec: runningSpec } });
  await awaitPhase(deck.core, 'busy', 'Running');
  await deck.open(page, '/machines/default/busy/details');
  await expect(pencil).toHaveAttribute('aria-disabled', 'true');
  await pencil.hover();
  await expect(page.getByText('Shut the machine down to change this.')).toBeVisible();
  expect(complaints).toEqual([]);
});

/** Held before its first instruction: that it runs is enough. */
const runningSpec = {
  runStrategy: 'Always',
  template: {
    spec: {
      startStrategy: 'Paused',
      terminationGracePeriodSeconds: 0,
      domain: { memory: { guest: '64Mi' }, devices: { autoattachGraphicsDevice: false } },
    },
  },
};

test('a model that does not run here as it is, and a feature', async ({ page, deck }) => {
  await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
  await deck.open(page, '/machines/default/web/details');
  await expect(page.getByText(/Here: \S+/)).toBeVisible();
  await page.getByRole('button', { name: 'Edit: CPU model' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Search models' }).fill('EPYC-Milan');
  await dialog.getByRole('menuitem', { name: /EPYC-Milan/ }).click();
  await expect(dialog.getByText('EPYC-Milan does not run here as it is')).toBeVisible();
  await dialog.getByRole('button', { name: 'Add feature' }).click();
  await dialog
    .getByRole('textbox', { name: 'Feature' })
    .or(dialog.getByRole('combobox', { name: 'Feature' }))
    .fill('warp');
  await expect(dialog.getByText('QEMU knows no feature of this name.')).toBeVisible();
  await lookAt(page, 'processor');
  await dialog.getByRole('button', { name: 'Remove feature warp' }).click();
  await dialog.getByRole('button', { name: 'Disable what is missing' }).click();
  await expect(dialog.getByText('EPYC-Milan does not run here as it is')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('EPYC-Milan', { exact: true })).toBeVisible();
});
