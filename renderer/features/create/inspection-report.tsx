// Owns saying what a file is: format, size, whether it can boot.
// Must not repeat refusals; the field's problems have them.
import { Content, Spinner } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { ImageInspection } from '../../../electron/api/computer.ts';
import { bytesText } from '../../ui/size-text.ts';
import { Remark } from './remark.tsx';
import type { InspectionState } from './use-inspection.ts';

export interface InspectionReportProps {
  readonly state: InspectionState;
  readonly inspection: ImageInspection | undefined;
}

export function InspectionReport({ state, inspection }: InspectionReportProps) {
  const { t, i18n } = useTranslation('create');
  if (state.type === 'asking') {
    return (
      <Content component="small">
        <Spinner isInline aria-label={t('system.file.inspecting')} /> {t('system.file.inspecting')}
      </Content>
    );
  }
  if (state.type === 'failed') return <Remark status="danger" text={t('system.file.notInspected')} more={state.message} />;
  if (inspection === undefined || inspection.causes.length > 0) return null;
  const { format, virtualSizeBytes, actualSizeBytes, label, bootable } = inspection;
  const size = bytesText(virtualSizeBytes, i18n.language);
  const text =
    format === 'iso'
      ? t('system.file.iso', { size })
      : t('system.file.image', { format, size, used: bytesText(actualSizeBytes, i18n.language) });
  return (
    <>
      <Remark status="success" text={label === undefined || label === '' ? text : `${text} ${t('system.file.label', { label })}`} />
      {bootable === false && <Remark status="warning" text={t('system.file.notBootable')} />}
    </>
  );
}
