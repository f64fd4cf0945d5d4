// Owns how a decision is written into a golden file: one option a line, so that a change is a readable diff.
// Must not decide anything.
import { stringify } from 'yaml';
import { cpuListText } from '../../electron/api/cpu-list.ts';
import type { Binding } from '../../electron/core/placement/place-machine.ts';
import type { Cause } from '../../electron/api/errors.ts';
import type { LaunchDecision, PlannedFile, Sidecar } from '../../electron/core/qemu/launch-plan.ts';
import { valueText } from '../../electron/core/qemu/launch-plan.ts';

/** Environment, program and options as they are run; below them as comments what else the plan holds. */
export function argvText({ plan, warnings }: LaunchDecision): string {
  if (plan === undefined) throw new Error('There is no plan to write.');
  const lines = [
    ...Object.entries(plan.env ?? {}).map(([name, value]) => `${name}=${value}`),
    plan.binary,
    ...plan.args.map(({ flag, value }) => (value === undefined ? flag : `${flag} ${valueText(value)}`)),
    ...plan.files.flatMap(fileLines),
    ...plan.sidecars.flatMap(sidecarLines),
    ...plan.taps.map((tap) => `# tap: ${JSON.stringify(tap)}`),
    ...(plan.tlsHosts === undefined ? [] : [`# certificate of VNC for ${plan.tlsHosts.join(', ')}`]),
    ...plan.locks.map((path) => `# lock: ${path}`),
    ...plan.beforeCont.map((command) => `# before cont: ${JSON.stringify(command)}`),
    ...bindingLines(plan.binding),
    ...(plan.startPaused ? ['# stays paused'] : []),
    ...warnings.flatMap((warning) => causeLines(warning).map((line) => `# warning: ${line}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Nothing where the machine may be anywhere. */
function bindingLines({ node, cpus, own }: Binding): readonly string[] {
  if (cpus === undefined && own === undefined) return [];
  return [
    `# node: ${node}`,
    ...(own === undefined ? [] : [`# vCPUs on processors ${own.vcpus.join(', ')}`]),
    ...(cpus === undefined ? [] : [`# other threads on processors ${cpuListText(cpus)}`]),
  ];
}

function fileLines(file: PlannedFile): readonly string[] {
  switch (file.type) {
    case 'convertOnce':
      return [`# file: copy once ${file.fromFormat} ${file.from} to qcow2 ${file.to}`];
    case 'copy':
      return [`# file: copy ${file.from} to ${file.to}`];
    case 'secret':
      return [`# file: secret of ${file.text.length} characters at ${file.path}`];
    case 'folder':
      return [`# folder: ${file.path}`];
    case 'emptyDisk':
      return [`# file: empty ${file.format} of ${file.sizeBytes} bytes at ${file.path}${file.keep ? ', kept' : ''}`];
    case 'debianPackage':
      return [`# file: package ${file.package} unpacked for ${file.to}`];
    case 'iso':
      return [
        `# file: ISO ${file.label} at ${file.path}`,
        ...Object.entries(file.entries).map(([name, entry]) => `#   ${name}: ${JSON.stringify(entry)}`),
      ];
  }
}

function sidecarLines({ name, program, args, socket, log, secret }: Sidecar): readonly string[] {
  return [
    `# sidecar ${name}: ${[program, ...args].join(' ')}`,
    `#   ready with ${socket}, prints to ${log}${secret === undefined ? '' : ', a secret on descriptor 3'}`,
  ];
}

export function errText({ causes }: LaunchDecision): string {
  return `${causes.flatMap(causeLines).join('\n')}\n`;
}

function causeLines({ reason, field, message, fix }: Cause): readonly string[] {
  return [`${reason} ${field}`, `  ${message}`, ...(fix === undefined ? [] : [`  Fix: ${fix}`])];
}

export function yamlText(object: object): string {
  return stringify(object, { lineWidth: 0 });
}
