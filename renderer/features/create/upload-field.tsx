// Owns choosing a file to send to the core.
// Must not send it: that happens after the machine was made.
import { FileUpload } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { bytesText } from '../../ui/size-text.ts';
import { Field, stateOf } from './field.tsx';
import type { StepProps } from './step-props.ts';

export function UploadField({ form, change, problems }: StepProps) {
  const { t, i18n } = useTranslation('create');
  const { upload } = form.system;
  const choose = (file: File | undefined): void => change({ section: 'system', to: { upload: file } });
  const state = stateOf(problems, 'upload');
  return (
    <Field
      id="system-upload"
      label={t('system.upload.file')}
      problems={problems}
      field="upload"
      isRequired
      help={upload === undefined ? t('system.upload.help') : t('system.upload.chosen', { size: bytesText(upload.size, i18n.language) })}
    >
      <FileUpload
        id="system-upload"
        hideDefaultPreview
        filename={upload?.name ?? ''}
        filenamePlaceholder={t('system.upload.drop')}
        browseButtonText={t('system.upload.browse')}
        clearButtonText={t('system.upload.clear')}
        browseButtonAriaDescribedby="system-upload-notes"
        validated={state === 'warning' ? 'default' : state}
        onFileInputChange={(_event, file) => choose(file)}
        onClearClick={() => choose(undefined)}
      />
    </Field>
  );
}
