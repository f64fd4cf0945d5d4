// Owns the live figures of one row: processor and memory, each as a line and a number.
// Must not draw anything for a machine that does not run.
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { useUsage } from '../../client/hooks.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { MachineView } from './machine-view.ts';

/** One minute in the list. */
const shownSamples = 60;

export function CpuCell({ machine }: { readonly machine: MachineView }) {
  const formats = useFormats();
  const samples = useUsage(machine.namespace, machine.name);
  const isComputer = useIsComputer();
  const last = samples.at(-1);
  // A cluster tells how large a machine is, not how busy.
  if (!isComputer) return <CpuSize machine={machine} />;
  if (last === undefined) return <NoFigure />;
  const full = machine.size.vcpus * 100;
  return (
    <span className="vd-figure">
      <Sparkline values={samples.map(({ cpuPercent }) => cpuPercent)} max={full} capacity={shownSamples} />
      {formats.percent((last.cpuPercent / full) * 100)}
    </span>
  );
}

function CpuSize({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  return t('detail.cpuValue', { count: machine.size.vcpus });
}

export function MemoryCell({ machine }: { readonly machine: MachineView }) {
  const formats = useFormats();
  const samples = useUsage(machine.namespace, machine.name);
  const isComputer = useIsComputer();
  const last = samples.at(-1);
  const { memoryMiB } = machine.size;
  if (!isComputer) return memoryMiB === undefined ? <NoFigure /> : formats.mebibytes(memoryMiB);
  if (last === undefined) return <NoFigure />;
  const values = samples.map(({ guestUsedMiB, residentMiB }) => guestUsedMiB ?? residentMiB);
  return (
    <span className="vd-figure">
      <Sparkline values={values} max={memoryMiB ?? Math.max(...values)} capacity={shownSamples} />
      {formats.mebibytes(last.guestUsedMiB ?? last.residentMiB)}
    </span>
  );
}

export const NoFigure = memo(function NoFigure() {
  return <span className="vd-subtle">–</span>;
});
