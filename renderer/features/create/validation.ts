// Owns what is wrong with each step of the wizard, all of it, with the numbers.
// Must not put it into words: `code` names them, `values` fill them in.
import { addressProblem } from '../../ui/image-address.ts';
import { devicesProblem } from '../../ui/host-device-drafts.ts';
import { isLabelName } from '../../ui/object-name.ts';
import type { CreateForm, StepId } from './form.ts';
import { type World, isServedElsewhere, takenName } from './suggestions.ts';
import { type SystemTraits, systemTraits } from './traits.ts';
import { packageList } from './user-data.ts';

/** Keys of the catalogue `create:problems`. */
export type ProblemCode =
  | 'debianCannotBuild'
  | 'addressMissing'
  | 'addressWrong'
  | 'imageNameWrong'
  | 'imageMissing'
  | 'pathMissing'
  | 'folderMissing'
  | 'pathNotAbsolute'
  | 'pathNotInspected'
  | 'imageRefused'
  | 'uploadMissing'
  | 'uploadEmpty'
  | 'claimMissing'
  | 'networkUrlMissing'
  | 'networkUrlWrong'
  | 'nameMissing'
  | 'nameNotALabel'
  | 'nameTaken'
  | 'cpusNotANumber'
  | 'cpusMoreThanHere'
  | 'memoryNotANumber'
  | 'memoryMoreThanHere'
  | 'memoryNotFree'
  | 'memoryLow'
  | 'diskNotANumber'
  | 'diskTooSmall'
  | 'diskMoreThanFree'
  | 'notAnIso'
  | 'virtioWithoutDrivers'
  | 'networkBootCut'
  | 'networkBootServed'
  | 'networkBootElsewhere'
  | 'pagesDoNotFit'
  | 'macWrong'
  | 'networkMissing'
  | 'networkGone'
  | 'devicesIncomplete'
  | 'portNotANumber'
  | 'forwardName'
  | 'forwardNameTwice'
  | 'portTwice'
  | 'portOfOther'
  | 'portPrivileged'
  | 'hostnameWrong'
  | 'userDataMissing'
  | 'userDataUnknown'
  | 'userWrong'
  | 'userIsRoot'
  | 'nobodyCanLogIn'
  | 'packageName';

export interface Problem {
  readonly step: StepId;
  /** Name of the form field it belongs to. */
  readonly field: string;
  readonly code: ProblemCode;
  readonly values?: Readonly<Record<string, string | number>>;
  /** A warning lets the user go on. */
  readonly severity: 'error' | 'warning';
}

type Found = Omit<Problem, 'step'>;
type Rule = (form: CreateForm, world: World, traits: SystemTraits) => readonly Found[];

function error(field: string, code: ProblemCode, values?: Found['values']): Found {
  return { field, code, severity: 'error', ...(values === undefined ? {} : { values }) };
}

function warning(field: string, code: ProblemCode, values?: Found['values']): Found {
  return { ...error(field, code, values), severity: 'warning' };
}

const gib = 1024 ** 3;
/** Unicast: the lowest bit of the first byte is clear. */
const macAddress = /^[0-9a-f][02468ace]([:-][0-9a-f]{2}){5}$/i;
/** IANA_SVC_NAME, as KubeVirt demands of the name of a port. */
const serviceName = /^(?=.*[a-z])(?=.{1,15}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const userName = /^[a-z_][a-z0-9_-]{0,31}$/;
const packageName = /^[a-z0-9][a-z0-9+.:~=-]*$/i;

/** Problems of one step, errors first. */
export function problemsOf(step: StepId, form: CreateForm, world: World): readonly Problem[] {
  const traits = systemTraits(form.system);
  return rules[step]
    .flatMap((rule) => rule(form, world, traits))
    .map((found): Problem => ({ step, ...found }))
    .toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

export function allProblems(form: CreateForm, world: World): readonly Problem[] {
  return (Object.keys(rules) as StepId[]).flatMap((step) => problemsOf(step, form, world));
}

export function blocks(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

const rules: Readonly<Record<StepId, readonly Rule[]>> = {
  system: [chosenSystem],
  size: [nameIsFree, cpusFit, memoryFits],
  disk: [rootDiskFits, extraDisksAreSized, driversAreThere],
  network: [networkBootIsReached, networkIsChosen, macIsRight, forwardsAreComplete],
  devices: [devicesAreComplete],
  account: [accountIsUsable, packagesAreNames],
  options: [pagesHoldTheMemory],
  review: [],
};

/** The step says what is wrong in the place where it is. */
function devicesAreComplete({ devices }: CreateForm): readonly Found[] {
  return devicesProblem(devices) === undefined ? [] : [error('devices', 'devicesIncomplete')];
}

function chosenSystem({ system }: CreateForm, world: World): readonly Found[] {
  switch (system.source) {
    case 'debian': {
      const check = world.computer?.checks.find(({ id }) => id === 'debian-build');
      return check?.state === 'error' ? [error('source', 'debianCannotBuild', { message: check.message })] : [];
    }
    case 'catalog':
      return system.image === undefined ? [error('image', 'imageMissing')] : [];
    case 'file':
      return fileIsUsable('path', system);
    case 'windows':
      return [
        ...fileIsUsable('path', system),
        ...isoIsUsual(system),
        ...(system.drivers.from === 'file' ? fileIsUsable('driversPath', system.drivers) : []),
      ];
    case 'upload':
      if (system.upload === undefined) return [error('upload', 'uploadMissing')];
      return system.upload.size === 0 ? [error('upload', 'uploadEmpty', { name: system.upload.name })] : [];
    case 'address': {
      const code = addressProblem(system.elsewhere.address);
      return code === undefined ? [] : [error('address', code)];
    }
    case 'claim':
      return system.claim === '' ? [error('claim', 'claimMissing')] : [];
    case 'network':
      return networkBootIsNamed(system.networkBoot);
    case 'empty':
      return [];
  }
}

function networkBootIsNamed({ from, folder, url }: CreateForm['system']['networkBoot']): readonly Found[] {
  if (from === 'folder') {
    if (folder === '') return [error('networkFolder', 'folderMissing')];
    return folder.startsWith('/') ? [] : [error('networkFolder', 'pathNotAbsolute')];
  }
  if (from !== 'url') return [];
  if (url === '') return [error('networkUrl', 'networkUrlMissing')];
  // The boot file field of DHCP has room for 127 characters; iPXE, as QEMU brings it, has no TLS.
  return /^http:\/\/[\x21-\x7e]{1,120}$/.test(url) ? [] : [error('networkUrl', 'networkUrlWrong')];
}

function fileIsUsable(field: string, { path, inspection }: Pick<CreateForm['system'], 'path' | 'inspection'>): readonly Found[] {
  if (path.trim() === '') return [error(field, 'pathMissing')];
  if (!path.startsWith('/')) return [error(field, 'pathNotAbsolute')];
  if (inspection === undefined || inspection.path !== path) return [error(field, 'pathNotInspected')];
  return inspection.causes.map(({ message, fix }) => error(field, 'imageRefused', { message, fix: fix ?? '' }));
}

/** Windows comes on a disc: of anything else a setup that starts is not to be expected. */
function isoIsUsual({ path, inspection }: CreateForm['system']): readonly Found[] {
  const isOther = inspection?.path === path && inspection.causes.length === 0 && inspection.format !== 'iso';
  return isOther ? [warning('path', 'notAnIso')] : [];
}

function nameIsFree({ name }: CreateForm, world: World): readonly Found[] {
  if (name === '') return [error('name', 'nameMissing')];
  if (!isLabelName(name)) return [error('name', 'nameNotALabel')];
  return takenName(name, world) ? [error('name', 'nameTaken', { name })] : [];
}

function cpusFit({ size }: CreateForm, world: World): readonly Found[] {
  if (!isWhole(size.cpus, { min: 1, max: 512 })) return [error('cpus', 'cpusNotANumber')];
  const threads = world.computer?.cpus.threads;
  if (threads === undefined || size.cpus <= threads) return [];
  return [warning('cpus', 'cpusMoreThanHere', { cpus: size.cpus, threads })];
}

function memoryFits({ size }: CreateForm, world: World, traits: SystemTraits): readonly Found[] {
  if (!isWhole(size.memoryMiB, { min: 32, max: 2 ** 23 })) return [error('memory', 'memoryNotANumber')];
  const values = { memoryMiB: size.memoryMiB, minMiB: traits.minMemoryMiB };
  const memory = world.computer?.memory;
  if (memory !== undefined && size.memoryMiB > memory.totalMiB) {
    return [error('memory', 'memoryMoreThanHere', { ...values, totalMiB: memory.totalMiB })];
  }
  const low = size.memoryMiB < traits.minMemoryMiB ? [warning('memory', 'memoryLow', values)] : [];
  if (memory === undefined || size.memoryMiB <= memory.availableMiB) return low;
  return [...low, warning('memory', 'memoryNotFree', { ...values, freeMiB: memory.availableMiB })];
}

function rootDiskFits({ disk }: CreateForm, world: World, traits: SystemTraits): readonly Found[] {
  if (traits.medium === 'claim') return [];
  if (!isWhole(disk.sizeGiB, { min: 1, max: 65_536 })) return [error('size', 'diskNotANumber')];
  if (disk.sizeGiB < traits.minDiskGiB) {
    return [error('size', 'diskTooSmall', { sizeGiB: disk.sizeGiB, minGiB: traits.minDiskGiB })];
  }
  const free = world.computer?.pool.freeBytes;
  if (free === undefined || disk.sizeGiB * gib <= free) return [];
  return [warning('size', 'diskMoreThanFree', { sizeGiB: disk.sizeGiB, freeBytes: free })];
}

function extraDisksAreSized({ disk }: CreateForm): readonly Found[] {
  return disk.extra.flatMap(({ sizeGiB }, index) =>
    isWhole(sizeGiB, { min: 1, max: 65_536 }) ? [] : [error(`extra.${index}`, 'diskNotANumber')],
  );
}

function driversAreThere({ system, disk }: CreateForm): readonly Found[] {
  const isBlind = system.source === 'windows' && system.drivers.from === 'none' && disk.bus !== 'sata';
  return isBlind ? [warning('bus', 'virtioWithoutDrivers')] : [];
}

/** What is served here is served on this computer's connection; everything else by a server on a bridge. */
function networkBootIsReached(form: CreateForm): readonly Found[] {
  const { system, network } = form;
  if (system.source !== 'network') return [];
  if (network.mode === 'none') return [error('mode', 'networkBootCut')];
  if (isServedElsewhere(form)) return network.mode === 'user' ? [warning('mode', 'networkBootElsewhere')] : [];
  return network.mode === 'bridge' ? [error('mode', 'networkBootServed')] : [];
}

function pagesHoldTheMemory({ options, size }: CreateForm): readonly Found[] {
  const pageMiB = { ordinary: 1, '2Mi': 2, '1Gi': 1024 }[options.pages];
  const memoryMiB = size.memoryMiB ?? 0;
  return memoryMiB % pageMiB === 0 ? [] : [error('pages', 'pagesDoNotFit', { memoryMiB, pageMiB })];
}

function networkIsChosen({ network: { mode, networkName } }: CreateForm, { networkNames }: World): readonly Found[] {
  if (mode !== 'bridge') return [];
  if (networkName === '') return [error('networkName', 'networkMissing')];
  // The machine waits for it, and starts when it is there.
  return networkNames.includes(networkName)
    ? []
    : [{ field: 'networkName', code: 'networkGone', severity: 'warning', values: { name: networkName } }];
}

function macIsRight({ network }: CreateForm): readonly Found[] {
  const mac = network.mac.trim();
  return network.mode === 'none' || mac === '' || macAddress.test(mac) ? [] : [error('mac', 'macWrong')];
}

function forwardsAreComplete({ network }: CreateForm, world: World): readonly Found[] {
  if (network.mode !== 'user') return [];
  return network.forwards.flatMap(({ host, guest, protocol, name }, index) => {
    const field = `forwards.${index}`;
    if (!isWhole(host, { min: 1, max: 65_535 }) || !isWhole(guest, { min: 1, max: 65_535 })) return [error(field, 'portNotANumber')];
    if (!serviceName.test(name)) return [error(field, 'forwardName')];
    const before = network.forwards.slice(0, index);
    if (before.some((other) => other.host === host && other.protocol === protocol)) {
      return [error(field, 'portTwice', { port: host })];
    }
    if (before.some((other) => other.name === name)) return [error(field, 'forwardNameTwice', { name })];
    if (world.forwardedPorts.has(host)) return [warning(field, 'portOfOther', { port: host })];
    return host < 1024 ? [warning(field, 'portPrivileged', { port: host })] : [];
  });
}

function accountIsUsable({ account }: CreateForm, _world: World, traits: SystemTraits): readonly Found[] {
  if (traits.cloudInit === 'no' || account.mode === 'none') return [];
  const hostname = account.hostname.trim() === '' || isLabelName(account.hostname.trim()) ? [] : [error('hostname', 'hostnameWrong')];
  if (account.mode === 'raw') {
    if (account.rawUserData.trim() === '') return [...hostname, error('rawUserData', 'userDataMissing')];
    const known = /^(#cloud-config|#!|#include|## template:|Content-Type:|#cloud-boothook|#part-handler)/.test(account.rawUserData);
    return known ? hostname : [...hostname, warning('rawUserData', 'userDataUnknown')];
  }
  if (!userName.test(account.user)) return [...hostname, error('user', 'userWrong')];
  if (account.user === 'root') return [...hostname, error('user', 'userIsRoot')];
  const canLogIn = account.password !== '' || account.sshKeys.some((line) => line.trim() !== '');
  return canLogIn ? hostname : [...hostname, warning('password', 'nobodyCanLogIn')];
}

function packagesAreNames({ account }: CreateForm, _world: World, traits: SystemTraits): readonly Found[] {
  if (traits.cloudInit === 'no' || account.mode !== 'form') return [];
  const wrong = packageList(account.packages).find((name) => !packageName.test(name));
  return wrong === undefined ? [] : [error('packages', 'packageName', { name: wrong })];
}

function isWhole(value: number | undefined, { min, max }: { readonly min: number; readonly max: number }): value is number {
  return value !== undefined && Number.isInteger(value) && value >= min && value <= max;
}
