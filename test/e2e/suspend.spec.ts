// Task: suspend a machine to disk, see that it goes on writing, and start it again where it was.
import { resources } from '../../electron/api/resources.ts';
import { dataVolume, named, vm, withDisk, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { expect, test } from './window.ts';

test('suspending shows its progress, keeps the disk, and a start goes on', async ({ page, pretended, complaints }) => {
  const { engine, host } = pretended;
  const { promise: jobsWaitFor, resolve: letGo } = Promise.withResolvers<void>();
  host.world.behave({ jobsWaitFor });
  await engine.create(resources.dataVolumes, 'default', dataVolume({ name: 'root' }));
  await engine.create(
    resources.virtualMachines,
    'default',
    vm(named('web'), withRunStrategy('Manual'), withDisk('root', { dataVolume: 'root' })),
  );
  await engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name: 'web' });
  await pretended.open(page, '/machines/default/web/overview');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Suspend to disk', exact: true }).click();
  const progress = page.getByRole('progressbar', { name: 'Being suspended to disk' });
  await expect(progress).toBeVisible();
  await expect(page.getByText(/ of up to 128 MiB written/)).toBeVisible();
  // It grows by what QEMU writes.
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  letGo();
  await expect(page.getByText('A start goes on where it was.')).toBeVisible();
  await expect(progress).toHaveCount(0);
  const claim = { resource: resources.persistentVolumeClaims, namespace: 'default', name: 'root' };
  await expect(engine.delete(claim)).rejects.toThrow('The machine web is suspended to disk, and its disk root is part of that.');

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await expect(page.getByText('A start goes on where it was.')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('what makes it impossible stands at the action, before anybody presses it', async ({ page, pretended }) => {
  const { engine } = pretended;
  const layered = withTemplate((spec) => ({
    ...spec,
    domain: { ...spec.domain, devices: { ...spec.domain.devices, disks: [{ name: 'root', disk: { bus: 'virtio' } }] } },
    volumes: [{ name: 'root', ephemeral: { persistentVolumeClaim: { claimName: 'root' } } }],
  }));
  await engine.create(resources.dataVolumes, 'default', dataVolume({ name: 'root' }));
  await engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Always'), layered));
  await pretended.open(page, '/machines/default/web/overview');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  const action = page.getByRole('menuitem', { name: /^Suspend to disk/ });
  await expect(action).toHaveAttribute('aria-disabled', 'true');
  await expect(action).toContainText('What is written to the disk root lies on top of an image that may be another one by then.');
});
