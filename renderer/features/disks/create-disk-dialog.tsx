// Owns making an empty disk.
// Must not fill it; the wizard makes disks that have content.
import {
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  NumberInput,
  TextInput,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, usePlace } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { blankDisk, diskNameProblem } from './blank-disk.ts';

export function CreateDiskDialog({ taken, onClose }: { readonly taken: readonly string[]; readonly onClose: () => void }) {
  const { t } = useTranslation('disks');
  const client = useClient();
  const { namespace } = usePlace();
  const [name, setName] = useState('');
  const [sizeGiB, setSizeGiB] = useState(20);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const problem = diskNameProblem(name, { namespace, taken });
  const ready = problem === undefined && Number.isInteger(sizeGiB) && sizeGiB > 0 && !busy;
  const create = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.create('datavolumes.cdi.kubevirt.io', blankDisk({ namespace, name, sizeGiB }));
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) void create();
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="disk-title">
      <ModalHeader labelId="disk-title" title={t('create.title')} description={t('create.note')} />
      <ModalBody>
        <Form id="disk-form" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('failed.create')} failure={failureOf(error)} />}
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
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="disk-form" isDisabled={!ready} isLoading={busy}>
          {t('create', { ns: 'words' })}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
