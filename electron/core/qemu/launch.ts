// Owns the launch decision: every family's fragment, joined into one plan, with every reason why not.
// Must not know any device; adding one is a new file and a line in `families`.
import { annotations } from '../../api/annotations.ts';
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts, QemuCapabilities } from '../facts.ts';
import { enforceable, limitWarnings } from '../limits/enforcement.ts';
import { limitPlan } from '../limits/limit-plan.ts';
import { nodeNameOf } from '../placement/domains.ts';
import { chargeFactsOf, placeMachine } from '../placement/place-machine.ts';
import { quotaCauses } from '../quota/machine-quota.ts';
import { notHonoured } from '../validate/not-honoured.ts';
import { keyedOption } from './args.ts';
import { acceleratorFamily } from './devices/accelerator.ts';
import { bootFamily } from './devices/boot.ts';
import { clockFamily } from './devices/clock.ts';
import { cpuFamily } from './devices/cpu.ts';
import { disksFamily } from './devices/disks.ts';
import { displayFamily } from './devices/display.ts';
import { firmwareFamily } from './devices/firmware.ts';
import { hostDevicesFamily } from './devices/host-devices.ts';
import { inputFamily } from './devices/input.ts';
import { machineFamily } from './devices/machine.ts';
import { kernelBootFamily } from './devices/kernel-boot.ts';
import { guestMemory, memoryFamily } from './devices/memory.ts';
import { networkFamily } from './devices/network.ts';
import { balloonFamily, guestAgentFamily, rngFamily } from './devices/paravirtual.ts';
import { passedThroughFamily } from './devices/passed-through.ts';
import { pciPortsFamily } from './devices/pci-ports.ts';
import { processFamily } from './devices/process.ts';
import { realtimeFamily } from './devices/realtime.ts';
import { serialFamily } from './devices/serial.ts';
import { smbiosFamily } from './devices/smbios.ts';
import { soundFamily } from './devices/sound.ts';
import { tpmFamily } from './devices/tpm.ts';
import { vncViewersFamily } from './devices/vnc-viewers.ts';
import { panicFamily, watchdogFamily } from './devices/watchdog.ts';
import { withFixes } from './fixes/with-fixes.ts';
import { type Family, type MachineProperty, joined } from './fragment.ts';
import { machineUuid } from './identity.ts';
import type { Argument, LaunchDecision, LaunchPlan } from './launch-plan.ts';
import { runtimePaths } from './runtime-paths.ts';
import { topologyOf } from './topology.ts';

/** In the order of the command line: process, board, then devices. */
const families: readonly Family[] = [
  processFamily,
  acceleratorFamily,
  machineFamily,
  cpuFamily,
  memoryFamily,
  realtimeFamily,
  smbiosFamily,
  clockFamily,
  bootFamily,
  firmwareFamily,
  kernelBootFamily,
  pciPortsFamily,
  serialFamily,
  guestAgentFamily,
  rngFamily,
  balloonFamily,
  vncViewersFamily,
  displayFamily,
  inputFamily,
  soundFamily,
  disksFamily,
  networkFamily,
  watchdogFamily,
  panicFamily,
  tpmFamily,
  hostDevicesFamily,
  passedThroughFamily,
];

/** Everything a start would do, and every reason why it cannot. A plan with causes is for showing; it must not be started. */
export function launchDecision(vmi: VirtualMachineInstance, facts: LaunchFacts): LaunchDecision {
  const { qemu, accelerator, hostname } = facts.host;
  const placement = placeMachine(vmi, facts.placement, accelerator.inUse);
  // A machine that has no place still has a command to be shown.
  const binding = placement.binding ?? { node: nodeNameOf(hostname), memoryNodes: [] };
  const all = joined(families.map((family) => family(vmi, { ...facts, binding })));
  const memory = guestMemory(vmi);
  const limits = limitPlan(vmi, accelerator.inUse);
  const args = [machineOption(all.machine), ...all.args];
  const causes = [
    ...(qemu === undefined ? [qemuMissing] : [...missingTypes(args, qemu), ...unspoken(placement.causes, all.causes)]),
    ...(facts.quota === undefined ? [] : quotaCauses(vmi, facts.quota, chargeFactsOf(facts.placement, accelerator.inUse))),
    ...all.causes,
  ];
  // What is too little on every node need not be warned of as well.
  const short = placement.causes.flatMap(({ reason, field }) => (reason === 'InsufficientResource' ? [field] : []));
  const warnings = all.warnings.filter(({ field }) => !short.includes(field));
  const said = {
    causes: causes.map((cause) => withFixes(cause, vmi, facts)),
    warnings: [
      ...warnings,
      ...limitWarnings(limits, facts.host.limits),
      ...withoutEffect(vmi, [...causes, ...warnings.filter(({ reason }) => reason === 'NotHonoured')]),
    ],
    passed: all.passed,
    ...(placement.message === undefined ? {} : { unschedulable: placement.message }),
  };
  if (qemu === undefined || memory === undefined) return said;
  const paths = runtimePaths(facts);
  const saved = vmi.metadata.annotations?.[annotations.savedState];
  const plan: LaunchPlan = {
    vmi: { namespace: vmi.metadata.namespace ?? 'default', name: vmi.metadata.name, uid: vmi.metadata.uid },
    uuid: machineUuid(vmi),
    binary: qemu.binary,
    accelerator: accelerator.inUse,
    args,
    ...(Object.keys(all.env).length === 0 ? {} : { env: all.env }),
    runDir: facts.runDir,
    stateDir: facts.stateDir,
    sockets: { qmp: paths.qmpSocket, ...all.sockets },
    pidFile: paths.pidFile,
    ...(all.serialLog === undefined ? {} : { serialLog: all.serialLog }),
    qemuLog: paths.qemuLog,
    files: all.files,
    sidecars: all.sidecars,
    locks: all.locks,
    taps: all.taps,
    ...(all.functions.length === 0 ? {} : { functions: all.functions }),
    ...(all.hostDevices.length === 0 ? {} : { hostDevices: all.hostDevices }),
    ...(all.lockedMiB === undefined ? {} : { lockedMiB: all.lockedMiB }),
    ...(all.tlsHosts.length === 0 ? {} : { tlsHosts: all.tlsHosts }),
    beforeCont: all.beforeCont,
    binding,
    ...(saved === undefined ? {} : { savedState: saved }),
    limits: enforceable(limits, facts.host.limits),
    startPaused: vmi.spec.startStrategy === 'Paused',
    memoryMiB: memory.mib,
    vcpus: topologyOf(vmi).vcpus,
  };
  return { plan, ...said };
}

/** Fields that no family reads. What a family has spoken of already is not said twice. */
function withoutEffect({ spec }: VirtualMachineInstance, said: readonly Cause[]): readonly Cause[] {
  return notHonoured(spec, 'spec').filter(
    ({ field }) => !said.some((other) => isAtOrBelow(field, other.field) || isAtOrBelow(other.field, field)),
  );
}

const deviceField = 'spec.domain.devices';

/** A processor or device that cannot be had is told by its family, with what can: that no node has it either says nothing more. */
function unspoken(placement: readonly Cause[], said: readonly Cause[]): readonly Cause[] {
  return placement.filter(({ reason, field }) => {
    if (reason === 'NodeSelectorMismatch') return !said.some((other) => isAtOrBelow(other.field, field));
    return reason !== 'InsufficientResource' || field !== deviceField || !said.some((other) => /\.(deviceName|sriov)$/.test(other.field));
  });
}

function isAtOrBelow(field: string, other: string): boolean {
  return field === other || field.startsWith(`${other}.`) || field.startsWith(`${other}[`);
}

/** `-machine` has no JSON form and may be given once: many families write its properties, the later one wins. */
function machineOption({ type, ...properties }: Readonly<Record<string, MachineProperty>>): Argument {
  const pairs = Object.fromEntries(Object.entries(properties).map(([name, { value }]) => [name, value]));
  const reasons = Object.values(properties).flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return keyedOption(
    '-machine',
    { ...(type === undefined ? {} : { head: String(type.value) }), pairs },
    { field: 'spec.domain.machine', ...(reasons.length === 0 ? {} : { reason: reasons.join(' ') }) },
  );
}

/** Distributions leave devices out, or ship them as modules that may not be installed. */
function missingTypes(args: readonly Argument[], { types, version }: QemuCapabilities): readonly Cause[] {
  return args.flatMap(({ flag, value, field }) => {
    if (typeof value !== 'object' || (flag !== '-device' && flag !== '-object')) return [];
    const type = value[flag === '-device' ? 'driver' : 'qom-type'];
    if (typeof type !== 'string' || types.has(type)) return [];
    return [
      {
        reason: 'DeviceMissing',
        field: field ?? 'spec.domain',
        message: `QEMU ${version.major}.${version.minor} on this computer has no device ${type}.`,
        fix: 'Choose another model, or install a QEMU that has it.',
      },
    ];
  });
}

const qemuMissing: Cause = {
  reason: 'QemuMissing',
  field: 'spec.domain',
  message: 'QEMU was not found on this computer.',
  fix: 'Install it (Debian and Ubuntu: apt install qemu-system-x86; Fedora: dnf install qemu-kvm).',
};
