// Owns the table of what was chosen.
// Must not repeat what is wrong.
import { DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { mebibytesText } from '../../ui/size-text.ts';
import type { CreateForm } from './form.ts';
import type { World } from './suggestions.ts';
import { systemTraits } from './traits.ts';
import { useOptionTexts, useRunTexts } from './use-option-texts.ts';

export interface ReviewSummaryProps {
  readonly form: CreateForm;
  readonly world: World;
  /** In place of what the form says, where something else was chosen. */
  readonly instead?: { readonly size?: string; readonly disk?: string };
}

export function ReviewSummary(props: ReviewSummaryProps) {
  const rows = useRows(props);
  return (
    <DescriptionList columnModifier={{ default: '1Col', md: '2Col' }} isCompact className="vd-review-summary">
      {rows.map(({ term, value }) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{value}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  );
}

interface Row {
  readonly term: string;
  readonly value: string;
}

function useRows({ form, world, instead = {} }: ReviewSummaryProps): readonly Row[] {
  const { t, i18n } = useTranslation(['create', 'clusterCreate', 'firmware', 'scheduling']);
  const isComputer = useIsComputer();
  const run = useRunTexts();
  const { size, disk, network, devices, account, options, system } = form;
  const texts = useOptionTexts(options);
  const { cloudInit, medium } = systemTraits(system);
  const memory = mebibytesText(size.memoryMiB ?? 0, i18n.language);
  const forwards = network.forwards.map(({ host, guest, protocol }) => `${host} → ${guest}/${protocol}`);
  const size0 = `${disk.sizeGiB ?? 0} GiB · ${disk.format}`;
  const networkTitle = isComputer ? t(`network.${network.mode}.title`) : t(`clusterCreate:network.${network.mode}.title`);
  const keys = account.sshKeys.filter((line) => line.trim() !== '').length;
  return [
    { term: t('size.name'), value: form.name },
    { term: t('steps.system'), value: useSystemText(form) },
    { term: t('size.title'), value: instead.size ?? t('size.numbers', { count: size.cpus ?? 0, memory }) },
    { term: t('steps.disk'), value: instead.disk ?? (medium === 'claim' ? system.claim : size0) },
    ...(disk.extra.length > 0
      ? [{ term: t('disk.extras'), value: disk.extra.map(({ sizeGiB }) => `${sizeGiB ?? 0} GiB`).join(', ') }]
      : []),
    { term: t('steps.network'), value: network.mode === 'bridge' ? network.networkName : networkTitle },
    ...(network.mode === 'user' && forwards.length > 0 ? [{ term: t('network.forwards'), value: forwards.join(', ') }] : []),
    ...(devices.rows.length === 0
      ? []
      : [{ term: t('steps.devices'), value: devices.rows.map(({ resourceName }) => resourceName).join(', ') }]),
    ...(cloudInit === 'no'
      ? []
      : [
          {
            term: t('steps.account'),
            value: account.mode === 'form' ? t('account.summary', { user: account.user, count: keys }) : t(`account.modes.${account.mode}`),
          },
        ]),
    { term: t('options.run'), value: run(options.run).title },
    { term: t('label', { ns: 'firmware' }), value: texts.firmware },
    ...(options.tpm === 'none' ? [] : [{ term: t('tpm.label', { ns: 'firmware' }), value: texts.tpm }]),
    ...(options.watchdog === 'off' ? [] : [{ term: t('options.watchdog'), value: texts.watchdog }]),
    ...(options.pages === 'ordinary' ? [] : [{ term: t('options.pagesLabel'), value: texts.pages }]),
    ...(options.ownCores ? [{ term: t('dedicated', { ns: 'scheduling' }), value: texts.cores }] : []),
    ...(world.namespace === 'default' ? [] : [{ term: t('review.project'), value: world.namespace }]),
  ];
}

function useSystemText({ system }: CreateForm): string {
  const { t } = useTranslation('create');
  switch (system.source) {
    case 'catalog':
      return system.image === undefined ? '' : `${system.image.name} ${system.image.version}`;
    case 'file':
    case 'windows':
      return system.path;
    case 'upload':
      return system.upload?.name ?? '';
    case 'address':
      return system.elsewhere.address;
    case 'claim':
      return system.claim;
    case 'network': {
      const { from, folder, url } = system.networkBoot;
      const what = { debian: t('system.network.source.debian.title'), folder, url, none: undefined }[from];
      return what === undefined ? t('system.network.title') : `${t('system.network.title')}: ${what}`;
    }
    case 'debian':
    case 'empty':
      return t(`system.${system.source}.title`);
  }
}
