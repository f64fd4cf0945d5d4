// Task: learn that a guest hung, panicked or crashed: the alert, the notification, the timeline with its evidence.
import { annotations } from '../../electron/api/annotations.ts';
import { resources } from '../../electron/api/resources.ts';
import { named, vm, withDomain, withMeta, withRunStrategy } from '../fakes/builders.ts';
import type { FakeWorld } from '../fakes/fake-world.ts';
import { startPretended } from '../fakes/pretended-core.ts';
import { lookAt } from './look-at.ts';
import { expect, goTo, test } from './window.ts';

const watched = withDomain((domain) => ({
  ...domain,
  devices: { ...domain.devices, watchdog: { name: 'dog', i6300esb: { action: 'reset' } }, panicDevices: [{ model: 'pvpanic' }] },
}));

function lookedAtBefore(world: FakeWorld, name: string, leadMs: number): void {
  const guest = world.guest(name);
  if (guest !== undefined) world.looks.set(guest.plan.runDir, world.clock.now() - leadMs);
}

const pausing = withMeta({ annotations: { [annotations.panicAction]: 'pause' } });

test('watchdog, panic and crash are told with their evidence', async ({ page, pretended, complaints }) => {
  const { engine, host } = pretended;
  host.world.behave({ serialGreeting: 'login: \r\n[  42.0] rcu: INFO: rcu_sched detected stalls\r\n' });
  await engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Manual'), watched, pausing));
  await engine.create(resources.virtualMachines, 'default', vm(named('db'), withRunStrategy('Manual')));
  await engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name: 'db' });
  await engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name: 'web' });
  await pretended.open(page, '/machines/default/web/overview');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();

  lookedAtBefore(host.world, 'web', 8_000);
  host.world.guest('web')?.watchdogBites();
  const alerts = page.locator('.vd-alerts');
  await expect(alerts.getByText('The watchdog fired').first()).toBeVisible();
  await expect(alerts.getByText(/was not fed in time; its action is reset/)).toBeVisible();
  await alerts.getByRole('button', { name: 'See evidence' }).click();
  await expect(page).toHaveURL(/web\/events/);
  const timeline = page.getByRole('list', { name: 'Events' });
  const bitten = timeline.getByRole('listitem').filter({ hasText: 'The watchdog was not fed in time' });
  await bitten.getByRole('button', { name: 'Evidence' }).press('Enter');
  await expect(bitten.getByText('rcu_sched detected stalls')).toBeVisible();
  // The reset took the screen: what is shown says how old it is.
  await expect(bitten.getByText(/^Screen \d+ sec before$/)).toBeVisible();
  await expect(bitten.getByRole('img', { name: /^The screen of web \d+ sec before$/ })).toBeVisible();
  await lookAt(page, 'evidence');

  host.world.guest('web')?.panics();
  await expect(alerts.getByText('The guest panicked').first()).toBeVisible();
  // Its screen is still there, with the panic on it.
  const panicked = timeline.getByRole('listitem').filter({ hasText: 'GuestPanicked' }).first();
  await panicked.getByRole('button', { name: 'Evidence' }).click();
  await expect(panicked.getByRole('img', { name: 'The screen of web at that moment' })).toBeVisible();

  await pretended.open(page, '/machines/default/db/events');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  host.world.guest('db')?.crashes('qemu-system-x86_64: virtio: bogus descriptor');
  await expect(alerts.getByText('The machine ended unexpectedly')).toBeVisible();
  const crashed = timeline.getByRole('listitem').filter({ hasText: 'bogus descriptor' }).first();
  await crashed.getByRole('button', { name: 'Evidence' }).click();
  await expect(crashed.getByText('rcu_sched detected stalls')).toBeVisible();
  await alerts.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alerts.getByText('The machine ended unexpectedly')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('a machine that comes up after another says so, and counts the seconds', async ({ page, complaints }) => {
  const ordered = (name: string, order: string) =>
    vm(
      named(name),
      withRunStrategy('Always'),
      withMeta({ annotations: { [annotations.startOrder]: order, [annotations.startDelay]: '50' } }),
    );
  const machines = ['db', 'app', 'web'].map((name, index) => ({ ...ordered(name, `${index}`) }));
  const core = await startPretended({ tcp: { host: '127.0.0.1', port: 0 }, machines });
  try {
    await page.goto(core.url() ?? '');
    await goTo(page, '/machines');
    await expect(page.getByRole('row', { name: /db.*Running/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /web.*Waits for its turn/ })).toBeVisible();
    await goTo(page, '/machines/default/app/overview');
    const alert = page.locator('.vd-alerts');
    await expect(alert.getByText('Begins 50 s after the start of db.')).toBeVisible();
    const left = async (): Promise<number> => Number(/(\d+)/.exec((await alert.getByText(/left\.$/).textContent()) ?? '')?.[1]);
    const first = await left();
    await expect.poll(left).toBeLessThan(first);
    await lookAt(page, 'start-order');
    await goTo(page, '/machines/default/web/overview');
    await expect(alert.getByText('Begins in its start order, after app.')).toBeVisible();
    expect(complaints).toEqual([]);
  } finally {
    await core.stop();
  }
});
