// Owns how much of this computer's memory is used, promised and believed to be there, and whether it is short.
// Must not judge; the report says whether it is.
import {
  Alert,
  Content,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Progress,
  ProgressMeasureLocation,
  Stack,
  StackItem,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryReport } from '../../../electron/api/memory.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { sumsOf } from './memory-sums.ts';

const variants = { calm: 'success', tight: 'warning', exhausted: 'danger' } as const;

export function ComputerMemory({ computer, machines }: MemoryReport) {
  const { t } = useTranslation('memory');
  const { mebibytes, percent } = useFormats();
  const { totalMiB, availableMiB, lowMiB, highMiB, swapTotalMiB, swapFreeMiB, swapInMiBPerSecond = 0, pressurePercent, state } = computer;
  const { guestMiB, requestMiB, residentMiB, swappedMiB } = sumsOf(machines);
  const usedMiB = totalMiB - availableMiB;
  return (
    <Stack hasGutter>
      <StackItem>
        <Progress
          title={t('used')}
          value={Math.min(100, (usedMiB / Math.max(1, totalMiB)) * 100)}
          label={t('of', { part: mebibytes(usedMiB), total: mebibytes(totalMiB) })}
          valueText={t('of', { part: mebibytes(usedMiB), total: mebibytes(totalMiB) })}
          measureLocation={ProgressMeasureLocation.outside}
          variant={state === 'calm' ? undefined : variants[state]}
        />
      </StackItem>
      <StackItem>
        <Alert
          isInline
          isPlain
          component="p"
          variant={variants[state]}
          title={t(`state.${state}`, { low: mebibytes(lowMiB), high: mebibytes(highMiB) })}
        />
      </StackItem>
      {state === 'exhausted' && (
        <StackItem>
          <Content component="p">{t(swapFreeMiB < lowMiB ? 'next.kill' : 'next.swap', { size: mebibytes(swapFreeMiB) })}</Content>
        </StackItem>
      )}
      <StackItem>
        <DescriptionList isHorizontal isCompact>
          <Entry term={t('told')}>{mebibytes(guestMiB)}</Entry>
          <Entry term={t('promised')}>{mebibytes(requestMiB)}</Entry>
          <Entry term={t('resident')}>{mebibytes(residentMiB)}</Entry>
          <Entry term={t('pressure')}>
            {pressurePercent === undefined ? t('notMeasured') : t('waiting', { percent: percent(pressurePercent) })}
          </Entry>
          <Entry term={t('swap')}>
            {swapTotalMiB === 0
              ? t('noSwap')
              : t('swapUsed', {
                  used: mebibytes(swapTotalMiB - swapFreeMiB),
                  total: mebibytes(swapTotalMiB),
                  machines: mebibytes(swappedMiB),
                })}
            {swapInMiBPerSecond >= 0.1 && <Content component="small">{t('swapIn', { size: mebibytes(swapInMiBPerSecond) })}</Content>}
          </Entry>
        </DescriptionList>
      </StackItem>
    </Stack>
  );
}

function Entry({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
