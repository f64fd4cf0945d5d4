// Owns the map of a node's processors: nested boxes of package, die, cache and core, each thread with its owner and load.
// Must not group; processor-groups.ts does.
import { Content } from '@patternfly/react-core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappedProcessor, ProcessorOwner } from '../../../electron/api/node-map.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { type DieGroup, ownersOf, processorGroups } from './processor-groups.ts';
import { useCpuLoad } from './use-cpu-load.ts';

export interface ProcessorMapProps {
  readonly id: string;
  readonly label: string;
  readonly processors: readonly MappedProcessor[];
}

/** So many machines have a colour of their own; the next one begins again. */
const colours = 6;

export function ProcessorMap({ id, label, processors }: ProcessorMapProps) {
  const { t } = useTranslation('nodes');
  const busy = useCpuLoad();
  const [chosen, setChosen] = useState(processors[0]?.id);
  const owners = ownersOf(processors);
  const shown = processors.find((processor) => processor.id === chosen) ?? processors[0];
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined || shown === undefined) return;
    event.preventDefault();
    const next = processors[(processors.indexOf(shown) + step + processors.length) % processors.length];
    setChosen(next?.id);
    document.getElementById(`${id}-cpu-${next?.id}`)?.focus();
  };
  const thread = (processor: MappedProcessor): ReactNode => (
    <button
      key={processor.id}
      id={`${id}-cpu-${processor.id}`}
      type="button"
      className={`vd-cpu ${lookOf(processor.owner, owners)}${processor.id === shown?.id ? ' vd-cpu-chosen' : ''}`}
      tabIndex={processor.id === shown?.id ? 0 : -1}
      aria-pressed={processor.id === shown?.id}
      aria-describedby={processor.id === shown?.id ? `${id}-told` : undefined}
      onClick={() => setChosen(processor.id)}
      onFocus={() => setChosen(processor.id)}
    >
      <span className="vd-cpu-load" style={{ blockSize: `${busy[String(processor.id)] ?? 0}%` }} />
      <span className="vd-cpu-id">
        <span className="vd-sr-only">{t('map.cpuWord')} </span>
        {processor.id}
      </span>
      <span className="vd-cpu-owner">{shortOwner(t, processor.owner)}</span>
    </button>
  );
  return (
    <>
      <div role="group" aria-label={label} className="vd-map" onKeyDown={move}>
        {processorGroups(processors).map((die) => (
          <div key={`${die.packageId}/${die.numaNode}/${die.dieId}`} className="vd-map-box">
            <span className="vd-map-title">{dieText(t, die)}</span>
            <div className="vd-map-row">
              {die.caches.map((cache) => (
                <div key={String(cache.id)} className="vd-map-box">
                  <span className="vd-map-title">{cache.id === undefined ? t('map.noCache') : t('map.cache')}</span>
                  <div className="vd-map-row">
                    {cache.cores.map((core) => (
                      <div key={core.id} className="vd-map-core" title={core.kind === undefined ? undefined : t(`map.${core.kind}`)}>
                        {core.threads.map(thread)}
                      </div>
                    ))}
                  </div>
                </div>
              ))}
            </div>
          </div>
        ))}
      </div>
      {shown !== undefined && <Told id={`${id}-told`} processor={shown} busy={busy[String(shown.id)]} />}
      <Legend owners={owners} hasIsolated={processors.some(({ isolated }) => isolated)} />
    </>
  );
}

interface ToldProps {
  readonly id: string;
  readonly processor: MappedProcessor;
  readonly busy: number | undefined;
}

function Told({ id: element, processor, busy }: ToldProps) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const { id, core, owner, isolated, kind } = processor;
  return (
    <Content component="p" id={element} className="vd-map-told">
      <strong>{t('map.cpu', { id })}</strong> {t(`map.why.${whyOf(owner)}`, valuesOf(owner))} {t('map.core', { id: core })}
      {kind !== undefined && <> {t(`map.${kind}`)}.</>}
      {isolated && owner.type === 'machine' && <> {t('map.isolated')}</>}
      {busy !== undefined && <> {t('map.busy', { percent: formats.percent(busy) })}</>}
    </Content>
  );
}

function Legend({ owners, hasIsolated }: { readonly owners: readonly string[]; readonly hasIsolated: boolean }) {
  const { t } = useTranslation('nodes');
  return (
    <ul className="vd-map-legend" aria-label={t('map.legend')}>
      <li>
        <span className="vd-map-swatch vd-cpu-computer" /> {t('map.computer')}
      </li>
      <li>
        <span className="vd-map-swatch vd-cpu-shared" /> {t('map.shared')}
      </li>
      {owners.map((owner, index) => (
        <li key={owner}>
          <span className={`vd-map-swatch vd-cpu-machine-${index % colours}`} /> {owner.slice(owner.indexOf('/') + 1)}
        </li>
      ))}
      {hasIsolated && (
        <li>
          <span className="vd-map-swatch vd-cpu-isolated" /> {t('map.isolatedNote')}
        </li>
      )}
    </ul>
  );
}

type Words = ReturnType<typeof useTranslation<'nodes'>>['t'];

function dieText(t: Words, { packageId, dieId, numaNode }: DieGroup): string {
  const parts = [t('map.package', { id: packageId })];
  if (numaNode >= 0) parts.push(t('map.numa', { id: numaNode }));
  if (dieId > 0) parts.push(t('map.die', { id: dieId }));
  return parts.join(' · ');
}

function lookOf(owner: ProcessorOwner, owners: readonly string[]): string {
  if (owner.type !== 'machine') return `vd-cpu-${owner.type}`;
  const look = `vd-cpu-machine-${owners.indexOf(`${owner.namespace}/${owner.name}`) % colours}`;
  return owner.part === 'spare' ? `${look} vd-cpu-spare` : look;
}

function shortOwner(t: Words, owner: ProcessorOwner): string {
  return owner.type === 'machine' ? owner.name : t(`map.short.${owner.type}`);
}

function whyOf(owner: ProcessorOwner) {
  return owner.type === 'machine' ? owner.part : owner.type;
}

function valuesOf(owner: ProcessorOwner): { readonly name: string; readonly vcpu: number } {
  return owner.type === 'machine' ? { name: owner.name, vcpu: owner.vcpu ?? 0 } : { name: '', vcpu: 0 };
}
