// Owns the table of ports of this computer that lead into the machine.
// Must not judge them.
import { Button, Content, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { PlusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { TrashIcon } from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { FieldNotes, stateOf } from './field.tsx';
import type { PortForward } from './form.ts';
import type { StepProps } from './step-props.ts';
import { suggestedSsh } from './suggestions.ts';
import type { Problem } from './validation.ts';
import { PlainNumberInput } from '../../ui/whole-number-input.tsx';

export function PortForwards({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { forwards } = form.network;
  const set = (next: readonly PortForward[]): void => change({ section: 'network', to: { forwards: next } });
  const add = (forward: PortForward): void => set([...forwards, forward]);
  return (
    <FormGroup role="group" label={t('network.forwards')} fieldId="forwards">
      <Content component="p">{t('network.forwardsHelp')}</Content>
      {forwards.length > 0 && (
        <Table variant="compact" borders={false} aria-label={t('network.forwards')}>
          <Thead>
            <Tr>
              <Th>{t('network.forwardName')}</Th>
              <Th>{t('network.protocol')}</Th>
              <Th>{t('network.host')}</Th>
              <Th>{t('network.guest')}</Th>
              <Th screenReaderText={t('network.remove')} />
            </Tr>
          </Thead>
          <Tbody>
            {forwards.map((forward, index) => (
              <ForwardRow
                // Rows have no identity of their own: they are what stands at their place.
                key={`forward-${index}`}
                index={index}
                forward={forward}
                problems={problems}
                onChange={(next) => set(forwards.map((each, at) => (at === index ? next : each)))}
                onRemove={() => set(forwards.filter((_each, at) => at !== index))}
              />
            ))}
          </Tbody>
        </Table>
      )}
      <Button
        variant="link"
        isInline
        icon={<PlusCircleIcon />}
        onClick={() =>
          add(
            forwards.some(({ guest }) => guest === 22)
              ? { name: `port-${forwards.length + 1}`, protocol: 'tcp', host: undefined, guest: undefined }
              : suggestedSsh(forwards, world),
          )
        }
      >
        {t('network.addForward')}
      </Button>
    </FormGroup>
  );
}

interface ForwardRowProps {
  readonly index: number;
  readonly forward: PortForward;
  readonly problems: readonly Problem[];
  readonly onChange: (forward: PortForward) => void;
  readonly onRemove: () => void;
}

function ForwardRow({ index, forward, problems, onChange, onRemove }: ForwardRowProps) {
  const { t } = useTranslation('create');
  const field = `forwards.${index}`;
  const id = `forward-${index}`;
  const row = { number: index + 1 };
  const validated = stateOf(problems, field);
  return (
    <Tr>
      <Td dataLabel={t('network.forwardName')}>
        <TextInput
          id={`${id}-name`}
          value={forward.name}
          aria-label={t('network.rowName', row)}
          spellCheck={false}
          onChange={(_event, name) => onChange({ ...forward, name })}
        />
        <FieldNotes id={id} problems={problems} field={field} help={undefined} />
      </Td>
      <Td dataLabel={t('network.protocol')} className="vd-protocol">
        <FormSelect
          value={forward.protocol}
          aria-label={t('network.rowProtocol', row)}
          onChange={(_event, protocol) => onChange({ ...forward, protocol: protocol === 'udp' ? 'udp' : 'tcp' })}
        >
          <FormSelectOption value="tcp" label="TCP" />
          <FormSelectOption value="udp" label="UDP" />
        </FormSelect>
      </Td>
      <Td dataLabel={t('network.host')}>
        <PlainNumberInput
          id={`${id}-host`}
          value={forward.host}
          label={t('network.rowHost', row)}
          validated={validated}
          onChange={(host) => onChange({ ...forward, host })}
        />
      </Td>
      <Td dataLabel={t('network.guest')}>
        <PlainNumberInput
          id={`${id}-guest`}
          value={forward.guest}
          label={t('network.rowGuest', row)}
          validated={validated}
          onChange={(guest) => onChange({ ...forward, guest })}
        />
      </Td>
      <Td isActionCell>
        <Button variant="plain" icon={<TrashIcon />} aria-label={t('network.rowRemove', row)} onClick={onRemove} />
      </Td>
    </Tr>
  );
}
