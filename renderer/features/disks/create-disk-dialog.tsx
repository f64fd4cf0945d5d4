// Owns making an empty disk.
// Must not fill it; the wizard makes disks that have content.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, NumberInput, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, usePlace } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { blankDisk, diskNameProblem } from './blank-disk.ts';

export function CreateDiskDialog({ taken, onClose }: { readonly taken: readonly string[]; readonly onClose: () => void }) {
  const { t } = useTranslation('disks');
  const client = useClient();
  const { namespace } = usePlace();
  const [name, setName] = useState('');
  const [sizeGiB, setSizeGiB] = useState(20);
  const problem = diskNameProblem(name, { namespace, taken });
  return (
    <FormDialog
      id="disk"
      title={t('create.title')}
      note={t('create.note')}
      button={t('create', { ns: 'words' })}
      failed={t('failed.create')}
      isReady={problem === undefined && Number.isInteger(sizeGiB) && sizeGiB > 0}
      send={() => client.create('datavolumes.cdi.kubevirt.io', blankDisk({ namespace, name, sizeGiB }))}
      onClose={onClose}
    >
      <FormGroup label={t('column.name')} fieldId="disk-name" isRequired>
        <TextInput
          id="disk-name"
          value={name}
          onChange={(_event, text) => setName(text)}
          validated={name !== '' && problem !== undefined ? 'error' : 'default'}
          isRequired
        />
        {name !== '' && problem !== undefined && (
          <FormHelperText>
            <HelperText>
              <HelperTextItem variant="error">{t(`create.invalid.${problem}`)}</HelperTextItem>
            </HelperText>
          </FormHelperText>
        )}
      </FormGroup>
      <FormGroup label={t('create.size')} fieldId="disk-size" isRequired>
        <NumberInput
          inputProps={{ id: 'disk-size' }}
          value={sizeGiB}
          min={1}
          unit="GiB"
          onMinus={() => setSizeGiB(Math.max(1, sizeGiB - 1))}
          onPlus={() => setSizeGiB(sizeGiB + 1)}
          onChange={(event) => setSizeGiB(Number(event.currentTarget.value))}
          minusBtnAriaLabel={t('create.less')}
          plusBtnAriaLabel={t('create.more')}
        />
      </FormGroup>
    </FormDialog>
  );
}
