// Owns which charts a machine has, and which figures they draw.
// Must not draw.
import type { UsageSample } from '../../../electron/api/computer.ts';
import type { Formats } from '../../ui/formats.ts';
import type { MachineView } from './machine-view.ts';

export interface UtilisationLine {
  readonly id: 'cpuUse' | 'guestMemory' | 'residentMemory' | 'read' | 'written' | 'received' | 'sent';
  readonly tone: 'first' | 'second';
  /** Undefined: nothing true is known. */
  readonly value: (sample: UsageSample | undefined, machine: MachineView) => number | undefined;
}

export interface UtilisationChart {
  readonly id: 'cpu' | 'memory' | 'disk' | 'network';
  readonly lines: readonly UtilisationLine[];
  /** The fixed top of the chart, or undefined: as high as its highest value. */
  readonly max: (machine: MachineView) => number | undefined;
  /** How its values are written. */
  readonly text: keyof Pick<Formats, 'percent' | 'mebibytes' | 'rate'>;
  readonly ticks: 'decimal' | 'binary';
}

export const utilisationCharts: readonly UtilisationChart[] = [
  {
    id: 'cpu',
    // One busy vCPU is 100; the chart is full when all are.
    lines: [{ id: 'cpuUse', tone: 'first', value: (sample, { size }) => sample && sample.cpuPercent / size.vcpus }],
    max: () => 100,
    text: 'percent',
    ticks: 'decimal',
  },
  {
    id: 'memory',
    lines: [
      { id: 'guestMemory', tone: 'first', value: (sample) => sample?.guestUsedMiB },
      { id: 'residentMemory', tone: 'second', value: (sample) => sample?.residentMiB },
    ],
    max: ({ size }) => size.memoryMiB,
    text: 'mebibytes',
    ticks: 'binary',
  },
  {
    id: 'disk',
    lines: [
      { id: 'read', tone: 'first', value: (sample) => sample?.diskReadBps },
      { id: 'written', tone: 'second', value: (sample) => sample?.diskWriteBps },
    ],
    max: () => undefined,
    text: 'rate',
    ticks: 'binary',
  },
  {
    id: 'network',
    lines: [
      { id: 'received', tone: 'first', value: (sample) => sample?.netRxBps },
      { id: 'sent', tone: 'second', value: (sample) => sample?.netTxBps },
    ],
    max: () => undefined,
    text: 'rate',
    ticks: 'binary',
  },
];

/** Bytes that QEMU wrote to disks since then (milliseconds since 1970): each sample is the rate since the one before it. */
export function writtenSince(samples: readonly UsageSample[], since: number): number {
  return samples.reduce((sum, { at, diskWriteBps }, index) => {
    const before = Math.max(since, samples[index - 1]?.at ?? at - 1000);
    return at <= since ? sum : sum + (diskWriteBps * (at - before)) / 1000;
  }, 0);
}
