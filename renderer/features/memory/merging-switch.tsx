// Owns switching the merging of equal pages (KSM), and what it saves.
// Must not write to the kernel; the privileged program does.
import { Content, Switch } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryOfComputer, MemoryReport } from '../../../electron/api/memory.ts';
import { useClient } from '../../client/context.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { useNotices } from '../../ui/notices.tsx';

export interface MergingSwitchProps {
  readonly computer: MemoryOfComputer;
  readonly onDone: (report: MemoryReport) => void;
}

export function MergingSwitch({ computer: { merging, privilege }, onDone }: MergingSwitchProps) {
  const { t } = useTranslation('memory');
  const client = useClient();
  const { mebibytes } = useFormats();
  const { fail } = useNotices();
  const [busy, setBusy] = useState(false);
  if (merging.state === 'missing') return <Content component="p">{t('merging.missing')}</Content>;
  const change = async (enabled: boolean): Promise<void> => {
    setBusy(true);
    try {
      onDone(await client.mergePages(enabled));
    } catch (error) {
      fail(t('merging.failed'), error);
    }
    setBusy(false);
  };
  return (
    <>
      <Switch
        id="memory-merging"
        label={t('merging.label')}
        isChecked={merging.state === 'on'}
        isDisabled={busy || privilege === 'none'}
        onChange={(_event, enabled) => void change(enabled)}
      />
      <Content component="p" className="vd-page-title">
        {merging.savedMiB > 0
          ? t('merging.saved', { saved: mebibytes(merging.savedMiB), shared: mebibytes(merging.sharedMiB) })
          : t('merging.nothing')}
      </Content>
      <Content component="small">{t('merging.note')}</Content>
      {privilege === 'password' && <Content component="small">{t('merging.password')}</Content>}
      {privilege === 'none' && <Content component="small">{t('merging.nobody')}</Content>}
    </>
  );
}
