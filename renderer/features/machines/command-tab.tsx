// Owns showing the command that QEMU is started with, each option with the field it came from.
// Must not be a place to edit it.
import { Alert, Content, Skeleton, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { shellText } from './command-text.ts';
import type { MachineView } from './machine-view.ts';
import { TitledCard } from '../../ui/titled-card.tsx';
import { useStartCheck } from './use-start-check.ts';

export function CommandTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const check = useStartCheck(machine);
  if (check.phase === 'failed') return <FormFailure title={t('command.failed')} failure={failureOf(check.error)} />;
  if (check.value === undefined) return <Skeleton height="20rem" screenreaderText={t('check.asking')} />;
  const { command } = check.value;
  if (command === undefined) return <Alert component="p" isInline variant="warning" title={t('command.none')} />;
  return (
    <TitledCard title={t('command.title')}>
      <Toolbar inset={{ default: 'insetNone' }}>
        <ToolbarContent>
          <ToolbarItem alignSelf="center">
            <Content component="p">{t('command.note')}</Content>
          </ToolbarItem>
          <ToolbarItem align={{ default: 'alignEnd' }}>
            <CopyButton text={shellText(command)} label={t('command.copy')} doneLabel={t('copied', { ns: 'words' })} />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Table variant="compact" aria-label={t('command.title')}>
        <Thead>
          <Tr>
            <Th width={15}>{t('command.flag')}</Th>
            <Th width={50}>{t('command.value')}</Th>
            <Th width={35}>{t('command.field')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {command.map(({ flag, value, field, reason }, index) => (
            <Tr key={index}>
              <Td dataLabel={t('command.flag')} className="vd-mono">
                {flag}
              </Td>
              <Td dataLabel={t('command.value')} className="vd-mono" modifier="breakWord">
                {value}
              </Td>
              <Td dataLabel={t('command.field')} modifier="breakWord">
                {field !== undefined && <span className="vd-field">{field}</span>}
                {reason !== undefined && <Content component="small">{reason}</Content>}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </TitledCard>
  );
}
