// Owns what a machine of real time has beside its pinned vCPUs: memory that the kernel leaves alone, and a clock that it can trust.
// Must not give priorities; they are given to threads, when there are any.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { realtimeMask } from '../../placement/thread-places.ts';
import type { HostFacts } from '../../facts.ts';
import type { Family } from '../fragment.ts';
import { topologyOf } from '../topology.ts';
import type { CpuFlags } from './cpu-features.ts';

const field = 'spec.domain.cpu.realtime';

export const realtimeFamily: Family = (vmi, { host }) => {
  if (vmi.spec.domain.cpu?.realtime === undefined) return {};
  return {
    // Merging makes a page read-only: the next write would wait. Huge pages, which the rules demand, are neither swapped nor moved.
    machine: { 'mem-merge': { value: 'off', field } },
    causes: [...maskCauses(vmi), ...hostCauses(host)],
    warnings:
      host.accelerator.inUse === 'kvm'
        ? []
        : [{ reason: 'NotHonoured', field, message: 'An emulated processor keeps no deadlines, whatever its priority.' }],
  };
};

/** libvirt's advice for real time, as KubeVirt gives it: no performance counters that interrupt, a timer that is programmed by a deadline. */
export function realtimeFlags({ spec }: VirtualMachineInstance, accelerator: 'kvm' | 'tcg'): CpuFlags {
  if (spec.domain.cpu?.realtime === undefined || accelerator === 'tcg') return {};
  return { pmu: false, 'tsc-deadline': true };
}

function maskCauses(vmi: VirtualMachineInstance): readonly Cause[] {
  const mask = vmi.spec.domain.cpu?.realtime?.mask ?? '';
  const { vcpus } = topologyOf(vmi);
  if (mask === '' || realtimeMask(mask)?.some((vcpu) => vcpu < vcpus) === true) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field: `${field}.mask`,
      message: `${JSON.stringify(mask)} names no vCPU of this machine, which has 0 to ${vcpus - 1}.`,
      fix: 'Write it such as 0-3,^1, or leave it out for all of them.',
    },
  ];
}

function hostCauses({ realtime }: HostFacts): readonly Cause[] {
  if (realtime === undefined) return [];
  const { runtimeMicroseconds, maySetPriority } = realtime;
  return [
    ...(runtimeMicroseconds < 0
      ? []
      : [
          {
            reason: 'RealtimeThrottled',
            field,
            message: `The kernel stops threads of real time after ${runtimeMicroseconds} microseconds of each period (kernel.sched_rt_runtime_us).`,
            fix: 'As an administrator: sysctl -w kernel.sched_rt_runtime_us=-1',
          },
        ]),
    ...(maySetPriority
      ? []
      : [
          {
            reason: 'RealtimeNotPermitted',
            field,
            message: 'This user may not give threads real-time priority (the limit rtprio is 0).',
            fix: 'As an administrator: add "@kvm - rtprio 1" to a file in /etc/security/limits.d, and log in again.',
          },
        ]),
  ];
}
