// Owns what is wrong with each step of the wizard, all of it, with the numbers.
// Must not put it into words: `code` is a key of the catalogue `create:problems`, `values` fill it in.
import type { CreateForm, StepId } from './form.ts';
import { type World, takenName } from './suggestions.ts';
import { type SystemTraits, systemTraits } from './traits.ts';
import { packageList } from './user-data.ts';

export interface Problem {
  readonly step: StepId;
  /** Name of the form field it belongs to. */
  readonly field: string;
  readonly code: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** A warning lets the user go on. */
  readonly severity: 'error' | 'warning';
}

type Rule = (form: CreateForm, world: World, traits: SystemTraits) => readonly (Omit<Problem, 'step' | 'severity'> & { warning?: true })[];

const gib = 1024 ** 3;
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
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
    .map(({ warning, ...problem }): Problem => ({ step, severity: warning === true ? 'warning' : 'error', ...problem }))
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
  disk: [rootDiskFits, extraDisksAreSized],
  network: [macIsRight, forwardsAreComplete],
  account: [accountIsUsable, packagesAreNames],
  options: [],
  review: [],
};

function chosenSystem({ system }: CreateForm, world: World): ReturnType<Rule> {
  switch (system.source) {
    case 'debian': {
      const check = world.computer?.checks.find(({ id }) => id === 'debian-build');
      return check?.state === 'error' ? [{ field: 'source', code: 'debianCannotBuild', values: { message: check.message } }] : [];
    }
    case 'catalog':
      return system.image === undefined ? [{ field: 'image', code: 'imageMissing' }] : [];
    case 'file':
      return fileIsUsable(system);
    case 'upload':
      if (system.upload === undefined) return [{ field: 'upload', code: 'uploadMissing' }];
      return system.upload.size === 0 ? [{ field: 'upload', code: 'uploadEmpty', values: { name: system.upload.name } }] : [];
    case 'claim':
      return system.claim === '' ? [{ field: 'claim', code: 'claimMissing' }] : [];
    case 'network':
    case 'empty':
      return [];
  }
}

function fileIsUsable({ path, inspection }: CreateForm['system']): ReturnType<Rule> {
  if (path.trim() === '') return [{ field: 'path', code: 'pathMissing' }];
  if (!path.startsWith('/')) return [{ field: 'path', code: 'pathNotAbsolute' }];
  if (inspection === undefined || inspection.path !== path) return [{ field: 'path', code: 'pathNotInspected' }];
  return inspection.causes.map(({ message, fix }) => ({
    field: 'path',
    code: 'imageRefused',
    values: { message: fix === undefined ? message : `${message} ${fix}` },
  }));
}

function nameIsFree({ name }: CreateForm, world: World): ReturnType<Rule> {
  if (name === '') return [{ field: 'name', code: 'nameMissing' }];
  if (!label.test(name)) return [{ field: 'name', code: 'nameNotALabel' }];
  return takenName(name, world) ? [{ field: 'name', code: 'nameTaken', values: { name } }] : [];
}

function cpusFit({ size }: CreateForm, world: World): ReturnType<Rule> {
  if (!isWhole(size.cpus, { min: 1, max: 512 })) return [{ field: 'cpus', code: 'cpusNotANumber' }];
  const threads = world.computer?.cpus.threads;
  if (threads === undefined || size.cpus <= threads) return [];
  return [{ field: 'cpus', code: 'cpusMoreThanHere', values: { cpus: size.cpus, threads }, warning: true }];
}

function memoryFits({ size }: CreateForm, world: World, traits: SystemTraits): ReturnType<Rule> {
  if (!isWhole(size.memoryMiB, { min: 32, max: 2 ** 23 })) return [{ field: 'memory', code: 'memoryNotANumber' }];
  const values = { memoryMiB: size.memoryMiB, minMiB: traits.minMemoryMiB };
  const memory = world.computer?.memory;
  if (memory !== undefined && size.memoryMiB > memory.totalMiB) {
    return [{ field: 'memory', code: 'memoryMoreThanHere', values: { ...values, totalMiB: memory.totalMiB } }];
  }
  const low = size.memoryMiB < traits.minMemoryMiB ? [{ field: 'memory', code: 'memoryLow', values, warning: true as const }] : [];
  if (memory === undefined || size.memoryMiB <= memory.availableMiB) return low;
  return [...low, { field: 'memory', code: 'memoryNotFree', values: { ...values, freeMiB: memory.availableMiB }, warning: true }];
}

function rootDiskFits({ disk }: CreateForm, world: World, traits: SystemTraits): ReturnType<Rule> {
  if (traits.medium === 'claim') return [];
  if (!isWhole(disk.sizeGiB, { min: 1, max: 65_536 })) return [{ field: 'size', code: 'diskNotANumber' }];
  if (disk.sizeGiB < traits.minDiskGiB) {
    return [{ field: 'size', code: 'diskTooSmall', values: { sizeGiB: disk.sizeGiB, minGiB: traits.minDiskGiB } }];
  }
  const free = world.computer?.pool.freeBytes;
  if (free === undefined || disk.sizeGiB * gib <= free) return [];
  return [{ field: 'size', code: 'diskMoreThanFree', values: { sizeGiB: disk.sizeGiB, freeBytes: free }, warning: true }];
}

function extraDisksAreSized({ disk }: CreateForm): ReturnType<Rule> {
  return disk.extra.flatMap(({ sizeGiB }, index) =>
    isWhole(sizeGiB, { min: 1, max: 65_536 }) ? [] : [{ field: `extra.${index}`, code: 'diskNotANumber' }],
  );
}

function macIsRight({ network }: CreateForm): ReturnType<Rule> {
  const mac = network.mac.trim();
  return network.mode === 'none' || mac === '' || macAddress.test(mac) ? [] : [{ field: 'mac', code: 'macWrong' }];
}

function forwardsAreComplete({ network }: CreateForm, world: World): ReturnType<Rule> {
  if (network.mode === 'none') return [];
  return network.forwards.flatMap(({ host, guest, protocol, name }, index) => {
    const field = `forwards.${index}`;
    if (!isWhole(host, { min: 1, max: 65_535 }) || !isWhole(guest, { min: 1, max: 65_535 })) return [{ field, code: 'portNotANumber' }];
    if (!serviceName.test(name)) return [{ field, code: 'forwardName' }];
    const before = network.forwards.slice(0, index);
    if (before.some((other) => other.host === host && other.protocol === protocol)) {
      return [{ field, code: 'portTwice', values: { port: host } }];
    }
    if (before.some((other) => other.name === name)) return [{ field, code: 'forwardNameTwice', values: { name } }];
    if (world.forwardedPorts.has(host)) return [{ field, code: 'portOfOther', values: { port: host }, warning: true as const }];
    return host < 1024 ? [{ field, code: 'portPrivileged', values: { port: host }, warning: true as const }] : [];
  });
}

function accountIsUsable({ account }: CreateForm, _world: World, traits: SystemTraits): ReturnType<Rule> {
  if (traits.cloudInit === 'no' || account.mode === 'none') return [];
  const hostname =
    account.hostname.trim() === '' || label.test(account.hostname.trim()) ? [] : [{ field: 'hostname', code: 'hostnameWrong' }];
  if (account.mode === 'raw') {
    if (account.rawUserData.trim() === '') return [...hostname, { field: 'rawUserData', code: 'userDataMissing' }];
    const known = /^(#cloud-config|#!|#include|## template:|Content-Type:|#cloud-boothook|#part-handler)/.test(account.rawUserData);
    return known ? hostname : [...hostname, { field: 'rawUserData', code: 'userDataUnknown', warning: true }];
  }
  if (!userName.test(account.user)) return [...hostname, { field: 'user', code: 'userWrong' }];
  if (account.user === 'root') return [...hostname, { field: 'user', code: 'userIsRoot' }];
  const canLogIn = account.password !== '' || account.sshKeys.some((line) => line.trim() !== '');
  return canLogIn ? hostname : [...hostname, { field: 'password', code: 'nobodyCanLogIn', warning: true }];
}

function packagesAreNames({ account }: CreateForm, _world: World, traits: SystemTraits): ReturnType<Rule> {
  if (traits.cloudInit === 'no' || account.mode !== 'form') return [];
  const wrong = packageList(account.packages).find((name) => !packageName.test(name));
  return wrong === undefined ? [] : [{ field: 'packages', code: 'packageName', values: { name: wrong } }];
}

function isWhole(value: number | undefined, { min, max }: { readonly min: number; readonly max: number }): value is number {
  return value !== undefined && Number.isInteger(value) && value >= min && value <= max;
}
