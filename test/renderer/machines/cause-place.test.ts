// Owns the proof that each reason of the start check leads to where its field is changed, by the reasons that the core really gives.
// Must not judge the reasons.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { causeStep } from '../../../renderer/features/create/cause-step.ts';
import { causePlace } from '../../../renderer/features/machines/cause-place.ts';

const core = new URL('../../../electron/core', import.meta.url).pathname;
const sources = readdirSync(core, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(core, name), 'utf8'))
  .join('\n');

const spec = 'spec.template.spec';

test.each([
  ['ExceededQuota', `${spec}.domain.memory.guest`, 'page quotas', 'size'],
  ['InsufficientResource', `${spec}.domain.memory.guest`, 'edit memory', 'size'],
  ['InsufficientResource', `${spec}.domain.cpu`, 'edit cpu', 'size'],
  ['InsufficientResource', `${spec}.domain.memory.hugepages.pageSize`, 'tab yaml', 'options'],
  ['CoresShort', `${spec}.domain.cpu.dedicatedCpuPlacement`, 'edit ownCores', 'options'],
  ['CpuModelUnavailable', `${spec}.domain.cpu.model`, 'edit processor', 'size'],
  ['FirmwareMissing', `${spec}.domain.firmware.bootloader.efi`, 'page settings', 'options'],
  ['SwtpmMissing', `${spec}.domain.devices.tpm`, 'page settings', 'options'],
  ['BridgeMissing', `${spec}.networks[0].multus.networkName`, 'page networks', 'network'],
  ['PortTaken', 'metadata.annotations[virtdeck.io/port-forwards][0]', 'tab network', 'network'],
  ['NetworkBootMissing', "metadata.annotations['virtdeck.io/network-boot']", 'tab yaml', 'system'],
  ['VolumeLocked', `${spec}.volumes[0].persistentVolumeClaim`, 'tab disks', 'disk'],
  ['VolumeFailed', `${spec}.volumes[0].dataVolume`, 'page disks', 'disk'],
  ['DiskFull', `${spec}.volumes[0].dataVolume`, 'page disks', 'disk'],
  ['SecretMissing', `${spec}.volumes[1].cloudInitNoCloud.secretRef`, 'tab disks', 'account'],
  ['HostDeviceInUse', `${spec}.domain.devices.gpus[0].deviceName`, 'page host-devices', 'devices'],
  ['HostDeviceShort', `${spec}.domain.devices.hostDevices[0].deviceName`, 'tab details', 'devices'],
  ['NodeSelectorMismatch', `${spec}.nodeSelector`, 'edit nodeSelector', undefined],
  ['TaintNotTolerated', `${spec}.tolerations`, 'edit tolerations', undefined],
  ['PodAffinityMismatch', `${spec}.affinity.podAffinity`, 'edit affinity', undefined],
  ['LimitTooClose', `${spec}.domain.resources.limits.memory`, 'edit resources', 'size'],
])('%s of %s', (...[reason, field, place, step]) => {
  expect(sources).toContain(`'${reason}'`);
  const { type, ...rest } = causePlace({ reason, field })!;
  expect(`${type} ${Object.values(rest).join()}`).toBe(place);
  expect(causeStep(field)).toBe(step);
});

test('of a machine that runs already nothing is to be changed', () => {
  expect(causePlace({ reason: 'LifecycleConflict', field: '' })).toBeUndefined();
});
