// Owns the rows of a machine's processor: its model, what that is here, and its features.
// Must not hold the dialog.
import { Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Row } from './detail-row.tsx';
import type { EditId } from './machine-editors.ts';
import type { MachineView } from './machine-view.ts';
import { processorDraft } from './processor-edits.ts';
import { useHostModelText, useProcessor } from './processor-field.tsx';

export interface ProcessorRowsProps {
  readonly machine: MachineView;
  readonly onEdit: (id: EditId) => void;
}

export function ProcessorRows({ machine, onEdit }: ProcessorRowsProps) {
  const { t } = useTranslation('processor');
  const { model, features } = processorDraft(machine.vm);
  return (
    <>
      <Row term={t('model')} onEdit={() => onEdit('processor')}>
        {model}
        {model === 'host-model' && <WhatItIs />}
      </Row>
      {features.length > 0 && (
        <Row term={t('features')}>
          <LabelGroup numLabels={20} aria-label={t('features')}>
            {features.map(({ name, policy }) => (
              <Label key={name} isCompact>
                {name}: {t(`policies.${policy}`)}
              </Label>
            ))}
          </LabelGroup>
        </Row>
      )}
    </>
  );
}

function WhatItIs() {
  const report = useProcessor();
  const text = useHostModelText(report ?? { accelerator: 'tcg', models: [], features: [] });
  return report === undefined ? null : <span className="vd-subtle"> · {text}</span>;
}
